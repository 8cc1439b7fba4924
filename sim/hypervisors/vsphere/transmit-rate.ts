/** The rate that a migration achieves, as vMotion's rules see it. */
import type { PrecopyView } from "../../migration/policy.ts";

/** Of the last round that took time and sent something; null before there was one. */
export class TransmitRate {
  bytesPerSecond: number | null = null;

  see({ roundBytes, roundSeconds }: PrecopyView): void {
    if (roundBytes > 0 && roundSeconds > 0) this.bytesPerSecond = roundBytes / roundSeconds;
  }

  /** Seconds that so many bytes take at this rate. */
  secondsFor(bytes: number): number {
    if (bytes === 0) return 0;
    return this.bytesPerSecond === null ? Number.POSITIVE_INFINITY : bytes / this.bytesPerSecond;
  }
}
