/** Backups for people: how long, how much, what they did to volumes and to the machines. */
import {
  type BackupResult,
  formatBytes,
  formatCount,
  formatSeconds,
  type MachineBackupResult,
  type RunResult,
} from "../../sim/index.ts";
import type { Paint } from "./paint.ts";
import { formatTable } from "./table.ts";
import { wrap } from "./wrap.ts";

/** More machines than these are left to `--json`. */
const MOST_LISTED = 12;

const COLUMNS = [
  { title: "Backed up", align: "left" },
  { title: "on", align: "left" },
  { title: "how", align: "left" },
  { title: "took", align: "right" },
  { title: "copied", align: "right" },
  { title: "frozen", align: "right" },
  { title: "stood", align: "right" },
  { title: "clients", align: "right" },
] as const;

export function describeBackups({ backups = [] }: RunResult, paint: Paint): string[][] {
  return backups.flatMap((backup) => {
    const rows = backup.machines.slice(0, MOST_LISTED).map(row);
    const lines = formatTable(COLUMNS, rows, paint);
    const rest = backup.machines.length - MOST_LISTED;
    if (rest > 0) lines.push(`... ${formatCount(rest)} more: --json has them all.`);
    const failed = backup.machines.filter(({ outcome }) => outcome === "failed");
    const reasons = failed.slice(0, MOST_LISTED).flatMap(({ vm, reason }) => wrap(`${vm}: ${reason}`, "", "  "));
    return [wrap(sentence(backup)), lines, ...(reasons.length === 0 ? [] : [reasons])];
  });
}

function sentence({ outcome, startSeconds, endSeconds, bytes, redirectedSeconds, machines }: BackupResult): string {
  const done = machines.filter((machine) => machine.outcome === "completed").length;
  const took =
    endSeconds === null
      ? "was not over as the run ended"
      : `${outcome} after ${formatSeconds(endSeconds - startSeconds)}`;
  const redirected = redirectedSeconds === 0 ? "" : `; volumes were redirected for ${formatSeconds(redirectedSeconds)}`;
  const count = `${formatCount(done)} of ${formatCount(machines.length)} machines`;
  return `The backup ${took}: ${count}, ${formatBytes(bytes)}${redirected}.`;
}

function row(machine: MachineBackupResult): string[] {
  const { vm, node, method, startSeconds, endSeconds, bytes, frozenSeconds, standstillSeconds } = machine;
  const secondsOr = (seconds: number | null) => (seconds === null || seconds === 0 ? "-" : formatSeconds(seconds));
  return [
    vm,
    node ?? "-",
    method ?? "-",
    startSeconds === null || endSeconds === null ? "-" : formatSeconds(endSeconds - startSeconds),
    formatBytes(bytes),
    secondsOr(frozenSeconds),
    secondsOr(standstillSeconds),
    secondsOr(machine.clientOutageSeconds),
  ];
}
