/** The planner's table as CSV (RFC 4180): one line a setting, SI units, empty where nothing applies. */
import type { Plan } from "../planning/plan.ts";

const LIMIT_COLUMNS = { "downtime-limit": "downtimeLimitSeconds", "pass-limit": "passLimit" } as const;

export function formatPlanCsv({ cells, limit, bandwidth, seeds }: Plan): string {
  const rate = bandwidth.of === "link" ? "linkBytesPerSecond" : "maxBandwidthBytesPerSecond";
  const head = [
    rate,
    ...(limit === null ? [] : [LIMIT_COLUMNS[limit.of]]),
    "seeds",
    "completedShare",
    "totalSecondsMedian",
    "totalSecondsP95",
    "downtimeSecondsMedian",
    "downtimeSecondsP95",
  ];
  const rows = cells.map((cell) => [
    cell.bandwidthBytesPerSecond,
    ...(limit === null ? [] : [cell.limit]),
    seeds,
    cell.completedShare,
    cell.totalSeconds?.median,
    cell.totalSeconds?.p95,
    cell.downtimeSeconds?.median,
    cell.downtimeSeconds?.p95,
  ]);
  // Numbers and fixed names alone: nothing needs quotes.
  return [head, ...rows].map((row) => `${row.map((value) => value ?? "").join(",")}\r\n`).join("");
}
