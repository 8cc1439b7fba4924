/** Many runs of one scenario, their outcomes alone. */
import { PreparedScenario, type RunResult } from "../simulator.ts";
import { changedScenario } from "./changed-scenario.ts";
import type { Outcome, OutcomesAnswer, OutcomesRequest } from "./messages.ts";

const REFUSED: Outcome = { outcome: "refused", downtimeSeconds: null, totalSeconds: null, track: [] };

export function answerOutcomes({ base, vm, tries }: OutcomesRequest): OutcomesAnswer {
  const outcomes = tries.flatMap(({ numbers, seeds }): Outcome[] => {
    const changed = changedScenario({ base, vm, numbers });
    if (!changed.ok) return seeds.map(() => REFUSED);
    const prepared = new PreparedScenario(changed.scenario);
    return seeds.map((seed) => outcomeOf(prepared.run({ seed }), vm));
  });
  return { kind: "outcomes", outcomes };
}

function outcomeOf(result: RunResult, vm: string): Outcome {
  const migration = result.migrations.find((each) => each.vm === vm) ?? result.migrations[0];
  if (migration === undefined) return REFUSED;
  const { outcome, downtimeSeconds, totalSeconds, rounds } = migration;
  const first = rounds[0];
  const track = first === undefined ? [] : [{ t: first.startSeconds, pages: first.pagesSent + first.zeroPagesSent }];
  for (const round of rounds) {
    track.push({ t: round.startSeconds + round.durationSeconds, pages: round.dirtyPagesAtEnd });
  }
  return { outcome, downtimeSeconds, totalSeconds, track };
}
