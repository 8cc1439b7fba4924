/** What a hypervisor says of post-copy: the guest goes to the target first, and the pages that are not there yet follow. */
import type { PrecopyDecision, PrecopyPolicy } from "./policy.ts";

export interface PostCopySetup {
  /** Rounds after which post-copy starts; 0 as soon as the connection stands, Infinity only when something asks for it. */
  readonly afterRounds: number;
  /** What starts it after those rounds looks only so often, counted from the start of the migration; 0: at once. */
  readonly pollSeconds: number;
  /** Rate limit of the pages that follow; Infinity for none. Pages that the guest waits for may be exempt. */
  readonly maxBandwidthBytesPerSecond: number;
  /** What sender and target can do together: the target puts each page in its place by itself. */
  readonly placingBytesPerSecond: number;
  /** Pages that the guest waits for have a connection of their own (QEMU: postcopy-preempt). */
  readonly preempt: boolean;
  /** Under a rate limit a page that the guest waits for comes no sooner than the next window. */
  readonly requestsWaitForWindow: boolean;
  /** The window of the rate limit. */
  readonly windowSeconds: number;
  /** Guest memory is backed by pages of so many bytes, which are sent whole. */
  readonly hostPageBytes: number;
  /** Noticing that a page is missing, asking for it, and putting it in its place, beside what the network takes. */
  readonly requestSeconds: number;
  /** Bytes that the source's socket holds. */
  readonly sendBufferBytes: number;
  /** Bytes that the target's socket holds, which fill where the target is slower than the link. */
  readonly receiveBufferBytes: number;
  /** Throwing away at the target one page that was sent and has been written since. */
  readonly discardPageSeconds: number;
  /** A broken connection pauses it, and it can be taken up over a new one; absent or false: the guest is lost with the connection. */
  readonly isRecoverable?: boolean;
  /** Processors of the guest that write memory; each waits for its own pages only. */
  readonly writingProcessors: number;
}

/** The rule that ends pre-copy where its rounds were counted. */
export const POST_COPY_RULE = "post-copy-after-rounds";

/** Asks for post-copy after so many rounds, where `policy` would go on with another. */
export function postCopyAfter(rounds: number, policy: PrecopyPolicy): PrecopyPolicy {
  if (rounds === Number.POSITIVE_INFINITY) return policy;
  return (view): PrecopyDecision => {
    const decision = policy(view);
    if (decision.kind !== "another-round" || view.round < rounds) return decision;
    const reason = `${view.round} ${view.round === 1 ? "pass" : "passes"} of pre-copy`;
    return { kind: "start-post-copy", rule: POST_COPY_RULE, reason };
  };
}
