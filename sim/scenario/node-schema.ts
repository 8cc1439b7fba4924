/** The file form of a node, and of templates of nodes. */
import { z } from "zod";
import { hostFields } from "./host-schema.ts";
import { bytes, memoryBytes } from "./quantities.ts";
import { name, templateCount } from "./schema-terms.ts";

export const nodeSchema = z
  .strictObject({
    template: z.literal("node").optional().meta({
      description: "Makes `count` nodes of this entry; `{i}` in a text is 1, 2, ... and `{i:2}` is 01, 02, ...",
    }),
    count: templateCount()
      .optional()
      .meta({ description: "How many nodes the template makes.", examples: [3] }),
    name: name().meta({ description: "The node's name.", examples: ["HV01", "HV{i:2}"] }),
    memory: memoryBytes().meta({ description: "Memory for virtual machines, at most 1 PiB.", examples: ["32 GiB"] }),
    ...hostFields,
    systemDrive: z
      .string()
      .regex(/^[A-Za-z]:$/, { error: "a drive letter is one letter and a colon" })
      .default("C:")
      .meta({
        description: "Drive letter of the system volume; the same on all nodes that share a cluster shared volume.",
        examples: ["C:"],
      }),
    reserve: bytes({ least: 0, greatest: 1e15 })
      .optional()
      .meta({
        description: "Memory that placement leaves free for the host itself. Default none.",
        examples: ["2 GiB"],
      }),
  })
  .meta({
    examples: [{ name: "HV01", memory: "32 GiB" }],
    title: "Node",
    description: "A host, or a template of hosts.",
  });
