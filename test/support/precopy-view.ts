/** What a policy sees, for tests of policies. */
import type { PrecopyView } from "../../sim/migration/policy.ts";

export function precopyView(changes: Partial<PrecopyView> = {}): PrecopyView {
  const pendingPages = changes.pendingPages ?? 1000;
  return {
    round: 1,
    roundSeconds: 1,
    roundBytes: 1e9,
    roundPages: 250_000,
    roundSkippedPages: 0,
    unsentPages: 1,
    newlyDirtyPages: pendingPages - 1,
    deniedShare: 0,
    pendingPages,
    pendingBytes: pendingPages * 4096,
    thresholdBytes: null,
    elapsedSeconds: 1,
    transferredBytes: 1e9,
    memoryBytes: 4e9,
    ...changes,
  };
}
