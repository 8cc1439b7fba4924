/** A dirty log in which the test says what waits, and which counts what is sent. */
import type { Batches, DirtyLog, PeekedPass, Stretch } from "../../sim/memory/dirty-log.ts";

/** Waiting pages in stretches; the scan passes them in order. A send that the contract forbids throws. */
export class CountingLog implements DirtyLog {
  pendingPages = 0;
  pendingZeroPages = 0;
  sends = 0;
  sentPages = 0;
  sentZeroPages = 0;
  private readonly stretches: Stretch[] = [];
  private lastStartSeconds = 0;

  constructor(stretches: readonly Stretch[]) {
    for (const stretch of stretches) this.add(stretch);
  }

  begin(): void {}

  readonly scanPage = 0;

  waitingIn(): number {
    return this.pendingPages;
  }

  widen(): number {
    return 0;
  }

  sync(): number {
    return 0;
  }

  nextStretch(stretch: Stretch): void {
    stretch.pages = this.stretches[0]?.pages ?? 0;
    stretch.zero = this.stretches[0]?.zero ?? false;
  }

  send(pages: number, fromSeconds: number, toSeconds: number): void {
    const stretch = this.stretches[0];
    if (!(Number.isInteger(pages) && pages > 0 && pages <= (stretch?.pages ?? 0))) {
      throw new Error(`${pages} pages were sent of a stretch of ${stretch?.pages}`);
    }
    // Times may only differ in rounding where one send follows another.
    if (!(toSeconds >= fromSeconds && fromSeconds >= this.lastStartSeconds - 1e-9)) {
      throw new Error(
        `pages were sent from ${fromSeconds} to ${toSeconds} s after those from ${this.lastStartSeconds} s`,
      );
    }
    this.lastStartSeconds = fromSeconds;
    this.sends += 1;
    stretch.pages -= pages;
    this.pendingPages -= pages;
    if (stretch.zero) {
      this.pendingZeroPages -= pages;
      this.sentZeroPages += pages;
    } else {
      this.sentPages += pages;
    }
    if (stretch.pages === 0) this.stretches.shift();
  }

  /** Nothing is ever dirty again. */
  passPeeking({ pages, seconds }: Batches, atSeconds: number, passed: PeekedPass): void {
    passed.pages = 0;
    passed.zeroPages = 0;
    passed.skippedPages = 0;
    while (passed.pages < pages && this.pendingPages > 0) {
      const stretch = this.stretches[0];
      const taken = Math.min(stretch.pages, pages - passed.pages);
      if (stretch.zero) passed.zeroPages += taken;
      this.send(taken, atSeconds, atSeconds + seconds);
      passed.pages += taken;
    }
  }

  /** Pages that join those that wait, behind them. */
  add(stretch: Stretch): void {
    const last = this.stretches.at(-1);
    if (last !== undefined && last.zero === stretch.zero) last.pages += stretch.pages;
    else this.stretches.push({ ...stretch });
    this.pendingPages += stretch.pages;
    if (stretch.zero) this.pendingZeroPages += stretch.pages;
  }
}
