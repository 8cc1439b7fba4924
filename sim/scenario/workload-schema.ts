/** The file form of a workload and its page classes. */
import { z } from "zod";
import { count, pageCount, pagePosition, pagesPerSecond, seconds, share } from "./quantities.ts";
import { name, timeLimits } from "./schema-terms.ts";

export const pageClassSchema = z
  .strictObject({
    name: name()
      .optional()
      .meta({ description: "Of the class; default class1, class2, ...", examples: ["hot"] }),
    first: pagePosition()
      .optional()
      .meta({
        description: "First page, counted in the used memory; default: right behind the class before.",
        examples: [0, "10 %", "256 MiB"],
      }),
    pages: pageCount().meta({
      description:
        "How many pages it has: a count, a size, a share of the used memory, or `rest`, all from its first page on.",
      examples: ["20k", "64 MiB", "5 %", "rest"],
    }),
    rate: pagesPerSecond().meta({
      description: "Page writes a second, of the whole class, at full processor share.",
      examples: ["20k pages/s", 300],
    }),
    pattern: z.enum(["uniform", "sweep", "zipf"]).default("uniform").meta({
      description:
        "`uniform`: a random page each write; `sweep`: page after page, cyclic; `zipf`: page of rank k in proportion to k^-exponent.",
    }),
    exponent: z
      .number()
      .min(0)
      .max(2)
      .optional()
      .meta({ description: "Of a zipf class, 0 to 2; default 1.", examples: [1] }),
    from: seconds(timeLimits)
      .prefault(0)
      .meta({ description: "Simulated time at which it starts to write.", examples: ["10 s"] }),
    until: seconds(timeLimits)
      .nullish()
      .meta({ description: "Simulated time at which it stops; default never.", examples: ["1 min"] }),
    cpuBound: share()
      .prefault("100 %")
      .meta({
        description: "How far throttling the guest slows it: 100 % bound by the processor, 0 % not at all.",
        examples: ["100 %"],
      }),
    wordsPerWrite: count({ least: 1, greatest: 64 })
      .optional()
      .meta({
        description:
          "32-bit words that one write changes, one in each 64 bytes of the page: what delta compression sends. Default: the environment's wordsPerWrite.",
        examples: [16],
      }),
  })
  .meta({ title: "Page class", description: "Pages that are written in one way." });

export const workloadSchema = z
  .strictObject({
    preset: z.string().optional().meta({ description: "A preset's name; its classes come first." }),
    name: name()
      .optional()
      .meta({ description: "A name for a workload of one's own.", examples: ["order-database"] }),
    scale: z
      .number()
      .positive()
      .max(1e6)
      .default(1)
      .meta({ description: "Factor on every rate of the preset.", examples: [2] }),
    classes: z
      .array(pageClassSchema)
      .max(256)
      .optional()
      .meta({ description: "Page classes, beside or instead of the preset's." }),
  })
  .meta({ title: "Workload" });
