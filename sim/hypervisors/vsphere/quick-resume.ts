/**
 * vSphere 4: the guest is stopped once what is left can be sent quickly. If the passes make no progress, it runs at the
 * target before its last pages are there, which come from the paused source (quick resume); without that the migration
 * is given up.
 */
import { ANOTHER_ROUND, type PrecopyPolicy } from "../../migration/policy.ts";
import { TransmitRate } from "./transmit-rate.ts";

export interface QuickResumeSettings {
  readonly switchoverSeconds: number;
  readonly quickResume: boolean;
  /** A pass makes progress where what it leaves is by this share less than what it sent, 0 to 1. */
  readonly leastProgressShare: number;
  /** What a dirty page will cost on the wire. */
  readonly pageBytes: number;
}

export function quickResumeWithoutProgress(settings: QuickResumeSettings): PrecopyPolicy {
  const { switchoverSeconds, quickResume, leastProgressShare, pageBytes } = settings;
  const rate = new TransmitRate();
  return (view) => {
    const { round, pendingPages, roundBytes } = view;
    rate.see(view);
    const leftBytes = pendingPages * pageBytes;
    if (rate.secondsFor(leftBytes) <= switchoverSeconds) {
      return {
        kind: "stop-guest",
        rule: "left-within-switchover-time",
        reason: `${pendingPages} dirty pages left after pass ${round}, which can be sent within ${switchoverSeconds} s`,
      };
    }
    // Nothing but the first pass sends what was not written: it tells nothing.
    if (round === 1 || leftBytes <= (1 - leastProgressShare) * roundBytes) return ANOTHER_ROUND;
    return {
      kind: quickResume ? "start-post-copy" : "give-up",
      rule: quickResume ? "quick-resume" : "no-progress",
      reason: `${pendingPages} dirty pages left after pass ${round}, about as many as it sent`,
    };
  };
}
