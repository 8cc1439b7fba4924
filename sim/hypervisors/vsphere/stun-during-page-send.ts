/**
 * vSphere 5 and later: the guest is stopped once what is left can be sent quickly. If it dirties pages faster than they go
 * out, its processors are put to sleep for moments (stun during page send) until it no longer does.
 */
import type { PrecopyPolicy, PrecopyView } from "../../migration/policy.ts";
import { TransmitRate } from "./transmit-rate.ts";

export interface StunSettings {
  readonly switchoverSeconds: number;
  /** Whether the guest is held back at all. */
  readonly stunsDuringPageSend: boolean;
  /** It is, once it dirties so much of the rate achieved, above 0 to 1. */
  readonly stunFromShare: number;
  /** The guest is held back to dirty so much of the rate achieved, 0 to 1. */
  readonly dirtyingShare: number;
  /** The most of its processor time that it is denied, 0 to 1. */
  readonly greatestDeniedShare: number;
  /** What a dirty page will cost on the wire. */
  readonly pageBytes: number;
}

export function stunDuringPageSend(settings: StunSettings): PrecopyPolicy {
  const rate = new TransmitRate();
  return (view) => {
    rate.see(view);
    const leftSeconds = rate.secondsFor(view.pendingPages * settings.pageBytes);
    if (leftSeconds <= settings.switchoverSeconds) {
      return {
        kind: "stop-guest",
        rule: "left-within-switchover-time",
        reason: `${view.pendingPages} dirty pages left after pass ${view.round}, which can be sent within ${settings.switchoverSeconds} s`,
      };
    }
    return { kind: "another-round", deniedShare: settings.stunsDuringPageSend ? deniedShareAfter(view, settings) : 0 };
  };
}

/**
 * Nothing as long as the guest dirties less than (its share of) what goes out. Then, and as long as it is held back, so much that it will
 * dirty `dirtyingShare` of what goes out, its writes being taken to follow its processor time.
 */
function deniedShareAfter(view: PrecopyView, settings: StunSettings): number {
  const dirtiedBytes = view.newlyDirtyPages * settings.pageBytes;
  if (view.deniedShare === 0 && dirtiedBytes < settings.stunFromShare * view.roundBytes) return 0;
  if (dirtiedBytes === 0) return 0;
  const givenShare = (1 - view.deniedShare) * ((settings.dirtyingShare * view.roundBytes) / dirtiedBytes);
  return Math.min(settings.greatestDeniedShare, Math.max(0, 1 - givenShare));
}
