/**
 * How much each page class has written by a given time: the integral of its rate, over its phases and over the share of
 * processor that the guest was given. All in closed form, so that nothing ticks.
 */
import type { PageClass } from "./page-class.ts";

export class WriteActivity {
  readonly classes: readonly PageClass[];
  /** Moments at which the processor share changed, and the guest's processor time until then. */
  private readonly changeSeconds: number[] = [];
  private readonly processorSecondsAtChange: number[] = [];
  private readonly shares: number[] = [];
  private throttled = false;

  constructor(classes: readonly PageClass[]) {
    this.classes = classes;
  }

  /** The share of processor that the guest gets from `atSeconds` on, 0 to 1. Times must not decrease. */
  setProcessorShare(atSeconds: number, share: number): void {
    const processorSeconds = this.processorSeconds(atSeconds);
    this.throttled = true;
    this.changeSeconds.push(atSeconds);
    this.processorSecondsAtChange.push(processorSeconds);
    this.shares.push(share);
  }

  /** Writes of class `index` in (fromSeconds, toSeconds]: an expectation for a uniform class, a count of pages for a sweep. */
  writesBetween(index: number, fromSeconds: number, toSeconds: number): number {
    const pageClass = this.classes[index] as PageClass;
    const from = Math.max(fromSeconds, pageClass.startSeconds);
    const to = Math.min(toSeconds, pageClass.endSeconds);
    if (to <= from) return 0;
    let activeSeconds = to - from;
    if (this.throttled && pageClass.cpuBoundShare > 0) {
      const processorSeconds = this.processorSeconds(to) - this.processorSeconds(from);
      activeSeconds += pageClass.cpuBoundShare * (processorSeconds - activeSeconds);
    }
    return activeSeconds * pageClass.writesPerSecond;
  }

  /** Expected writes to one page of a uniform class in (fromSeconds, toSeconds]: its hazard. */
  hazardBetween(index: number, fromSeconds: number, toSeconds: number): number {
    return this.writesBetween(index, fromSeconds, toSeconds) / (this.classes[index] as PageClass).pages;
  }

  /** Pages that a sweep has written since it started: its head stands at this number modulo its pages. */
  sweptPages(index: number, atSeconds: number): number {
    return Math.floor(this.writesBetween(index, (this.classes[index] as PageClass).startSeconds, atSeconds));
  }

  /** Processor time that the guest had by `atSeconds`; equal to `atSeconds` as long as it was never throttled. */
  private processorSeconds(atSeconds: number): number {
    for (let change = this.changeSeconds.length - 1; change >= 0; change--) {
      const since = this.changeSeconds[change] as number;
      if (atSeconds >= since) {
        return (
          (this.processorSecondsAtChange[change] as number) + (atSeconds - since) * (this.shares[change] as number)
        );
      }
    }
    return atSeconds;
  }
}
