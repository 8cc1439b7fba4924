/** The file form of a network. */
import { z } from "zod";
import { bytes, bytesPerSecond, count, seconds, share } from "./quantities.ts";
import { name } from "./schema-terms.ts";
import { switchSchema } from "./switches.ts";
import { teamSchema } from "./team.ts";

export const networkSchema = z
  .strictObject({
    name: name().meta({ description: "The network's name.", examples: ["live-migration"] }),
    bandwidth: bytesPerSecond().meta({
      description:
        "Signalling rate of one direction, framing included, as printed on the port. A number is bytes per second.",
      examples: ["1 Gbit/s", "10 Gbit/s"],
    }),
    latency: seconds({ least: 0, greatest: 10, greatestText: "10 s" })
      .prefault("0.1 ms")
      .meta({ description: "One way. A number is seconds.", examples: ["0.1 ms"] }),
    mtu: bytes({ least: 576, greatest: 65_535 })
      .prefault(1500)
      .meta({ description: "Largest IP packet, bytes, 576 to 65535.", examples: [1500, 9000] }),
    frameLoss: share()
      .prefault("0 %")
      .meta({ description: "Share of announcement frames (ARP, RARP) that are lost.", examples: ["0 %", "10 %"] }),
    queue: bytes({ least: 1514, greatest: 1e12 })
      .optional()
      .meta({
        description:
          "What waits before its slowest part, a drop-tail queue; smaller ones keep TCP's send buffers small. Default: large enough for them to fill.",
        examples: ["300 KB"],
      }),
    packetLoss: share()
      .optional()
      .meta({
        description: "Share of packets lost at random: it limits each TCP connection. Default none.",
        examples: ["0.01 %"],
      }),
    switches: z
      .array(switchSchema)
      .min(1)
      .max(1000)
      .optional()
      .meta({
        description: "Its switches, a tree with the top one first; each learns from frames that pass it. Default: one.",
        examples: [[{ name: "core" }, { name: "rack1", uplink: "core", nodes: ["HV01"] }]],
      }),
    vlan: count({ least: 1, greatest: 4094 })
      .optional()
      .meta({
        description: "VLAN whose tag its frames carry, 4 bytes in each. Default: none.",
        examples: [20],
      }),
    team: teamSchema.optional(),
    carries: z
      .array(z.enum(["migration", "cluster", "client", "backup"]))
      .min(1)
      .meta({
        description: "What the network is for.",
        examples: [["migration"], ["cluster"], ["client"], ["backup"]],
      }),
  })
  .meta({ title: "Network" });
