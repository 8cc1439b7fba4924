/** The thread's entry: does the one job that it is started with. */
import { parentPort, workerData } from "node:worker_threads";
import { doJob, type Job } from "./job.ts";

parentPort?.postMessage(await doJob(workerData as Job));
