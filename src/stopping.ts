/** Ctrl-C and its relatives: work is told to stop, cleans up, and the process ends as the signal asks. */
import { constants } from "node:os";
import type { Answer } from "./answer.ts";

const SIGNALS = ["SIGHUP", "SIGINT", "SIGTERM"] as const;
type StoppingSignal = (typeof SIGNALS)[number];

/** How long work may take to stop. */
export const STUCK_AFTER_MILLISECONDS = 1000;

/** Work that was told to stop, has cleaned up, and still waits in a call to the system. */
export class StuckWork extends Error {}

/** Under which work is done. */
export interface WorkConditions {
  /** Aborted when the work is to stop. */
  stopping: AbortSignal;
  /** Results and errors are wanted, nothing else. */
  quiet: boolean;
}

/** Does the work; a signal aborts it, and the answer then says so, with exit code 128 + signal (Ctrl-C: 130). */
export async function doUntilStopped(
  work: (conditions: WorkConditions) => Promise<Answer>,
  quiet: boolean,
): Promise<Answer> {
  const controller = new AbortController();
  const listeners = SIGNALS.map((signal) => {
    const listener = () => controller.abort(signal);
    process.once(signal, listener);
    return { signal, listener };
  });
  try {
    return await work({ stopping: controller.signal, quiet });
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    const signal = controller.signal.reason as StoppingSignal;
    if (error instanceof StuckWork) {
      // With its own listener gone the signal ends the process, threads and all; a shell reports the same exit code.
      for (const { signal: name, listener } of listeners) process.off(name, listener);
      process.kill(process.pid, signal);
    }
    return {
      exitCode: 128 + constants.signals[signal],
      output: "",
      notices: [],
      failure: "stopped; no file was written.",
    };
  } finally {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  }
}

/**
 * What the work comes to, or rejected with the signal if that is told to stop first. The work itself is not ended: whoever
 * began it takes away what it waits for.
 */
export async function orStopped<Value>(work: Promise<Value>, stopping: AbortSignal): Promise<Value> {
  let listener = () => {};
  const stopped = new Promise<never>((_, reject) => {
    listener = () => reject(stopping.reason);
    if (stopping.aborted) listener();
    else stopping.addEventListener("abort", listener);
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    stopping.removeEventListener("abort", listener);
  }
}
