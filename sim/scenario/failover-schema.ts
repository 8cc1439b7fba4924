/** The file form of failures, hangs and the cluster that notices them. */
import { z } from "zod";
import { seconds } from "./quantities.ts";

/** A parameter's value before its kind is known. */
const parameterValue = z.union([z.string(), z.number(), z.boolean()]);

const presetName = z.string().meta({ description: "A preset's name.", examples: ["failover-clustering-2008r2"] });

export const failoverSchema = z
  .union([
    presetName,
    z
      .looseObject({ preset: presetName })
      .catchall(parameterValue)
      .meta({ title: "Failover", description: "A preset with some of its parameters set otherwise." }),
  ])
  .optional()
  .meta({
    description:
      "How failed nodes and hung guests are noticed and machines restarted: a preset's name, or a preset with values of one's own. Default: nobody restarts anything.",
    examples: ["failover-clustering-2008r2"],
  });

const node = z.string().meta({ description: "The node.", examples: ["HV01"] });

export const failSchema = z
  .strictObject({
    node,
    sinceHeartbeat: seconds({ least: 0, greatest: 1000, greatestText: "1000 s" })
      .optional()
      .meta({
        description: "What had passed since its last heartbeat, at most the interval. Default: drawn.",
        examples: ["400 ms"],
      }),
  })
  .meta({ title: "Failure of a node", description: "A node loses its power, and all that runs there is gone." });

export const recoverSchema = z.strictObject({ node }).meta({
  title: "Recovery of a node",
  description: "A failed node has its power again: it boots (nodeBoot), then it takes machines.",
});

export const hangSchema = z
  .strictObject({ vm: z.string().meta({ description: "The machine.", examples: ["web01"] }) })
  .meta({ title: "Hang of a guest", description: "A guest stops answering while its virtual machine stays on." });

export type FailoverFileEntry = z.output<typeof failoverSchema>;
