/** A scenario simulated over several seeds, seen from one of its migrations. */
import {
  type MigrateEntry,
  type MigrationResult,
  type PolicyDefinition,
  PreparedScenario,
  type Scenario,
} from "../../sim/index.ts";

/**
 * `count` seeds that begin with `first`: a number counts up (7, 8, 9), a word is numbered (blue, blue-2, blue-3). The same
 * seeds are used for each variant of a scenario, so that variants differ by what was changed and by nothing else.
 */
export function seedsFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => seedAt(first, index));
}

/** The seed at a place, from 0, of those that begin with `first`. */
export function seedAt(first: string, index: number): string {
  if (index === 0) return first;
  return /^\d{1,15}$/.test(first) ? String(Number(first) + index) : `${first}-${index + 1}`;
}

/**
 * The migration's result for each seed, in turn: a caller that has seen enough stops. `migration` counts the timeline's
 * own, while results come in the order in which migrations were asked for.
 */
export function* resultsOf(
  scenario: Scenario,
  migration: number,
  seeds: readonly string[],
  policy: PolicyDefinition | null = null,
): Generator<MigrationResult> {
  const prepared = new PreparedScenario(scenario);
  const entry = scenario.timeline.filter(({ kind }) => kind === "migrate")[migration] as MigrateEntry;
  const isOfEntry = ({ vm, requestedSeconds }: MigrationResult) =>
    vm === entry.vm && requestedSeconds === entry.atSeconds;
  for (const seed of seeds) yield prepared.run({ seed, policy }).migrations.find(isOfEntry) as MigrationResult;
}

/** From the request to the end, the wait for its turn included; null where it did not complete. */
export function elapsedSeconds({
  outcome,
  requestedSeconds,
  startSeconds,
  totalSeconds,
}: MigrationResult): number | null {
  if (outcome !== "completed" || startSeconds === null || totalSeconds === null) return null;
  return startSeconds - requestedSeconds + totalSeconds;
}
