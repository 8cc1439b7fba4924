/**
 * Does a job in a thread while this one listens for signals: simulating keeps its thread busy throughout, and a busy
 * thread hears nothing.
 */
import { Worker } from "node:worker_threads";
import type { Answer } from "../answer.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { removeTemporary, type WholeFilePlan } from "../formats/whole-file.ts";
import type { Job } from "./job.ts";

const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
type StoppingSignal = keyof typeof SIGNAL_NUMBERS;

/**
 * @param files what the job may write: their temporary forms are removed should the job be stopped or die
 * @throws what the job throws
 */
export async function doInterruptibly(job: Job, files: readonly WholeFilePlan[]): Promise<Answer> {
  // Built modules only: Node 20 runs no TypeScript.
  const thread = new Worker(new URL("./job-thread.js", import.meta.url), { workerData: job });
  const listeners: [StoppingSignal, () => void][] = [];
  try {
    return await new Promise<Answer>((resolve, reject) => {
      thread.once("message", resolve);
      thread.once("error", reject);
      thread.once("exit", (code) => reject(new Error(`the simulating thread ended without an answer (${code})`)));
      for (const signal of Object.keys(SIGNAL_NUMBERS) as StoppingSignal[]) {
        const listener = () => resolve(interrupted(signal));
        listeners.push([signal, listener]);
        process.once(signal, listener);
      }
    });
  } finally {
    await thread.terminate();
    for (const [signal, listener] of listeners) process.off(signal, listener);
    for (const file of files) removeTemporary(file);
  }
}

function interrupted(signal: StoppingSignal): Answer {
  const exitCode = signal === "SIGINT" ? EXIT_CODES.interrupted : 128 + SIGNAL_NUMBERS[signal];
  return { exitCode, output: "", notices: [], failure: "stopped; no file was written." };
}
