/** What a manager's polls would have seen of a migration, worked out from its rounds. */
import type { PrecopyView } from "./policy.ts";

/**
 * Between two reads of the bitmap what waits only goes down, evenly but for zero pages; so the last poll of a round says
 * all that its polls could have told.
 */
export class PollSampler {
  readonly intervalSeconds: number;
  /** The last poll so far; 0 where there was none. Seconds since the migration began. */
  pollSeconds = 0;
  /** What waited then; null before the first. */
  remainingBytes: number | null = null;
  /** What waited as the round under way began; the whole memory for the first. */
  private roundStartBytes: number | null = null;

  constructor(intervalSeconds: number) {
    this.intervalSeconds = intervalSeconds;
  }

  /** True if a poll fell into the round that ends here, after those seen already: it is the last now. */
  roundEnded({
    elapsedSeconds,
    roundSeconds,
    unsentPages,
    newlyDirtyPages,
    pendingBytes,
    memoryBytes,
  }: PrecopyView): boolean {
    const startBytes = this.roundStartBytes ?? memoryBytes;
    const pages = unsentPages + newlyDirtyPages;
    const endBytes = pages === 0 ? 0 : (pendingBytes * unsentPages) / pages;
    this.roundStartBytes = pendingBytes;
    const startSeconds = elapsedSeconds - roundSeconds;
    const polls = Math.ceil(elapsedSeconds / this.intervalSeconds) - 1;
    const pollSeconds = polls * this.intervalSeconds;
    if (pollSeconds <= this.pollSeconds || pollSeconds < startSeconds) return false;
    this.pollSeconds = pollSeconds;
    this.remainingBytes = startBytes + ((endBytes - startBytes) * (pollSeconds - startSeconds)) / roundSeconds;
    return true;
  }

  /** The manager looked itself. */
  saw(pollSeconds: number, remainingBytes: number): void {
    this.pollSeconds = pollSeconds;
    this.remainingBytes = remainingBytes;
  }
}
