/**
 * How much each page class has written by a given time: the integral of its rate, over its phases and over the share of
 * processor that the guest was given. All in closed form, so that nothing ticks.
 */
import type { PageClass } from "./page-class.ts";
import { type HeldBack, ProcessorPace } from "./processor-pace.ts";

/** One list for all guests that never were: a list of its own takes 32 bytes of each. */
const NEVER_HELD_BACK: readonly ProcessorPace[] = [];

export class WriteActivity {
  readonly classes: readonly PageClass[];
  /** Since each moment at which the guest was held back otherwise than before. */
  private paces: readonly ProcessorPace[] = NEVER_HELD_BACK;
  /** The guest stands still since then; Infinity while it runs. */
  private stillSinceSeconds = Number.POSITIVE_INFINITY;
  private isHung = false;

  constructor(classes: readonly PageClass[]) {
    this.classes = classes;
  }

  /** The share of processor that the guest gets from `atSeconds` on, 0 to 1. Times must not decrease. */
  setProcessorShare(atSeconds: number, share: number): void {
    this.holdBack(atSeconds, { deniedShare: 1 - share, runSeconds: 0, catchUpSeconds: 0 });
  }

  /** The guest is held back so from `atSeconds` on. Times must not decrease. */
  holdBack(atSeconds: number, heldBack: HeldBack): void {
    const pace = new ProcessorPace(atSeconds, this.processorSeconds(atSeconds), heldBack);
    if (this.paces === NEVER_HELD_BACK) this.paces = [pace];
    else (this.paces as ProcessorPace[]).push(pace);
  }

  /** Nothing is written from `atSeconds` on, until `runOn`. */
  standStill(atSeconds: number): void {
    if (!this.isHung) this.stillSinceSeconds = atSeconds;
  }

  /** Nothing is written from `atSeconds` on, whether the guest runs or not, until `boot`. */
  hang(atSeconds: number): void {
    this.standStill(atSeconds);
    this.isHung = true;
  }

  /** It writes as from its start. */
  boot(): void {
    this.isHung = false;
    this.runOn();
  }

  /** Writes as if the guest had never stood still: what it wrote meanwhile is nothing that a log would be asked for. */
  runOn(): void {
    if (this.isHung) return;
    this.stillSinceSeconds = Number.POSITIVE_INFINITY;
  }

  /** Writes of class `index` in (fromSeconds, toSeconds]: an expectation for a uniform class, a count of pages for a sweep. */
  writesBetween(index: number, fromSeconds: number, toSeconds: number): number {
    const pageClass = this.classes[index] as PageClass;
    const from = Math.max(fromSeconds, pageClass.startSeconds);
    const to = Math.min(toSeconds, pageClass.endSeconds, this.stillSinceSeconds);
    if (to <= from) return 0;
    let activeSeconds = to - from;
    if (this.paces.length > 0 && pageClass.cpuBoundShare > 0) {
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

  /** Time's worth of writing that a guest bound by its processor has done by `atSeconds`, which is that if never held back. */
  private processorSeconds(atSeconds: number): number {
    for (let index = this.paces.length - 1; index >= 0; index--) {
      const pace = this.paces[index] as ProcessorPace;
      if (atSeconds >= pace.sinceSeconds) return pace.writtenSeconds(atSeconds);
    }
    return atSeconds;
  }
}
