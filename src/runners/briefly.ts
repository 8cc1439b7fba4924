/**
 * A run that is over at once is done in the program's own thread: starting another, and loading the simulator there, takes
 * longer than most runs. The engine itself ends it when its time is up, for a busy thread hears no signal and no timer; it
 * then begins anew in a thread of its own (interruptible.ts).
 */
import { Script } from "node:vm";
import type { Answer } from "../answer.ts";
import type { RunRequest } from "./run-scenario.ts";

/** So late Ctrl-C may be heard, and so much is lost where a run takes longer. */
const LONGEST_MILLISECONDS = 250;

const CALL = new Script("globalThis.precopyBriefly()", { filename: "briefly" });

/** What has been begun cannot be taken back: only a run that does nothing but compute can begin anew. */
export function mayBeBrief({ policy, traces, html, eventLog, output }: RunRequest): boolean {
  return policy === null && traces.length === 0 && html === null && eventLog === null && output === null;
}

/**
 * @returns null where it would have taken longer
 * @throws what the run throws, and the signal's reason where it was stopped
 */
export async function runBriefly(request: RunRequest, stopping: AbortSignal): Promise<Answer | null> {
  const { runWithoutFiles } = await import("./run-scenario.ts");
  const answer = within(LONGEST_MILLISECONDS, () => runWithoutFiles(request));
  // Signals that came meanwhile are heard now.
  await new Promise((resolve) => setImmediate(resolve));
  stopping.throwIfAborted();
  return answer;
}

/** Null where the work was not done in time. It is ended wherever it stands: what it held must not be used again. */
export function within<Value>(milliseconds: number, work: () => Value): Value | null {
  const scope = globalThis as { precopyBriefly?: () => Value };
  scope.precopyBriefly = work;
  try {
    return CALL.runInThisContext({ timeout: milliseconds, displayErrors: false }) as Value;
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return null;
    throw error;
  } finally {
    delete scope.precopyBriefly;
  }
}
