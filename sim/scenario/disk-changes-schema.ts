/** The file form of disks that come and go while their machines run. */
import { z } from "zod";
import { diskSchema } from "./storage-schema.ts";

const vm = z.string().meta({ description: "The running machine.", examples: ["db01"] });

export const attachDiskSchema = diskSchema
  .extend({ vm })
  .meta({ title: "Disk added", description: "A running machine gets another disk; not while it migrates." });

export const detachDiskSchema = z
  .strictObject({
    vm,
    volume: z
      .string()
      .meta({ description: "The volume of the disk; of several there, the one it got last.", examples: ["Volume1"] }),
  })
  .meta({
    title: "Disk removed",
    description: "A running machine loses a disk, not the one that it starts from; not while it migrates.",
  });
