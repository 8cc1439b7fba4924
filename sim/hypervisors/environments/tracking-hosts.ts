/** What tracking a guest's writes costs it: a fault for the first write to each page since tracking was armed. */
import type { ParameterTable } from "../../kernel/parameter.ts";

export const TRACKING_PARAMETERS = {
  slatFaultSeconds: {
    value: 2e-6,
    kind: "seconds",
    provenance: "assumed",
    source:
      "An exit to the hypervisor and back, and an entry of its page table made writable; no document gives a figure.",
    meaning: "First write to a tracked page, memory being virtualised by the processor (SLAT); where a node says slat.",
    least: 0,
    greatest: 0.01,
  },
  shadowFaultSeconds: {
    value: 10e-6,
    kind: "seconds",
    provenance: "assumed",
    source: "The hypervisor walks the guest's page table and mends its shadow as well; no document gives a figure.",
    meaning: "First write to a tracked page without SLAT, by shadow page tables; where a node says slat.",
    least: 0,
    greatest: 0.01,
  },
} as const satisfies ParameterTable;
