/** Processor time, which counts what a process takes of the cores whatever else they do. */
import { readFileSync } from "node:fs";

/** Processor seconds a call. benchmark.js reads the clock only, and its own work is not to count. */
export function processorSecondsOf(run: () => unknown, calls: number): number {
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call++) run();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1e-6) / calls;
}

/** Of USER_HZ, in which Linux tells times of processes whatever its clock. */
const SECONDS_A_TICK = 0.01;

/** Processor seconds of all child processes that have ended, to a hundredth; undefined where the system does not tell (not Linux). */
export function processorSecondsOfChildren(): number | undefined {
  if (process.platform !== "linux") return undefined;
  // proc(5): behind the name in brackets, which may hold anything, cutime and cstime are the 14th and 15th.
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[13]) + Number(fields[14])) * SECONDS_A_TICK;
}
