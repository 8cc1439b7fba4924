/** Numbers as the page writes them: as the command line does, with a micro sign where it has room for one. */
import { formatSeconds as formatPlainSeconds } from "../simulator.ts";

export { formatBitsPerSecond as formatRate, formatBytes, formatCount, formatShare } from "../simulator.ts";

/** A duration: `38.4 s`, `302 ms`, `41.0 µs`, `2 min 5 s`. */
export function formatSeconds(seconds: number): string {
  return formatPlainSeconds(seconds).replace(" us", " µs");
}

/** A moment on the trace's clock, with as many decimals as its neighbours ask for: `36.241 s`. */
export function formatMoment(seconds: number, decimals = 3): string {
  return `${seconds.toFixed(decimals)} s`;
}
