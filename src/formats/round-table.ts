/** The rounds of a migration as a table, each with a bar of what it sent. */
import { formatCount, formatSeconds, formatShare, type RoundResult } from "../../sim/index.ts";
import type { Paint } from "./paint.ts";
import { formatMebibytes } from "./quantities.ts";
import { type Column, formatBar, formatTable } from "./table.ts";

/** Rounds shown at the beginning and at the end; those between are told as one line. */
const FIRST_ROUNDS = 12;
const LAST_ROUNDS = 6;

const LEAST_BAR_WIDTH = 6;

export function formatRounds(rounds: readonly RoundResult[], width: number, paint: Paint): string[] {
  const throttled = rounds.some((round) => round.throttle > 0);
  const columns: Column[] = [
    { title: "Round", align: "left" },
    { title: "start", align: "right" },
    { title: "took", align: "right" },
    { title: "pages", align: "right" },
    { title: "zero", align: "right" },
    { title: "MiB", align: "right" },
    { title: "MiB/s", align: "right" },
    { title: "dirty", align: "right" },
    ...(throttled ? ([{ title: "held", align: "right" }] as const) : []),
  ];
  const cutAway = rounds.length - FIRST_ROUNDS - LAST_ROUNDS;
  const isShown = (index: number) => cutAway <= 1 || index < FIRST_ROUNDS || index >= rounds.length - LAST_ROUNDS;
  const shown = rounds.filter((_round, index) => isShown(index));
  const rows = shown.map((round) => [
    round.final ? "last" : String(round.round),
    `${round.startSeconds.toFixed(2)} s`,
    formatSeconds(round.durationSeconds),
    formatCount(round.pagesSent),
    formatCount(round.zeroPagesSent),
    formatMebibytes(round.bytesSent),
    round.durationSeconds > 0 ? formatMebibytes(round.bytesSent / round.durationSeconds) : "-",
    formatCount(round.dirtyPagesAtEnd),
    ...(throttled ? [formatShare(round.throttle)] : []),
  ]);
  const lines = formatTable(columns, rows, (_emphasis, text) => text);
  const tableWidth = Math.max(...lines.map((line) => line.length));
  const barWidth = Math.max(LEAST_BAR_WIDTH, width - tableWidth - 1);
  const most = rounds.reduce((greatest, { bytesSent }) => Math.max(greatest, bytesSent), 1);
  const body = shown.map((round, index) => {
    const bar = paint(round.final ? "magenta" : "cyan", formatBar(round.bytesSent / most, barWidth));
    return `${(lines[index + 1] as string).padEnd(tableWidth)} ${bar}`.trimEnd();
  });
  if (cutAway > 1) body.splice(FIRST_ROUNDS, 0, `... ${formatCount(cutAway)} more rounds: --json has them all.`);
  return [paint("bold", lines[0] as string), ...body];
}
