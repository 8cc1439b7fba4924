/** Drains and maintenance for people: how long, over how busy a link, and what was sent again. */
import {
  type DrainResult,
  formatBytes,
  formatCount,
  formatSeconds,
  type MaintenanceResult,
  type MigrationResult,
  type RunResult,
} from "../../sim/index.ts";
import type { Paint } from "./paint.ts";
import { formatTable } from "./table.ts";
import { wrap } from "./wrap.ts";

/** More drains than these are left to `--json`: those that failed, then the longest are shown. */
const MOST_DRAINS = 8;

const COLUMNS = [
  { title: "Drain", align: "left" },
  { title: "outcome", align: "left" },
  { title: "moved", align: "right" },
  { title: "makespan", align: "right" },
  { title: "sent", align: "right" },
  { title: "again", align: "right" },
  { title: "link", align: "right" },
  { title: "downtime", align: "right" },
  { title: "clients", align: "right" },
] as const;

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

export function describeDrains({ drains = [], maintenance = [], migrations }: RunResult, paint: Paint): string[][] {
  if (drains.length === 0) return [];
  const shown = [...drains].sort((one, other) => severity(other) - severity(one)).slice(0, MOST_DRAINS);
  const order = drains.filter((drain) => shown.includes(drain));
  const lines = formatTable(
    COLUMNS,
    order.map((drain) => row(drain, migrations)),
    paint,
  );
  const rest = drains.length - shown.length;
  if (rest > 0) lines.push(`... ${formatCount(rest)} more, none of them longer: --json has them all.`);
  const blocks = [lines];
  if (drains.length === 1) blocks.push(wrap(why(drains[0] as DrainResult, migrations)));
  for (const round of maintenance) blocks.push(wrap(describeRound(round)));
  return blocks;
}

function severity({ outcome, makespanSeconds }: DrainResult): number {
  return outcome === "completed" ? (makespanSeconds ?? 0) : Number.MAX_VALUE;
}

function row(drain: DrainResult, migrations: readonly MigrationResult[]): string[] {
  const own = drain.migrations.map((index) => migrations[index] as MigrationResult);
  const worst = (value: (migration: MigrationResult) => number | null) => {
    const known = own.map(value).filter((seconds) => seconds !== null);
    return known.length === 0 ? "-" : formatSeconds(known.reduce((most, seconds) => Math.max(most, seconds), 0));
  };
  return [
    drain.node,
    drain.outcome,
    `${formatCount(drain.moved)} of ${formatCount(drain.machines)}`,
    drain.makespanSeconds === null ? "-" : formatSeconds(drain.makespanSeconds),
    formatBytes(drain.transferredBytes),
    percent(sentAgain(own)),
    drain.linkUtilisation === null ? "-" : percent(drain.linkUtilisation),
    worst(({ downtimeSeconds }) => downtimeSeconds),
    worst(({ clientOutageSeconds }) => clientOutageSeconds),
  ];
}

/** Share of the bytes that went after a first round: pages written meanwhile. */
function sentAgain(migrations: readonly MigrationResult[]): number {
  let all = 0;
  let first = 0;
  for (const { transferredBytes, rounds } of migrations) {
    all += transferredBytes;
    first += rounds[0]?.bytesSent ?? 0;
  }
  return all === 0 ? 0 : Math.max(0, 1 - first / all);
}

/** What serial and parallel drains differ in: how long the link stood idle, and how much had to be sent again. */
function why(drain: DrainResult, migrations: readonly MigrationResult[]): string {
  const { linkUtilisation, node } = drain;
  if (linkUtilisation === null) return `${node} sent nothing within the run.`;
  const own = drain.migrations.map((index) => migrations[index] as MigrationResult);
  const spans = own.flatMap(({ startSeconds, totalSeconds }) =>
    startSeconds === null || totalSeconds === null ? [] : [{ startSeconds, totalSeconds }],
  );
  const sum = spans.reduce((seconds, { totalSeconds }) => seconds + totalSeconds, 0);
  const atOnce = drain.makespanSeconds === null || drain.makespanSeconds === 0 ? 0 : sum / drain.makespanSeconds;
  return (
    `On average ${atOnce.toFixed(1)} migrations were under way. ${percent(Math.max(0, 1 - linkUtilisation))} of what ${node} could have ` +
    "sent went unused: setting up, blackouts, and what one sender cannot fill. More at a time fill that, but each is slower " +
    `then, and more is written meanwhile: ${percent(sentAgain(own))} of the bytes were pages sent again.`
  );
}

function describeRound({ nodes, done, incomplete, makespanSeconds }: MaintenanceResult): string {
  const time = makespanSeconds === null ? "not over within the run" : `in ${formatSeconds(makespanSeconds)}`;
  const left = incomplete === 0 ? "" : `, ${formatCount(incomplete)} kept machines and had none`;
  return `Maintenance of ${formatCount(nodes)} nodes, ${time}: ${formatCount(done)} done${left}.`;
}
