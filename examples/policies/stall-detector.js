// @ts-check
/**
 * A stall detector: as long as a migration gets anywhere it is left to the hypervisor. Once what waits after a round has not
 * fallen for PATIENCE rounds, the guest is throttled, harder each time. Where that does not help either, it goes on in
 * post-copy if that can be, or else is stopped, provided that the rest takes no longer than LONGEST_STOP_SECONDS.
 *
 * Try it: precopy run examples/qemu-never-converges.yaml --policy examples/policies/stall-detector.js
 */
import { definePolicy } from "precopy";

/** What counts as getting anywhere: 10 % less than ever before. */
const PROGRESS = 0.9;
/** Rounds without progress before something is done. */
const PATIENCE = 2;
/** Shares of its processor time that the guest is denied, one after the other. */
const THROTTLES = [0.4, 0.8];
const LONGEST_STOP_SECONDS = 5;

export default definePolicy({
  name: "stall-detector",
  begin({ canPostCopy }) {
    let best = Number.POSITIVE_INFINITY;
    let stalled = 0;
    let throttles = 0;
    return ({ proposed, round, pendingBytes, roundBytes, roundSeconds, deniedShare }) => {
      if (proposed.kind !== "another-round") return proposed;
      if (pendingBytes < PROGRESS * best) {
        best = pendingBytes;
        stalled = 0;
        return proposed;
      }
      stalled += 1;
      if (stalled < PATIENCE) return proposed;
      stalled = 0;
      const share = THROTTLES[throttles];
      if (share !== undefined) {
        throttles += 1;
        return { ...proposed, deniedShare: Math.max(share, deniedShare) };
      }
      const seconds = (pendingBytes / roundBytes) * roundSeconds;
      const reason = `no progress in ${PATIENCE} rounds up to round ${round}, and ${seconds.toFixed(1)} s worth of pages left`;
      if (canPostCopy) return { kind: "start-post-copy", rule: "stalled", reason };
      return seconds > LONGEST_STOP_SECONDS ? proposed : { kind: "stop-guest", rule: "stalled", reason };
    };
  },
});
