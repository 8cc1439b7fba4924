/** How far a machine is on its way: the share of its memory that the target has as it is, over the whole of one migration. */
import type { ScenarioPageClass } from "../simulator.ts";
import { bisectRight } from "./bisect.ts";
import type { MigrationSummary } from "./migrations.ts";
import { addRoundEvent, growthShareOf, type Round, roundProgress } from "./rounds.ts";
import type { TraceIndex } from "./trace-index.ts";

interface Stretch {
  startSeconds: number;
  endSeconds: number;
  from: number;
  to: number;
}

export class MoveCourse {
  private readonly rounds: Round[] = [];
  /** Post-copy, and what a quick migration writes and reads: the share grows evenly in each. */
  private readonly stretches: Stretch[] = [];
  private memoryPages = 0;
  private readonly classes: readonly ScenarioPageClass[];

  /** @param classes of the guest's pages: between two counts of the trace, pages are dirtied as they would dirty them */
  constructor(index: TraceIndex, migration: Pick<MigrationSummary, "index">, classes: readonly ScenarioPageClass[]) {
    this.classes = classes;
    for (const event of index.read(index.ofMigration(migration.index))) {
      if (event.type === "migration.started") this.memoryPages = event.memoryPages;
      else if (event.type === "migration.postcopyStarted") {
        const from = this.memoryPages > 0 ? 1 - event.pagesLeft / this.memoryPages : 0;
        this.open(event.t, from, 1);
      } else if (event.type === "migration.postcopyEnded") this.close(event.t);
      else if (event.type === "blackout.partStarted") {
        // On disk the memory is half way.
        if (event.part === "save-state") this.open(event.t, 0, 0.5);
        else if (event.part === "restore-state") this.open(event.t, 0.5, 1);
      } else if (event.type === "blackout.partEnded") {
        if (event.part === "save-state" || event.part === "restore-state") this.close(event.t);
      } else addRoundEvent(this.rounds, event);
    }
    for (const [place, round] of this.rounds.entries()) {
      if (!round.complete) round.endSeconds = this.rounds[place + 1]?.startSeconds ?? Number.POSITIVE_INFINITY;
    }
  }

  /** 0 to 1. */
  shareAt(t: number): number {
    const stretch = this.stretches[bisectRight(this.stretches, t, (each) => each.startSeconds) - 1];
    if (stretch !== undefined) {
      const length = stretch.endSeconds - stretch.startSeconds;
      const passed = length > 0 ? Math.min(1, (t - stretch.startSeconds) / length) : 1;
      return bounded(stretch.from + (stretch.to - stretch.from) * passed);
    }
    const round = this.rounds[bisectRight(this.rounds, t, (each) => each.startSeconds) - 1];
    if (round === undefined || this.memoryPages === 0) return 0;
    const { pendingPages, newlyDirtyPages } = roundProgress(round, t, growthShareOf(round, this.classes));
    return bounded(1 - (pendingPages + newlyDirtyPages) / this.memoryPages);
  }

  private open(startSeconds: number, from: number, to: number): void {
    this.stretches.push({ startSeconds, endSeconds: Number.POSITIVE_INFINITY, from, to });
  }

  private close(t: number): void {
    const open = this.stretches.at(-1);
    if (open !== undefined) open.endSeconds = t;
  }
}

function bounded(share: number): number {
  return Math.min(1, Math.max(0, share));
}
