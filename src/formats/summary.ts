/** A run for people: the verdict first, then what led to it, readable in 80 columns. */
import {
  type BlackoutPartResult,
  type ClientResult,
  formatBytes,
  formatCount,
  formatSeconds,
  type MigrationResult,
  type MovedAlongResult,
  type RunResult,
} from "../../sim/index.ts";
import { describeBackups } from "./backup-summary.ts";
import { describeDrains } from "./drain-summary.ts";
import { describeFailover } from "./failover-summary.ts";
import { describeLoads } from "./load-summary.ts";
import { type Paint, plainPaint } from "./paint.ts";
import { formatRounds } from "./round-table.ts";
import { describeStorage } from "./storage-summary.ts";
import { formatBar, formatTable } from "./table.ts";
import { migrationVerdict, overallVerdict } from "./verdict.ts";
import { WIDTH, wrap } from "./wrap.ts";

export interface SummaryOptions {
  paint?: Paint;
  /** Constants that nothing backs are counted; true lists them. */
  listAssumptions?: boolean;
  /** Files written beside the summary. */
  files?: readonly { what: string; path: string; remark: string }[];
  /** The command that runs this again. */
  command: string;
}

/** More migrations than these are in the table alone. */
const MOST_DETAILED = 4;

/** More migrations than these are left to `--json`, but for the worst. */
const MOST_LISTED = 40;
const WORST_LISTED = 10;

/** The summary, ended by a line feed. */
export function formatSummary(result: RunResult, options: SummaryOptions): string {
  const paint = options.paint ?? plainPaint;
  const { migrations } = result;
  const blocks: string[][] = [];
  if (migrations.length === 1) {
    blocks.push(...describeMigration(migrations[0] as MigrationResult, paint));
  } else {
    if (migrations.length > 0 || result.failover === undefined) blocks.push(wrap(overallVerdict(migrations, paint)));
    blocks.push(...describeDrains(result, paint));
    if (migrations.length > 0) blocks.push(listMigrations(migrations, paint));
    const isOrchestrated = (result.drains ?? result.balances) !== undefined;
    if (!isOrchestrated) {
      for (const migration of mostTelling(migrations)) blocks.push(...describeMigration(migration, paint));
    }
    const rest = migrations.length - MOST_DETAILED;
    if (rest > 0 && !isOrchestrated)
      blocks.push([`${formatCount(rest)} more with rounds and blackout: --json has them all.`]);
  }
  if (result.failover !== undefined) blocks.push(...describeFailover(result.failover, paint));
  blocks.push(...describeLoads(result));
  blocks.push(...describeBackups(result, paint));
  if (result.storage !== undefined) blocks.push(...describeStorage(result.storage, paint));
  if (result.policy !== undefined) {
    blocks.push(
      wrap(`Pre-copy was decided by the policy ${paint("cyan", result.policy)}, not by the hypervisors alone.`),
    );
  }
  if (result.warnings.length > 0) {
    blocks.push(result.warnings.flatMap((warning) => wrap(`${paint("yellow", "Warning:")} ${warning}`, "", "  ")));
  }
  blocks.push(describeAssumptions(result, options.listAssumptions === true, paint));
  if (options.files !== undefined && options.files.length > 0) {
    const width = Math.max(...options.files.map(({ what }) => what.length)) + 1;
    blocks.push(options.files.map(({ what, path, remark }) => `${`${what}:`.padEnd(width)} ${path} ${remark}`));
  }
  blocks.push([`Run it again: ${paint("cyan", options.command)}`]);
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** Those that did not complete before the others; each in the order of the timeline. */
function mostTelling(migrations: readonly MigrationResult[]): MigrationResult[] {
  const isCompleted = ({ outcome }: MigrationResult) => outcome === "completed";
  const inOrder = [...migrations.filter((each) => !isCompleted(each)), ...migrations.filter(isCompleted)];
  return inOrder.slice(0, MOST_DETAILED);
}

function describeMigration(migration: MigrationResult, paint: Paint): string[][] {
  const blocks = [migrationVerdict(migration, paint).flatMap((line) => wrap(line))];
  if (migration.rounds.length > 0) blocks.push(formatRounds(migration.rounds, WIDTH, paint));
  const { downtimeSeconds } = migration;
  if (downtimeSeconds !== null && migration.blackout.length > 0) {
    blocks.push(describeBlackout(migration.blackout, downtimeSeconds, paint));
  }
  const times = describeTimes(migration, paint);
  if (times.length > 0) blocks.push(times);
  if (migration.movedAlong !== undefined) blocks.push(describeMovedAlong(migration.movedAlong, paint));
  return blocks;
}

const PART_NAMES: Readonly<Record<BlackoutPartResult["part"], string>> = {
  stop: "stop the processors",
  paused: "wait for pre-copy",
  "pre-switchover": "wait to be told to go on",
  "final-copy": "copy the last pages",
  discard: "throw away stale pages",
  "device-state": "send the device state",
  "save-state": "save the state to disk",
  offline: "take the group offline",
  "storage-handover": "hand over the storage",
  online: "bring the group online",
  "restore-state": "restore the state from disk",
  resume: "start at the target",
  announce: "announce",
};

function describeBlackout(parts: readonly BlackoutPartResult[], downtimeSeconds: number, paint: Paint): string[] {
  const barWidth = 36;
  const rows = parts.map(({ part, seconds }) => [
    PART_NAMES[part],
    formatSeconds(seconds),
    formatBar(downtimeSeconds > 0 ? seconds / downtimeSeconds : 0, barWidth),
  ]);
  const columns = [
    { title: "Blackout", align: "left" },
    { title: "took", align: "right" },
    { title: "", align: "left" },
  ] as const;
  return formatTable(columns, rows, paint);
}

/** Machines of the same LUNs. */
function describeMovedAlong(machines: readonly MovedAlongResult[], paint: Paint): string[] {
  const formatOptional = (seconds: number | null) => (seconds === null ? "-" : formatSeconds(seconds));
  const rows = machines
    .slice(0, MOST_LISTED)
    .map((machine) => [
      machine.vm,
      formatOptional(machine.downtimeSeconds),
      formatOptional(machine.clientOutageSeconds),
    ]);
  const columns = [
    { title: "Moved along", align: "left" },
    { title: "downtime", align: "right" },
    { title: "clients", align: "right" },
  ] as const;
  const lines = formatTable(columns, rows, paint);
  const rest = machines.length - MOST_LISTED;
  return rest > 0 ? [...lines, `... ${formatCount(rest)} more: --json has them all.`] : lines;
}

/** Downtime as the guest has it, as the hypervisor says it, and as the clients see it: three different numbers. */
function describeTimes(migration: MigrationResult, paint: Paint): string[] {
  const rows: [string, string][] = [];
  if (migration.downtimeSeconds !== null)
    rows.push(["downtime, stop to run", formatSeconds(migration.downtimeSeconds)]);
  if (migration.reportedDowntimeSeconds !== null) {
    rows.push(["downtime as the hypervisor reports it", formatSeconds(migration.reportedDowntimeSeconds)]);
  }
  if (migration.brownoutSeconds !== null && migration.brownoutSeconds > 0) {
    rows.push(["brownout, running but held back", formatSeconds(migration.brownoutSeconds)]);
  }
  if (migration.dirtyTracking !== undefined) {
    const { seconds, share } = migration.dirtyTracking;
    rows.push(["tracking of writes, in pre-copy", `${formatSeconds(seconds)}, ${(100 * share).toFixed(1)} %`]);
  }
  if (migration.assignedBytes !== undefined) {
    rows.push(["memory assigned as it began, and moved", formatBytes(migration.assignedBytes)]);
  }
  if (migration.postcopy !== undefined) {
    const { seconds, pagesLeft, faults } = migration.postcopy;
    rows.push(["post-copy, memory after the guest", formatSeconds(seconds)]);
    rows.push(["  pages not there at its start", formatCount(pagesLeft)]);
    rows.push(["  times it waited for a page", formatCount(faults)]);
  }
  const { connectivityGapSeconds } = migration;
  if (connectivityGapSeconds !== undefined) {
    const gap = connectivityGapSeconds === null ? "until the end" : formatSeconds(connectivityGapSeconds);
    rows.push(["no frame reached the guest for", gap]);
  }
  if (migration.clientOutageSeconds !== null) {
    rows.push(["client outage, the worst client's", formatSeconds(migration.clientOutageSeconds)]);
  }
  if (migration.clients.some(({ kind }) => kind === "tcp")) {
    for (const client of migration.clients) rows.push([`  ${client.client}, ${whatItIs(client)}`, howItFared(client)]);
  }
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${paint("bold", value)}`);
}

const ROLE_WORDS: Readonly<Record<NonNullable<ClientResult["role"]>, string>> = {
  upload: "TCP, the client sends",
  request: "TCP, request and answer",
  download: "TCP, the guest sends",
  push: "TCP, the guest sends at times",
};

function whatItIs({ role }: ClientResult): string {
  return role === undefined ? "ping" : ROLE_WORDS[role];
}

function howItFared({ outageSeconds, lost, retransmissions, broken }: ClientResult): string {
  const outage = outageSeconds === 0 ? "nothing" : formatSeconds(outageSeconds);
  if (broken === true) return `${outage}, given up`;
  if (retransmissions === undefined) return lost === 0 ? outage : `${outage}, ${formatCount(lost)} lost`;
  return retransmissions === 0 ? outage : `${outage}, sent again ${formatCount(retransmissions)}x`;
}

function listMigrations(migrations: readonly MigrationResult[], paint: Paint): string[] {
  const formatOptional = (seconds: number | null) => (seconds === null ? "-" : formatSeconds(seconds));
  const listed = migrations.length > MOST_LISTED ? worstOf(migrations) : migrations;
  const rows = listed.map((migration) => [
    migration.vm,
    migration.from,
    migration.to,
    migration.outcome,
    formatCount(migration.rounds.length),
    formatOptional(migration.totalSeconds),
    formatOptional(migration.downtimeSeconds),
    formatOptional(migration.clientOutageSeconds),
  ]);
  const columns = [
    { title: "VM", align: "left" },
    { title: "from", align: "left" },
    { title: "to", align: "left" },
    { title: "outcome", align: "left" },
    { title: "rounds", align: "right" },
    { title: "total", align: "right" },
    { title: "downtime", align: "right" },
    { title: "clients", align: "right" },
  ] as const;
  const lines = formatTable(columns, rows, paint);
  const rest = migrations.length - listed.length;
  return rest > 0 ? [...lines, `... ${formatCount(rest)} more, none of them worse: --json has them all.`] : lines;
}

/** Those that did not complete, then those of the longest downtime; in the order in which they were asked for. */
function worstOf(migrations: readonly MigrationResult[]): MigrationResult[] {
  const badness = ({ outcome, downtimeSeconds }: MigrationResult) =>
    outcome === "completed" ? (downtimeSeconds ?? 0) : Number.MAX_VALUE;
  const worst = new Set([...migrations].sort((one, other) => badness(other) - badness(one)).slice(0, WORST_LISTED));
  return migrations.filter((migration) => worst.has(migration));
}

function describeAssumptions(result: RunResult, listed: boolean, paint: Paint): string[] {
  const count = result.assumptions.length;
  if (count === 0) return ["Every constant in force is documented or measured."];
  const constants =
    count === 1 ? "1 constant in force is an assumption" : `${count} constants in force are assumptions`;
  if (!listed) return [`${constants} (--assumptions lists ${count === 1 ? "it" : "them"}).`];
  const lines = [`${constants}, which no document or measurement backs:`];
  for (const { name, value, note } of result.assumptions) {
    lines.push(...wrap(`${paint("bold", name)} = ${value}: ${note}`, "  ", "    "));
  }
  return lines;
}
