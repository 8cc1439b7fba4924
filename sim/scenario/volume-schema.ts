/** The file form of a volume. */
import { z } from "zod";
import { SAN_TRANSPORT_NAMES } from "../storage/transports.ts";
import { bytes, bytesPerSecond } from "./quantities.ts";
import { name } from "./schema-terms.ts";

/** A cluster shared volume is an NTFS volume of at most 256 TB (Microsoft, Use Cluster Shared Volumes in a failover cluster). */
const GREATEST_VOLUME_BYTES = 256 * 1024 * 1_073_741_824;

export const volumeSchema = z
  .strictObject({
    name: name().meta({ description: "The volume's name.", examples: ["Volume1"] }),
    kind: z.enum(["csv", "lun"]).default("csv").meta({
      description: "`csv`: a cluster shared volume, used by all nodes at once; `lun`: a disk that one node owns.",
    }),
    coordinator: name()
      .optional()
      .meta({ description: "Of a csv: the node that does its metadata.", examples: ["HV01"] }),
    owner: name()
      .optional()
      .meta({ description: "Of a lun: the node that has it.", examples: ["HV02"] }),
    transport: z
      .enum(SAN_TRANSPORT_NAMES)
      .optional()
      .meta({
        description: "What connects the hosts with it: how much goes to and from it at most. Default fc-4gbit.",
        examples: ["iscsi-1gbe"],
      }),
    throughput: bytesPerSecond()
      .optional()
      .meta({ description: "What its disks give, where that is less. Default: as much.", examples: ["100 MB/s"] }),
    reachedBy: z
      .array(name())
      .min(1)
      .optional()
      .meta({ description: "Nodes with a path to it. Default: all.", examples: [["HV01", "HV02"]] }),
    free: bytes({ least: 0, greatest: GREATEST_VOLUME_BYTES })
      .optional()
      .meta({
        description: "Room for disks that grow, at most 256 TiB. Default: more than they need.",
        examples: ["50 GiB"],
      }),
  })
  .meta({ title: "Volume" });
