/** The planner's table for people. */
import { formatBitsPerSecond, formatBytesPerSecond, formatSeconds, formatShare } from "../../sim/index.ts";
import type { Plan, PlanCell, PlanSpread } from "../planning/plan.ts";
import type { Paint } from "./paint.ts";
import { type Column, formatTable } from "./table.ts";
import { wrap } from "./wrap.ts";

export function formatPlan(plan: Plan, command: string, paint: Paint): string {
  const { vm, from, to, profile, seeds, limit, cells } = plan;
  const head = `${vm} from ${from} to ${to} (${profile}), ${seeds} ${seeds === 1 ? "seed" : "seeds"} a setting`;
  const blocks = [
    [paint("bold", head)],
    tableOf(plan, "Total time", (cell) => cell.totalSeconds, paint),
    tableOf(plan, "Downtime", (cell) => cell.downtimeSeconds, paint),
  ];
  const notes = [
    `Median, and in brackets the 95th percentile, of the seeds that completed; never: none did before the run ends at ${formatSeconds(plan.horizonSeconds)}.`,
  ];
  if (cells.some(({ completedShare }) => completedShare > 0 && completedShare < 1)) {
    notes.push("A share in front: only so many completed.");
  }
  const row = plan.bandwidth.of === "link" ? `link ${plan.bandwidth.name}` : plan.bandwidth.name;
  notes.push(`Rows: ${row}${limit === null ? "" : `; columns: ${limit.name}`}; * the scenario's own.`);
  blocks.push(wrap(notes.join(" ")));
  blocks.push([`Run it again: ${paint("cyan", command)}`]);
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function tableOf(plan: Plan, title: string, pick: (cell: PlanCell) => PlanSpread | null, paint: Paint): string[] {
  const { bandwidth, limit, cells } = plan;
  const limits = limit?.values ?? [null];
  const columns: Column[] = [
    { title, align: "right" },
    ...limits.map((value): Column => ({ title: value === null ? "" : limitTitle(plan, value), align: "right" })),
  ];
  const rows = bandwidth.values.map((value, row) => [
    bandwidthTitle(plan, value),
    ...limits.map((_, column) => cellText(cells[row * limits.length + column] as PlanCell, pick)),
  ]);
  return formatTable(columns, rows, paint);
}

function cellText(cell: PlanCell, pick: (cell: PlanCell) => PlanSpread | null): string {
  const spread = pick(cell);
  if (spread === null) return "never";
  const share = cell.completedShare < 1 ? `${formatShare(cell.completedShare)}: ` : "";
  return `${share}${shortSeconds(spread.median)} (${shortSeconds(spread.p95)})`;
}

/** Minutes as seconds, hours as minutes: narrower. */
function shortSeconds(seconds: number): string {
  if (seconds < 59.95) return formatSeconds(seconds);
  return seconds < 9999.5 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(0)} min`;
}

function bandwidthTitle({ bandwidth }: Plan, value: number): string {
  const own = value === bandwidth.own ? " *" : "";
  if (bandwidth.of === "link" || isInBits(value)) return formatBitsPerSecond(value) + own;
  return (value === 0 ? "no limit" : formatBytesPerSecond(value)) + own;
}

/** Whether a rate is a round number of bits rather than of bytes. */
const isInBits = (bytesPerSecond: number) =>
  bytesPerSecond > 0 && (bytesPerSecond * 8) % 1e6 === 0 && bytesPerSecond % 2 ** 20 !== 0;

function limitTitle({ limit }: Plan, value: number): string {
  const own = value === limit?.own ? " *" : "";
  return (limit?.unit === "seconds" ? formatSeconds(value) : `${value} passes`) + own;
}
