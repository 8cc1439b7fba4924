/** By which rule pre-copy came to its end, for the result, the trace and whoever reads why. */
import type { MigrationContext } from "./migration-context.ts";

export class PrecopyEnd {
  /** The rule that ended pre-copy, or stopped the guest before that; null where none did. */
  rule: string | null = null;
  /** The guest was stopped for the rest of pre-copy. */
  isPaused = false;

  private readonly context: MigrationContext;
  private pauseReason = "";
  private reason = "";

  constructor(context: MigrationContext) {
    this.context = context;
  }

  pausedBy(rule: string, reason: string): void {
    this.isPaused = true;
    this.rule = rule;
    this.pauseReason = `The guest was stopped with ${reason}. `;
  }

  /** Pre-copy ends as its own rules, or who asked for post-copy, would have it. */
  endedBy(rule: string, reason: string): void {
    if (!this.isPaused) this.rule = rule;
    this.reason = reason;
    this.tell(rule, reason);
  }

  /** The migration is given up from outside; `underWay`: in the middle of pre-copy. */
  abortedBy(rule: string, reason: string, underWay: boolean): void {
    this.rule = rule;
    if (underWay) this.tell(rule, reason);
  }

  /** `what` it ended with or was followed by, then why. */
  sentence(what: string): string {
    return `${this.pauseReason}${what} ${this.reason}.`;
  }

  private tell(rule: string, reason: string): void {
    const { recorder, simulation, migration } = this.context;
    if (!recorder.recording) return;
    recorder.record({ t: simulation.now, type: "migration.precopyEnded", migration, rule, reason });
  }
}
