/** The machine that figures were taken on, and what it was doing. */
import { cpus, loadavg, totalmem } from "node:os";

export interface Environment {
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly cpuModel: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Mean numbers of processes that ran or wanted to over 1, 5 and 15 minutes; zeros on Windows. */
  readonly loadAverage: readonly number[];
  /** The smallest step seen of the clock that benchmark.js uses. */
  readonly timerResolutionSeconds: number;
}

export function environment(): Environment {
  const processors = cpus();
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    cpuModel: processors[0]?.model ?? "unknown",
    cores: processors.length,
    memoryBytes: totalmem(),
    loadAverage: loadavg(),
    timerResolutionSeconds: timerResolutionSeconds(),
  };
}

const CLOCK_READS = 100_000;

function timerResolutionSeconds(): number {
  let least = Number.POSITIVE_INFINITY;
  let [seconds, nanoseconds] = process.hrtime();
  for (let read = 0; read < CLOCK_READS; read++) {
    const [laterSeconds, laterNanoseconds] = process.hrtime();
    const step = laterSeconds - seconds + (laterNanoseconds - nanoseconds) * 1e-9;
    if (step > 0) least = Math.min(least, step);
    [seconds, nanoseconds] = [laterSeconds, laterNanoseconds];
  }
  return least;
}
