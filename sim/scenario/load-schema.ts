/** The file form of what machines ask of processors, and of what evens that out over hosts or packs it on few. */
import { z } from "zod";
import { BALANCING_METHODS } from "../orchestration/balancing-methods.ts";
import { furtherKeys, meansFields, parameterValue, queueFields } from "./maintenance-schema.ts";
import { count, logicalProcessors, seconds } from "./quantities.ts";

const time = () => seconds({ least: 0, greatest: 31_536_000, greatestText: "365 d" });

const processors = () => logicalProcessors().meta({ examples: [1.5] });

/** Keys of a machine about what it asks of processors. */
export const demandFields = {
  cpuDemand: z
    .union([
      processors(),
      z
        .array(
          z.strictObject({
            from: time().meta({ description: "Simulated time from which on.", examples: ["8 h"] }),
            processors: processors().meta({ description: "Logical processors that it would keep busy." }),
          }),
        )
        .min(1)
        .max(1000),
    ])
    .optional()
    .meta({
      description:
        "Logical processors of its node that it would keep busy: a number, or phases in order of time. Default: not said.",
      examples: [1.5, [{ from: 0, processors: 0.5 }]],
    }),
};

const until = (what: string) => time().meta({ description: what, examples: ["6 h"] });

const methodNames = BALANCING_METHODS.map(({ name }) => name);

export const balanceSchema = z
  .looseObject({
    method: z
      .union([
        z.string(),
        z
          .looseObject({
            name: z.string().meta({ description: "A method's name.", examples: ["dynamic-optimisation"] }),
          })
          .catchall(parameterValue),
      ])
      .default("dynamic-optimisation")
      .meta({
        description: `What evens the load out, with values of one's own where they differ: ${methodNames.join(", ")}.`,
        examples: ["dynamic-optimisation"],
      }),
    until: until("Simulated time at which it stops. Default: the end of the run.").optional(),
    ...meansFields,
  })
  .catchall(parameterValue)
  .meta({
    title: "Load balancing",
    description: `Moves machines from busy hosts to others, as a manager does by itself. ${furtherKeys}`,
  });

export const consolidateSchema = z
  .looseObject({
    until: until("Simulated time by which all hosts run again: they are powered on early enough to boot."),
    keep: count({ least: 1, greatest: 10_000 })
      .default(1)
      .meta({ description: "Hosts that stay powered on at least.", examples: [2] }),
    moveBack: z.boolean().default(true).meta({ description: "Machines come back once their host is powered on." }),
    power: z.looseObject({}).catchall(parameterValue).prefault({}).meta({
      title: "Power",
      description: "What hosts draw, how long they take to boot, and how far others are filled.",
    }),
    ...meansFields,
    ...queueFields,
  })
  .catchall(parameterValue)
  .meta({
    title: "Consolidation",
    description: `Packs machines on fewer hosts, powers the others off, and brings them back. ${furtherKeys}`,
  });

export type DemandFileEntry = z.output<z.ZodObject<typeof demandFields>>["cpuDemand"];
export type BalanceFileEntry = z.output<typeof balanceSchema>;
