/** A sweep for people: what it came to, in 80 columns or a few more. */
import { formatCount, formatSeconds, formatShare } from "../../../sim/index.ts";
import {
  type GroupSummary,
  LEAST_VALUES,
  type QuantileSummary,
  type SweepSummary,
  thinQuantiles,
} from "../../planning/sweep/sweep-summary.ts";
import type { Paint } from "../paint.ts";
import { type Column, formatTable } from "../table.ts";
import { wrap } from "../wrap.ts";

export interface SweepReport {
  summary: SweepSummary;
  tasks: number;
  points: number;
  seeds: number;
  parameters: readonly string[];
  /** A point's values, for the table. */
  valuesAt: (point: number) => readonly string[];
  warnings: readonly string[];
  command: string;
}

export function formatSweep(report: SweepReport, paint: Paint): string {
  const { summary, tasks, points, seeds, command } = report;
  const counted = `${formatCount(tasks)} ${tasks === 1 ? "task" : "tasks"}: ${formatCount(points)} ${points === 1 ? "point" : "points"}, ${formatCount(seeds)} ${seeds === 1 ? "seed" : "seeds"} each`;
  const share = summary.migrations === 0 ? "" : ` (${formatShare(summary.completed / summary.migrations)})`;
  const lines = wrap(
    `${counted}. ${formatCount(summary.migrations)} migrations, of which ${paint("bold", formatCount(summary.completed))} completed${share}.`,
  );
  const blocks = [lines, distributionTable(summary, paint)];
  if (summary.points !== null) blocks.push(...pointTables(report, paint));
  if (report.warnings.length > 0) {
    blocks.push(report.warnings.flatMap((warning) => wrap(`${paint("yellow", "Warning:")} ${warning}`, "", "  ")));
  }
  blocks.push([`Run it again: ${paint("cyan", command)}`]);
  return `${blocks.map((block) => block.join("\n")).join("\n\n")}\n`;
}

const QUANTILE_COLUMNS: readonly Column[] = ["p50", "p95", "p99", "max", "n"].map((title) => ({
  title,
  align: "right",
}));

function quantileCells({ p50, p95, p99, max, n }: QuantileSummary): string[] {
  return [...[p50, p95, p99, max].map((seconds) => (seconds === null ? "-" : formatSeconds(seconds))), formatCount(n)];
}

function distributionTable({ totalSeconds, downtimeSeconds }: GroupSummary, paint: Paint): string[] {
  const columns: Column[] = [{ title: "Of the completed", align: "left" }, ...QUANTILE_COLUMNS];
  return formatTable(
    columns,
    [
      ["total time", ...quantileCells(totalSeconds)],
      ["downtime", ...quantileCells(downtimeSeconds)],
    ],
    paint,
  );
}

function pointTables({ summary, parameters, valuesAt }: SweepReport, paint: Paint): string[][] {
  const points = summary.points ?? [];
  const table = (what: string, of: (group: GroupSummary) => QuantileSummary) => {
    const columns: Column[] = [
      ...parameters.map((title): Column => ({ title, align: "right" })),
      { title: what, align: "right" },
      ...QUANTILE_COLUMNS.slice(1),
    ];
    const rows = points.map((group) => [...valuesAt(group.point), ...quantileCells(of(group))]);
    return formatTable([...columns], rows, paint);
  };
  return [
    table("Total time p50", (group) => group.totalSeconds),
    table("Downtime p50", (group) => group.downtimeSeconds),
  ];
}

/** What to know before the quantiles are trusted. */
export function quantileWarnings(summary: SweepSummary): string[] {
  const thin = thinQuantiles(summary);
  if (thin.length === 0) return [];
  const n = thin[0]?.n ?? 0;
  const where = summary.points === null ? "" : " at the point with the fewest";
  const list = thin.map(({ quantile }) => `${quantile} (needs ${LEAST_VALUES[quantile]})`).join(", ");
  return [
    `${formatCount(n)} completed ${n === 1 ? "migration" : "migrations"}${where} are too few for ${list}: more --seeds.`,
  ];
}
