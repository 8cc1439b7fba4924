/** The file form of a machine's clients. */
import { z } from "zod";
import { seconds } from "./quantities.ts";
import { GREATEST_SECONDS, name, parameterValue } from "./schema-terms.ts";

const neighbourSchema = z
  .looseObject({
    kind: z.enum(["linux", "windows", "cisco"]).meta({ description: "Whose ARP cache it is." }),
  })
  .catchall(parameterValue)
  .meta({ title: "ARP cache", description: "An ARP cache with some of its timers set otherwise." });

export const clientSchema = z
  .strictObject({
    name: name()
      .optional()
      .meta({ description: "Default client1, client2, ...", examples: ["office"] }),
    kind: z.enum(["ping", "tcp"]).default("ping").meta({
      description: "`ping`: sends echo requests at a fixed interval; `tcp`: holds one TCP connection.",
    }),
    interval: seconds({ least: 1e-6, leastText: "1 us", greatest: GREATEST_SECONDS, greatestText: "365 d" })
      .prefault("1 s")
      .meta({ description: "Time between two requests.", examples: ["100 ms", "1 s"] }),
    role: z
      .enum(["upload", "request", "download", "push"])
      .optional()
      .meta({
        description:
          "Of a tcp client, who sends: the client all the time (`upload`), the client a request each interval (`request`), the guest all the time (`download`), the guest a little now and then (`push`). Default request.",
        examples: ["upload"],
      }),
    os: z
      .enum(["linux", "windows"])
      .optional()
      .meta({
        description: "Of a tcp client: whose retransmission timers the sender has, client or guest. Default linux.",
        examples: ["windows"],
      }),
    giveUpAfter: seconds({ least: 0, aboveLeast: true, greatest: GREATEST_SECONDS, greatestText: "365 d" })
      .optional()
      .meta({
        description: "Of a tcp client: without progress for so long it gives its session up. Default never.",
        examples: ["20 s"],
      }),
    retransmission: z
      .record(z.string(), parameterValue)
      .optional()
      .meta({
        description: "Of a tcp client: the sender's retransmission timers where they are not those of its os.",
        examples: [{ minimumRto: "300 ms" }],
      }),
    switch: name()
      .optional()
      .meta({ description: "Switch that it is connected to. Default: the network's first.", examples: ["core"] }),
    neighbour: z
      .union([z.enum(["linux", "windows", "cisco"]), neighbourSchema])
      .optional()
      .meta({
        description: "The ARP cache on the way to the guest: its own, or of the gateway before it. Default linux.",
        examples: ["cisco", { kind: "linux", reachable: "5 s", probeDelay: "2 s" }],
      }),
  })
  .meta({ title: "Client" });

export type ClientEntry = z.output<typeof clientSchema>;
