/** Questions of many runs, asked of a worker of their own: a curve over one number, and many seeds. Both come in bit by bit. */
import { between, type CurvePoint, cliffs, curveValues } from "../model/cliff.ts";
import { type WhatIf, whatIfOf } from "../model/what-if.ts";
import { type FieldId, whatIfField, withField } from "../model/what-if-fields.ts";
import type { Scenario } from "../simulator.ts";
import { createLane } from "../worker/lane.ts";
import type { Outcome } from "../worker/messages.ts";

/** What is asked about. */
export interface Studied {
  base: Scenario;
  vm: string;
  /** Null: the scenario as it is. */
  numbers: WhatIf | null;
  seed: string;
}

/** A picture is renewed about so often: sooner looks restless, later looks stuck. */
const BATCH_MILLIS = 120;
/** A cliff is told to a few percent after so many halvings of the space between two values. */
const HALVINGS = 4;

export interface Study {
  /** Downtimes over the field's slider; `tell` gets the points so far, and whether that is all. */
  curve(studied: Studied, id: FieldId, tell: (points: readonly CurvePoint[], done: boolean) => void): Promise<void>;
  /** So many seeds; `tell` gets the outcomes so far, and whether that is all. */
  seeds(studied: Studied, count: number, tell: (outcomes: readonly Outcome[], done: boolean) => void): Promise<void>;
  stop(): void;
}

export function createStudy(): Study {
  const lane = createLane();
  /** Raised when something else is asked: what is under way then ends. */
  let turn = 0;

  async function outcomes(
    studied: Studied,
    tries: readonly { numbers: WhatIf | null; seeds: readonly string[] }[],
  ): Promise<readonly Outcome[] | null> {
    const answer = await lane.ask({ kind: "outcomes", base: studied.base, vm: studied.vm, tries });
    return answer.kind === "outcomes" ? answer.outcomes : null;
  }

  function stop(): void {
    turn += 1;
    lane.giveUp();
  }

  return {
    stop,
    async curve(studied, id, tell) {
      turn += 1;
      const mine = turn;
      const field = whatIfField(id);
      const own = studied.numbers ?? whatIfOf(studied.base, studied.vm, studied.seed);
      const points: CurvePoint[] = [];
      const tryValues = async (values: readonly number[]): Promise<boolean> => {
        const fresh = values.filter((value) => points.every((point) => point.value !== value));
        const tries = fresh.map((value) => ({ numbers: withField(own, field, value), seeds: [studied.seed] }));
        const found = await outcomes(studied, tries);
        if (found === null || turn !== mine) return false;
        fresh.forEach((value, index) => {
          const { outcome, downtimeSeconds } = found[index] as Outcome;
          // What no host could hold, or no link could be, says nothing of migrations.
          if (outcome === "refused") return;
          const completed = outcome === "completed";
          points.push({ value, outcome, downtimeSeconds: completed ? downtimeSeconds : null });
        });
        return true;
      };
      const waiting = curveValues(field);
      let size = 3;
      while (waiting.length > 0) {
        const started = performance.now();
        if (!(await tryValues(waiting.splice(0, size)))) return;
        size = nextSize(size, performance.now() - started);
        tell(points, false);
      }
      for (let halving = 0; halving < HALVINGS; halving += 1) {
        if (!(await tryValues(cliffs(points).map((cliff) => between(cliff, field))))) return;
      }
      tell(points, true);
    },
    async seeds(studied, count, tell) {
      turn += 1;
      const mine = turn;
      const found: Outcome[] = [];
      let size = 5;
      while (found.length < count) {
        const first = found.length;
        const names = Array.from({ length: Math.min(size, count - first) }, (_, k) =>
          seedName(studied.seed, first + k),
        );
        const started = performance.now();
        const batch = await outcomes(studied, [{ numbers: studied.numbers, seeds: names }]);
        if (batch === null || turn !== mine) return;
        size = nextSize(size, performance.now() - started);
        found.push(...batch);
        tell(found, found.length >= count);
      }
    },
  };
}

/** The first is the run that is shown; the others follow from its seed, so that a fan can be made again. */
function seedName(seed: string, index: number): string {
  return index === 0 ? seed : `${seed} / ${index}`;
}

function nextSize(size: number, millis: number): number {
  return Math.max(1, Math.min(200, Math.round((size * BATCH_MILLIS) / Math.max(millis, 5))));
}
