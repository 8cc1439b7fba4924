/** The file form of what a timeline does with nodes: drain, maintenance, resume. */
import { z } from "zod";
import { PLACEMENT_GOALS } from "../orchestration/placement.ts";
import { QUEUE_ORDERS } from "../orchestration/queue-order.ts";
import { count, seconds } from "./quantities.ts";

const slotCount = (what: string) =>
  count({ least: 1, greatest: 100_000 })
    .optional()
    .meta({ description: `Migrations under way at a time, at most: ${what}.`, examples: [2] });

/** How long nodes are under maintenance. */
const duration = () => seconds({ least: 0, greatest: 31_536_000, greatestText: "365 d" });

/** A parameter's value before its kind is known. */
export const parameterValue = z.union([z.string(), z.number(), z.boolean()]);

/** How machines are migrated. */
export const meansFields = {
  profile: z.string().meta({ description: "Whose rules the migrations follow.", examples: ["hyper-v-2008r2"] }),
  mode: z.enum(["live", "quick", "post-copy"]).default("live").meta({ description: "How machines move." }),
  manager: z
    .union([
      z.string(),
      z
        .looseObject({ name: z.string().meta({ description: "A manager's name.", examples: ["nova"] }) })
        .catchall(parameterValue),
    ])
    .optional()
    .meta({ description: "What drives the hypervisor and steps in. Default: nothing.", examples: ["nova"] }),
  slots: z
    .strictObject({
      source: slotCount("away from one node"),
      target: slotCount("to one node"),
      network: slotCount("over the migration network"),
      cluster: slotCount("in the whole cluster"),
    })
    .prefault({})
    .meta({ description: "Limits beside the profile's own on what a node takes part in." }),
};

/** In which order a node's machines move. */
export const queueFields = {
  order: z.enum(QUEUE_ORDERS).default("priority").meta({
    description: "In which order machines move; equal ones as they are listed.",
  }),
  wave: count({ least: 1, greatest: 100_000 })
    .optional()
    .meta({
      description:
        "Machines are asked to move in batches of so many, each once the one before is over. Default: the profile's batch, else all at once, each as a slot comes free.",
      examples: [10],
    }),
};

const evacuation = {
  ...meansFields,
  ...queueFields,
  placement: z.enum(PLACEMENT_GOALS).default("spread").meta({
    description:
      "`spread`: to the node with the largest share of its memory free; `pack`: to the one with the smallest.",
  }),
  targets: z
    .array(z.string())
    .min(1)
    .optional()
    .meta({ description: "The nodes that may receive. Default: all others.", examples: [["HV02", "HV03"]] }),
  moveBack: z
    .boolean()
    .default(false)
    .meta({ description: "Its machines come back once the node is out of maintenance." }),
};

export const furtherKeys = "Further keys set parameters of the profile.";

export const drainSchema = z
  .looseObject({
    node: z.string().meta({ description: "The node to empty.", examples: ["HV01"] }),
    duration: duration()
      .optional()
      .meta({
        description: "How long it is in maintenance once empty. Default: until resumed, else to the end.",
        examples: ["20 min"],
      }),
    ...evacuation,
  })
  .catchall(parameterValue)
  .meta({ title: "Drain", description: `Moves all machines off a node, which then is in maintenance. ${furtherKeys}` });

export const maintenanceSchema = z
  .looseObject({
    nodes: z
      .union([z.literal("all"), z.array(z.string()).min(1).max(10_000)])
      .default("all")
      .meta({ description: "Which nodes, in this order; `all` in the order of the scenario.", examples: ["all"] }),
    atOnce: count({ least: 1, greatest: 10_000 })
      .default(1)
      .meta({ description: "Nodes being emptied or in maintenance at a time.", examples: [1] }),
    duration: duration().meta({ description: "How long each is in maintenance once empty.", examples: ["20 min"] }),
    ...evacuation,
  })
  .catchall(parameterValue)
  .meta({
    title: "Rolling maintenance",
    description: `Empties one node after the other for its maintenance. ${furtherKeys}`,
  });

export const resumeSchema = z
  .strictObject({ node: z.string().meta({ description: "The node in maintenance.", examples: ["HV01"] }) })
  .meta({ title: "Resume", description: "The node takes machines again; those that are to move back do." });

export type DrainFileEntry = z.output<typeof drainSchema>;
export type MaintenanceFileEntry = z.output<typeof maintenanceSchema>;
