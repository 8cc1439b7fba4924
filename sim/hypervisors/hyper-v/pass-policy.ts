/** Hyper-V's rule: so many passes, then the guest is stopped whatever is left. */
import { ANOTHER_ROUND, type PrecopyPolicy } from "../../migration/policy.ts";

/** Stops the guest after `passLimit` passes, or before where no more than `switchoverPages` pages are dirty. */
export function passPolicy(passLimit: number, switchoverPages: number): PrecopyPolicy {
  return ({ round, pendingPages }) => {
    if (pendingPages <= switchoverPages) {
      return {
        kind: "stop-guest",
        rule: "few-pages-left",
        reason: `${pendingPages} dirty pages left after pass ${round}, no more than ${switchoverPages}`,
      };
    }
    if (round >= passLimit) {
      return {
        kind: "stop-guest",
        rule: "pass-limit",
        reason: `pass ${round}, the last of ${passLimit} allowed, and ${pendingPages} pages were still dirty`,
      };
    }
    return ANOTHER_ROUND;
  };
}
