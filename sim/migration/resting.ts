/**
 * A sender that shares its link with many others alike takes its turns later, many at once, as long as none of them can be
 * one at which the round ends: in between it costs nothing, neither for its turns nor for the others' changes of rate.
 */
import type { Simulation } from "../kernel/simulation.ts";
import type { RateHistory, Rester } from "../network/rate-history.ts";
import type { PageSender } from "./page-sender.ts";

export class Resting {
  private readonly simulation: Simulation;
  private readonly sender: PageSender;
  private readonly rester: Rester;
  /** Null while it does not rest. */
  private history: RateHistory | null = null;
  /** Changes of the rate that the sender knows of. */
  private known = 0;
  /** When its next turn is due: past, for one that was not taken yet. */
  private dueSeconds = 0;

  constructor(simulation: Simulation, sender: PageSender, rester: Rester) {
    this.simulation = simulation;
    this.sender = sender;
    this.rester = rester;
  }

  get isUnderWay(): boolean {
    return this.history !== null;
  }

  /** Rests from now on, its next turn being due then; returns until when at the longest, or null where that is too short. */
  begin(history: RateHistory, dueSeconds: number): number | null {
    const untilSeconds = this.sender.undecidedUntilSeconds?.(this.simulation.now, history.mostBytesPerSecond);
    if (untilSeconds === undefined || untilSeconds <= dueSeconds) return null;
    history.join(this.rester);
    this.history = history;
    this.known = history.changedSeconds.length;
    this.dueSeconds = dueSeconds;
    return untilSeconds;
  }

  /** Takes all turns that were due by now. */
  catchUp(): void {
    const { sender, history } = this;
    if (history === null) return;
    const { changedSeconds, ratesBytesPerSecond } = history;
    const { now } = this.simulation;
    for (;;) {
      const dueSeconds = this.dueSeconds;
      if (sender.isCommitted === true) {
        if (dueSeconds > now) return;
        this.learnRate(dueSeconds);
        sender.settle(dueSeconds);
        if (sender.roundIsOver()) throw new Error(`a sender rested past the end of its round at ${dueSeconds} s`);
        this.dueSeconds = sender.advance(dueSeconds);
        continue;
      }
      const changeSeconds =
        this.known < changedSeconds.length ? (changedSeconds[this.known] as number) : Number.POSITIVE_INFINITY;
      const atSeconds = Math.min(dueSeconds, changeSeconds);
      if (atSeconds > now) return;
      sender.settle(atSeconds);
      if (changeSeconds <= dueSeconds) {
        sender.setRate(ratesBytesPerSecond[this.known] as number);
        this.known += 1;
      } else if (sender.roundIsOver()) throw new Error(`a sender rested past the end of its round at ${dueSeconds} s`);
      this.dueSeconds = sender.advance(atSeconds);
    }
  }

  /** Rests no more; returns when its next turn is due. */
  end(): number {
    this.catchUp();
    this.learnRate(this.simulation.now);
    (this.history as RateHistory).leave(this.rester);
    this.history = null;
    return this.dueSeconds;
  }

  /** Of the changes up to then the last one counts. */
  private learnRate(untilSeconds: number): void {
    const { changedSeconds, ratesBytesPerSecond } = this.history as RateHistory;
    const before = this.known;
    while (this.known < changedSeconds.length && (changedSeconds[this.known] as number) <= untilSeconds)
      this.known += 1;
    if (this.known > before) this.sender.setRate(ratesBytesPerSecond[this.known - 1] as number);
  }
}
