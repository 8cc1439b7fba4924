/** When QEMU stops the guest. */
import { ANOTHER_ROUND, type PrecopyPolicy } from "../../migration/policy.ts";

/**
 * Done when nothing is left, or less than the threshold (migration_iteration_run). It never gives up. As long as the
 * threshold is 0, in the first window, that nothing was left is enough: QEMU does not read the bitmap then.
 */
export const belowThreshold: PrecopyPolicy = ({ round, unsentPages, pendingPages, pendingBytes, thresholdBytes }) => {
  if (pendingPages === 0 || (unsentPages === 0 && thresholdBytes === 0)) {
    return { kind: "stop-guest", rule: "nothing-left", reason: `nothing left after pass ${round}` };
  }
  if (thresholdBytes !== null && pendingBytes < thresholdBytes) {
    return {
      kind: "stop-guest",
      rule: "remaining-below-threshold",
      reason: `${pendingBytes} bytes left after pass ${round}, fewer than the threshold of ${Math.floor(thresholdBytes)}`,
    };
  }
  return ANOTHER_ROUND;
};
