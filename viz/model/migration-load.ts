/** How many migrations wait and how many are under way, over the whole trace. */
import { bisectRight } from "./bisect.ts";
import type { MigrationSummary } from "./migrations.ts";

/** Counts from a moment on, until the next step's. */
export interface LoadStep {
  startSeconds: number;
  waiting: number;
  underWay: number;
  /** Ended, whatever the outcome. */
  done: number;
}

export function migrationLoad(migrations: readonly MigrationSummary[]): LoadStep[] {
  const changes: { t: number; waiting: number; underWay: number; done: number }[] = [];
  for (const { requestedSeconds, startSeconds, endSeconds } of migrations) {
    changes.push({ t: requestedSeconds, waiting: 1, underWay: 0, done: 0 });
    if (startSeconds !== null) changes.push({ t: startSeconds, waiting: -1, underWay: 1, done: 0 });
    if (endSeconds === null) continue;
    const left = startSeconds === null ? { waiting: -1, underWay: 0 } : { waiting: 0, underWay: -1 };
    changes.push({ t: endSeconds, ...left, done: 1 });
  }
  changes.sort((a, b) => a.t - b.t);
  const steps: LoadStep[] = [];
  let now = { waiting: 0, underWay: 0, done: 0 };
  for (const change of changes) {
    now = {
      waiting: now.waiting + change.waiting,
      underWay: now.underWay + change.underWay,
      done: now.done + change.done,
    };
    const last = steps.at(-1);
    if (last !== undefined && last.startSeconds === change.t) Object.assign(last, now);
    else steps.push({ startSeconds: change.t, ...now });
  }
  return steps;
}

const NOTHING: LoadStep = { startSeconds: 0, waiting: 0, underWay: 0, done: 0 };

export function loadAt(steps: readonly LoadStep[], t: number): LoadStep {
  return steps[bisectRight(steps, t, (step) => step.startSeconds) - 1] ?? NOTHING;
}
