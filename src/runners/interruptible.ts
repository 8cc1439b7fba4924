/**
 * Does a job in a thread while this one listens for signals: simulating keeps its thread busy throughout, and a busy
 * thread hears nothing.
 */
import { Worker } from "node:worker_threads";
import type { Answer } from "../answer.ts";
import { removeTemporary, type WholeFilePlan } from "../formats/whole-file.ts";
import { installedFile } from "../installed.ts";
import { beginProgress } from "../progress.ts";
import { STUCK_AFTER_MILLISECONDS, StuckWork, type WorkConditions } from "../stopping.ts";
import type { Job, JobMessage } from "./job.ts";

/**
 * @param files what the job may write: their temporary forms are removed should the job be stopped or die
 * @throws what the job throws, the signal's reason where it was stopped, StuckWork where it does not even stop
 */
export async function doInterruptibly(
  job: Job,
  files: readonly WholeFilePlan[],
  { stopping, quiet }: WorkConditions,
): Promise<Answer> {
  stopping.throwIfAborted();
  // Built, since Node 20 runs no TypeScript.
  const thread = new Worker(installedFile("dist/cli/job-thread.js"), { workerData: job });
  const progress = beginProgress(quiet);
  try {
    return await new Promise<Answer>((resolve, reject) => {
      thread.on("message", (message: JobMessage) => {
        if ("answer" in message) resolve(message.answer);
        else progress.update(message.progress);
      });
      thread.once("error", reject);
      thread.once("exit", (code) => reject(new Error(`the simulating thread ended without an answer (${code})`)));
      stopping.addEventListener("abort", () => reject(stopping.reason), { once: true });
    });
  } catch (error) {
    const stopped = await isStopped(thread);
    for (const file of files) removeTemporary(file);
    throw stopped ? error : new StuckWork();
  } finally {
    progress.end();
  }
}

/** False where the thread waits in a call to the system (a pipe that nobody reads) and cannot be stopped. */
async function isStopped(thread: Worker): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), STUCK_AFTER_MILLISECONDS);
  });
  const stopped = await Promise.race([thread.terminate().then(() => true), patience]);
  clearTimeout(timer);
  return stopped;
}
