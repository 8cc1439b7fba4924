/** Tallies of rows that were read back, task by task. */
import { type Cell, columnIndex, INVALID_SCENARIO, NO_MIGRATION, TASK_FAILED } from "./sweep-rows.ts";
import type { Tally } from "./sweep-summary.ts";

export function taskOfRow(cells: readonly Cell[]): number {
  return cells[0] as number;
}

export class RowTallies {
  readonly #seeds: number;
  readonly #outcome: number;
  readonly #total: number;
  readonly #downtime: number;

  /** @param parameters how many the sweep has */
  constructor(parameters: number, seeds: number) {
    this.#seeds = seeds;
    this.#outcome = columnIndex(parameters, "outcome");
    this.#total = columnIndex(parameters, "totalSeconds");
    this.#downtime = columnIndex(parameters, "downtimeSeconds");
  }

  /** The tally of one row. */
  of(cells: readonly Cell[]): Tally {
    const tally = {
      point: Math.floor(taskOfRow(cells) / this.#seeds),
      migrations: 0,
      completed: 0,
      invalid: 0,
      failed: 0,
    };
    const outcome = cells[this.#outcome];
    const totals: number[] = [];
    const downtimes: number[] = [];
    if (outcome === INVALID_SCENARIO) tally.invalid = 1;
    else if (outcome === TASK_FAILED) tally.failed = 1;
    else if (outcome !== NO_MIGRATION) tally.migrations = 1;
    if (outcome === "completed") {
      tally.completed = 1;
      const total = cells[this.#total];
      const downtime = cells[this.#downtime];
      if (typeof total === "number") totals.push(total);
      if (typeof downtime === "number") downtimes.push(downtime);
    }
    return { ...tally, totals, downtimes };
  }
}
