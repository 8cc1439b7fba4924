/** All migrations of a run, those of the timeline and those that come up while it runs, in the order in which they are asked for. */
import type { MigrationRun } from "./migration-run.ts";

/** Told of every migration, at the present simulated time. */
export interface MigrationRunsObserver {
  /** It has begun: its target's memory is held for it. */
  onMigrationBegun(run: MigrationRun): void;
  onMigrationOver(run: MigrationRun): void;
}

export class MigrationRuns {
  readonly requested: MigrationRun[] = [];
  /** Asked for and not over. */
  readonly open = new Set<MigrationRun>();
  readonly #observers: MigrationRunsObserver[] = [];

  observe(observer: MigrationRunsObserver): void {
    this.#observers.push(observer);
  }

  /** For MigrationRun: it is asked for; returns its index in the result. */
  add(run: MigrationRun): number {
    this.open.add(run);
    return this.requested.push(run) - 1;
  }

  /** For MigrationRun. */
  begun(run: MigrationRun): void {
    for (const observer of this.#observers) observer.onMigrationBegun(run);
  }

  /** For MigrationRun. */
  over(run: MigrationRun): void {
    if (!this.open.delete(run)) return;
    for (const observer of this.#observers) observer.onMigrationOver(run);
  }
}
