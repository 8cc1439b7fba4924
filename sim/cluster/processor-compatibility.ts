/** Processors of different generations, and what a guest must do without so that it can move between them. */
import type { CpuVendor } from "./node.ts";

/**
 * What processor compatibility mode hides from a guest, whichever host it runs on: Hyper-V in Windows Server 2008 R2.
 * That it leaves only what all processors of a maker have that can virtualise is documented (TechNet dd446679); the list is
 * from memory, and so assumed.
 */
export const MASKED_FEATURES: Readonly<Record<CpuVendor, readonly string[]>> = {
  intel: ["SSSE3", "SSE4.1", "SSE4.2", "POPCNT", "misaligned SSE", "XSAVE", "AVX"],
  amd: ["SSSE3", "SSE4.1", "SSE4A", "SSE5", "POPCNT", "LZCNT", "misaligned SSE", "3DNow!", "extended 3DNow!"],
};

export interface Processors {
  readonly cpuVendor: CpuVendor;
  /** Absent: not said, and nothing is checked. */
  readonly cpuGeneration?: string;
}

/** Whether two hosts' processors are of different generations, as far as both are said. */
export function differInGeneration(one: Processors, other: Processors): boolean {
  return (
    one.cpuVendor === other.cpuVendor &&
    one.cpuGeneration !== undefined &&
    other.cpuGeneration !== undefined &&
    one.cpuGeneration !== other.cpuGeneration
  );
}
