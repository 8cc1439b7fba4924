/** The file form of a virtual machine, and of templates of machines. */
import { z } from "zod";
import { ANNOUNCING_DRIVERS } from "../network/guest-announcement.ts";
import { clientSchema } from "./client-schema.ts";
import { dynamicMemorySchema } from "./dynamic-memory.ts";
import { virtualProcessorFields } from "./host-schema.ts";
import { demandFields } from "./load-schema.ts";
import { aboveZeroShare, amountOfMemory, count, memoryBytes, seconds } from "./quantities.ts";
import { name, templateCount, timeLimits } from "./schema-terms.ts";
import { diskSchema, ioSchema } from "./storage-schema.ts";
import { workloadSchema } from "./workload-schema.ts";

export const vmSchema = z
  .strictObject({
    template: z.literal("vm").optional().meta({
      description: "Makes `count` machines of this entry; `{i}` in a text is 1, 2, ... and `{i:2}` is 01, 02, ...",
    }),
    count: templateCount()
      .optional()
      .meta({ description: "How many machines the template makes.", examples: [40] }),
    copies: templateCount()
      .optional()
      .meta({
        description: "Each of them so many times: `{j}` in a text is 1, 2, ... among the copies. Default 1.",
        examples: [20],
      }),
    name: name().meta({ description: "The machine's name.", examples: ["web01", "web{i:2}"] }),
    node: name().meta({ description: "Where it runs at the start.", examples: ["HV01"] }),
    memory: memoryBytes().meta({
      description: "Its memory, in whole pages of 4 KiB (rounded down).",
      examples: ["4 GiB"],
    }),
    dynamicMemory: dynamicMemorySchema.optional(),
    ...virtualProcessorFields,
    ...demandFields,
    used: amountOfMemory()
      .prefault("100 %")
      .meta({
        description: "The part that is not zero at the start: a share of the memory or a size.",
        examples: ["70 %", "2 GiB"],
      }),
    compressesTo: aboveZeroShare()
      .optional()
      .meta({
        description:
          "Share of its size to which a page in use compresses: what compression sends. Default: the environment's compressesTo.",
        examples: ["40 %"],
      }),
    catchUp: seconds(timeLimits)
      .optional()
      .meta({
        description:
          "How much of each sleep that throttling forces on it the machine makes up, by writing what it owes as soon as it runs again. Default: none; what it did not write is lost.",
        examples: ["2 ms"],
      }),
    workload: z
      .union([z.string(), workloadSchema])
      .optional()
      .meta({
        description: "How it writes to its memory: a preset's name, or classes of one's own. Default: not at all.",
        examples: ["web-server"],
      }),
    disks: z
      .array(z.union([name(), diskSchema]))
      .default([])
      .meta({ description: "Volumes that hold its disks, by name or with the kind of disk.", examples: [["Volume1"]] }),
    io: ioSchema.optional(),
    integrationServices: z
      .boolean()
      .optional()
      .meta({
        description:
          "Whether the guest has them: without, a backup saves it to disk and restores it (up to 2012 R2). Default true.",
        examples: [false],
      }),
    possibleOwners: z
      .array(name())
      .min(1)
      .optional()
      .meta({ description: "Nodes that it may run on. Default: all.", examples: [["HV01", "HV02"]] }),
    affinity: name()
      .optional()
      .meta({
        description: "Placement keeps machines with the same name here on one node.",
        examples: ["shop"],
      }),
    antiAffinity: name()
      .optional()
      .meta({
        description: "Placement keeps machines with the same name here on different nodes.",
        examples: ["domain-controllers"],
      }),
    priority: z
      .enum(["high", "medium", "low", "none"])
      .optional()
      .meta({
        description:
          "In which order a node is emptied, and what has died is restarted; `none` is not restarted. Default medium.",
        examples: ["high"],
      }),
    bootTime: seconds({ least: 0, greatest: 86_400, greatestText: "1 d" })
      .optional()
      .meta({
        description: "From power on until its guest answers its clients. Default: the failover preset's boot.",
        examples: ["40 s"],
      }),
    mac: z
      .string()
      .regex(/^[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}$/, { error: "a MAC address is six pairs of hexadecimal digits" })
      .optional()
      .meta({
        description: "Of its network adapter; default 00:15:5D:00:00:01 and up.",
        examples: ["00:15:5D:00:00:01"],
      }),
    ip: z
      .ipv4({ error: "not an IPv4 address" })
      .optional()
      .meta({ description: "Default 192.0.2.1 and up, addresses for documentation.", examples: ["192.0.2.1"] }),
    deafAfterResume: seconds(timeLimits)
      .optional()
      .meta({
        description:
          "So long after it runs again it neither hears nor is heard, as where its driver reports a change of link. Default not at all.",
        examples: ["2 s"],
      }),
    announces: z.enum(ANNOUNCING_DRIVERS).optional().meta({
      description:
        "The driver by which the guest announces itself once it runs elsewhere, beside its host: `netvsc-before-2017` has its link down for 2 s first. Default: it does not.",
    }),
    guestVlan: count({ least: 1, greatest: 4094 })
      .optional()
      .meta({
        description:
          "VLAN whose tag the guest itself puts on its frames, over a trunk: what its host announces is in another VLAN. Default: none.",
        examples: [20],
      }),
    clients: z.array(clientSchema).max(1000).default([]).meta({ description: "Who uses it from outside." }),
  })
  .meta({
    title: "Virtual machine",
    examples: [{ name: "web01", node: "HV01", memory: "4 GiB" }],
    description: "A virtual machine, or a template of them.",
  });
