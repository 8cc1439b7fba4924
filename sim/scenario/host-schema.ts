/** What may be written of a host's platform and processors, and of a machine's processors. */
import { z } from "zod";
import { EDITIONS, PLATFORM_NAMES } from "../cluster/platform-limits.ts";
import { nicSchema } from "./nic.ts";
import { count } from "./quantities.ts";

/** Keys of a node beside its name and memory. */
export const hostFields = {
  cpu: z
    .strictObject({
      vendor: z
        .enum(["intel", "amd"])
        .default("intel")
        .meta({ description: "Maker of the processors; a running machine cannot move between makers." }),
      generation: z
        .string()
        .min(1)
        .max(64)
        .optional()
        .meta({
          description:
            "Their generation, any name: between different ones of a maker only a machine with processorCompatibility moves.",
          examples: ["Nehalem", "Sandy Bridge"],
        }),
    })
    .prefault({})
    .meta({ description: "The processors." }),
  logicalProcessors: count({ least: 1, greatest: 65_536 })
    .optional()
    .meta({ description: "How many logical processors it has; no machine on it may have more.", examples: [16] }),
  platform: z
    .enum(PLATFORM_NAMES)
    .optional()
    .meta({ description: "The release that it runs: what goes beyond its limits is refused. Default: not checked." }),
  edition: z
    .enum(EDITIONS)
    .optional()
    .meta({ description: "The edition of its Windows Server. Default: not checked." }),
  nic: nicSchema.optional(),
  slat: z
    .boolean()
    .optional()
    .meta({
      description:
        "Whether its processors virtualise memory themselves (SLAT: EPT, RVI): what tracking writes costs guests. Default: not modelled.",
      examples: [true],
    }),
};

/** Keys of a machine about its processors. */
export const virtualProcessorFields = {
  vcpus: count({ least: 1, greatest: 4096 })
    .optional()
    .meta({
      description:
        "Its virtual processors; also what QEMU's dirty-limit counts where the migration does not say otherwise.",
      examples: [4],
    }),
  processorCompatibility: z
    .boolean()
    .optional()
    .meta({
      description:
        "Newer features of the processors are hidden from it, so that it moves between generations of a maker. It is set while the machine is off. Default false.",
      examples: [true],
    }),
};
