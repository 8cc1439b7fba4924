/** The thread's entry: does the one job that it is started with. */
import { parentPort, workerData } from "node:worker_threads";
import { doJob, type Job, type JobMessage } from "./job.ts";

void doJob(workerData as Job, (progress) => tell({ progress })).then((answer) => tell({ answer }));

function tell(message: JobMessage): void {
  parentPort?.postMessage(message);
}
