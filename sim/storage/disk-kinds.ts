/** Kinds of virtual disks, and what each costs. */
import type { ParameterTable, ParameterValues } from "../kernel/parameter.ts";

export const DISK_KINDS = ["fixed", "dynamic", "differencing", "pass-through"] as const;
export type DiskKind = (typeof DISK_KINDS)[number];

export const DISK_PARAMETERS = {
  dynamicDiskShare: {
    value: 0.9,
    kind: "share",
    provenance: "assumed",
    source: "Windows Server 2008 R2 brought dynamically expanding disks close to fixed ones; no figure was read.",
    meaning: "Share of its volume's throughput that one machine gets through dynamically expanding disks.",
    least: 0.01,
    greatest: 1,
  },
  differencingDiskShare: {
    value: 0.75,
    kind: "share",
    provenance: "assumed",
    source: "A lookup in the chain of parents beside that of a dynamically expanding disk; no figure was read.",
    meaning: "Share of its volume's throughput that one machine gets through differencing disks.",
    least: 0.01,
    greatest: 1,
  },
} as const satisfies ParameterTable;

/** Share of a volume's throughput that one machine gets through disks of this kind. */
export function throughputShare(kind: DiskKind, parameters: ParameterValues<typeof DISK_PARAMETERS>): number {
  if (kind === "dynamic") return parameters.dynamicDiskShare;
  return kind === "differencing" ? parameters.differencingDiskShare : 1;
}

/** Whether writes can need new room on the volume, which its coordinator gives. */
export function grows(kind: DiskKind): boolean {
  return kind === "dynamic" || kind === "differencing";
}
