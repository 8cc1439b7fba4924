/** What the tracking of its writes cost a guest while pre-copy went on. */
import type { EnvironmentValues } from "../hypervisors/environments/host-parameters.ts";
import type { DirtyTrackingResult, RoundResult } from "../trace/migration-result.ts";

/**
 * Each page that a read of the bitmap finds newly dirty was written first once since tracking was armed: a fault. Its time is
 * taken from one processor; the guest is taken to write as much as before, so that where the share is large it is too small a price.
 *
 * @param processors Of the guest.
 */
export function trackingCost(
  rounds: readonly RoundResult[],
  hasSlat: boolean,
  processors: number,
  { slatFaultSeconds, shadowFaultSeconds }: EnvironmentValues,
): DirtyTrackingResult {
  let faults = 0;
  let runningSeconds = 0;
  for (const { final, newlyDirtyPages, durationSeconds } of rounds) {
    if (final) continue;
    faults += newlyDirtyPages;
    runningSeconds += durationSeconds;
  }
  const seconds = faults * (hasSlat ? slatFaultSeconds : shadowFaultSeconds);
  const share = runningSeconds === 0 ? 0 : Math.min(1, seconds / (runningSeconds * processors));
  return { faults, seconds, share };
}
