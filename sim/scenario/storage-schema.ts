/** The file form of disks, their I/O, and what happens to volumes. */
import { z } from "zod";
import { DISK_KINDS } from "../storage/disk-kinds.ts";
import { bytesPerSecond } from "./quantities.ts";

export const diskSchema = z.strictObject({
  volume: z.string().meta({ description: "The volume that holds it.", examples: ["Volume1"] }),
  kind: z.enum(DISK_KINDS).default("fixed").meta({
    description:
      "`fixed`; `dynamic`, which grows as it is written; `differencing`, which keeps what differs from a parent; `pass-through`, a whole LUN without a file.",
  }),
});

export const ioSchema = z
  .strictObject({
    read: bytesPerSecond()
      .optional()
      .meta({ description: "What it wants to read, spread over its disks.", examples: ["20 MB/s"] }),
    write: bytesPerSecond()
      .optional()
      .meta({ description: "What it wants to write, spread over its disks.", examples: ["5 MB/s"] }),
    grow: bytesPerSecond()
      .optional()
      .meta({
        description: "Of that, what goes to blocks not written before: dynamic and differencing disks grow by it.",
        examples: ["1 MB/s"],
      }),
  })
  .meta({ title: "Disk I/O", description: "What a machine reads and writes while it runs." });

const pathSchema = z.strictObject({
  node: z.string().meta({ description: "The node.", examples: ["HV02"] }),
  path: z.enum(["san", "network"]).default("san").meta({
    description: "`san`: to the storage; `network`: over the cluster network to the volume's coordinator.",
  }),
  volume: z
    .string()
    .optional()
    .meta({ description: "The volume. Default: all.", examples: ["Volume1"] }),
});

export const losePathSchema = pathSchema.meta({ title: "Path lost", description: "A node loses its way to a volume." });
export const restorePathSchema = pathSchema.meta({
  title: "Path back",
  description: "A node has its way to a volume again.",
});

export const moveOwnerSchema = z
  .strictObject({
    volume: z.string().meta({ description: "A cluster shared volume.", examples: ["Volume1"] }),
    to: z.string().meta({ description: "Its next coordinator.", examples: ["HV02"] }),
  })
  .meta({ title: "Move of ownership", description: "A cluster shared volume gets another coordinator; guests go on." });
