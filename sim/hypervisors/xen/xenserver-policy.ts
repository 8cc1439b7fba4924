/** When XenServer 5 and 6 suspend the guest, and how fast their adaptive builds send (tools/libxc/xc_domain_save.c, Xen 4.1). */
import { PAGE_BYTES } from "../../memory/page-class.ts";
import type { PrecopyDecision, PrecopyPolicy } from "../../migration/policy.ts";

export interface XenServerRules {
  readonly roundLimit: number;
  /** Pages sent may be so many times those of memory. */
  readonly memoryFactor: number;
  readonly fewPages: number;
  /** Builds with ADAPTIVE_SAVE only. */
  readonly adaptiveRate: boolean;
  readonly startRateBytesPerSecond: number;
  readonly rateStepBytesPerSecond: number;
  readonly maxRateBytesPerSecond: number;
}

/** Asked as a round ends, before the bitmap is read: it goes by what the round sent. The rate is set after the read. */
export function xenServerPolicy(rules: XenServerRules): PrecopyPolicy {
  let sentPages = 0;
  let sentLastRound = Number.POSITIVE_INFINITY;
  let rateBytesPerSecond = rules.startRateBytesPerSecond;
  return ({ round, roundPages, roundSkippedPages, roundSeconds, newlyDirtyPages, memoryBytes }): PrecopyDecision => {
    sentPages += roundPages;
    const grows = roundPages > sentLastRound;
    sentLastRound = roundPages;
    const stop = (rule: string, reason: string): PrecopyDecision => ({ kind: "stop-guest", rule, reason });
    if (roundPages + roundSkippedPages < rules.fewPages) {
      const pages = roundPages + roundSkippedPages;
      return stop("few-pages-left", `round ${round}, of ${pages} dirty pages, fewer than ${rules.fewPages}`);
    }
    if (round >= rules.roundLimit) {
      return stop("round-limit", `round ${round}, the last of ${rules.roundLimit} allowed`);
    }
    if (sentPages > rules.memoryFactor * (memoryBytes / PAGE_BYTES)) {
      return stop(
        "sent-too-much",
        `${sentPages} pages sent by round ${round}, over ${rules.memoryFactor} times memory`,
      );
    }
    if (!rules.adaptiveRate) return { kind: "another-round" };
    if (grows && rateBytesPerSecond >= rules.maxRateBytesPerSecond) {
      return stop("no-progress", `round ${round}, of more pages than the one before it, at the greatest rate`);
    }
    const dirtiedBytesPerSecond = roundSeconds > 0 ? (newlyDirtyPages * PAGE_BYTES) / roundSeconds : 0;
    if (dirtiedBytesPerSecond > rateBytesPerSecond) {
      rateBytesPerSecond = Math.min(rules.maxRateBytesPerSecond, dirtiedBytesPerSecond + rules.rateStepBytesPerSecond);
      return { kind: "another-round", limits: { maxBandwidthBytesPerSecond: rateBytesPerSecond } };
    }
    return { kind: "another-round" };
  };
}
