/** What failed, when it was noticed, and what became of each machine, for people. */
import {
  type FailedMachineResult,
  type FailedNodeResult,
  type FailoverResult,
  formatCount,
  formatSeconds,
} from "../../sim/index.ts";
import type { Paint } from "./paint.ts";
import { formatTable } from "./table.ts";
import { wrap } from "./wrap.ts";

/** More machines than these are left to `--json`: those that do not run, then those that were down longest are shown. */
const MOST_LISTED = 24;
/** Machines that do not run are explained up to so many. */
const MOST_EXPLAINED = 6;

const CAUSES: Readonly<Record<FailedMachineResult["cause"], string>> = {
  "node-failed": "node failed",
  "guest-hung": "guest hung",
  "migration-lost": "lost moving",
  "quorum-lost": "no quorum",
};

const COLUMNS = [
  { title: "Machine", align: "left" },
  { title: "was on", align: "left" },
  { title: "why down", align: "left" },
  { title: "noticed", align: "right" },
  { title: "started", align: "right" },
  { title: "on", align: "left" },
  { title: "down for", align: "right" },
  { title: "clients", align: "right" },
] as const;

export function describeFailover(failover: FailoverResult, paint: Paint): string[][] {
  const { nodes, machines, withoutQuorumSeconds } = failover;
  const blocks = [wrap(verdict(failover, paint))];
  if (nodes.length > 0) blocks.push(nodes.flatMap((node) => wrap(describeNode(node))));
  if (withoutQuorumSeconds !== undefined) {
    blocks.push(wrap(`The cluster had no quorum for ${formatSeconds(withoutQuorumSeconds)}, and nothing ran then.`));
  }
  if (machines.length === 0) return blocks;
  const worst = new Set([...machines].sort((one, other) => badness(other) - badness(one)).slice(0, MOST_LISTED));
  const rows = machines.filter((machine) => worst.has(machine)).map(row);
  const lines = formatTable(COLUMNS, rows, paint);
  const rest = machines.length - rows.length;
  blocks.push(rest > 0 ? [...lines, `... ${formatCount(rest)} more, none of them worse: --json has them all.`] : lines);
  const left = machines.filter(({ outcome }) => outcome !== "restarted").slice(0, MOST_EXPLAINED);
  if (left.length > 0) blocks.push(left.flatMap(({ reason }) => wrap(reason, "", "  ")));
  return blocks;
}

function verdict({ preset, machines }: FailoverResult, paint: Paint): string {
  const running = machines.filter(({ outcome }) => outcome === "restarted");
  const count = `${formatCount(running.length)} of ${formatCount(machines.length)}`;
  if (machines.length === 0) return "No machine went down.";
  const longest = running.reduce((most, machine) => Math.max(most, downFor(machine)), 0);
  const times = running.length === 0 ? "" : `, the last after ${formatSeconds(longest)}`;
  const colour = running.length === machines.length ? "green" : "red";
  return `${paint(colour, `${count} machines that went down run again`)} (${preset})${times}.`;
}

function describeNode({ node, failedSeconds, declaredDownSeconds, recoveredSeconds }: FailedNodeResult): string {
  const noticed =
    declaredDownSeconds === null
      ? "nobody declared it down"
      : `declared down ${formatSeconds(declaredDownSeconds - failedSeconds)} later`;
  const back = recoveredSeconds === null ? "" : `, back after ${formatSeconds(recoveredSeconds - failedSeconds)}`;
  return `${node} failed at ${formatSeconds(failedSeconds)}: ${noticed}${back}.`;
}

function badness(machine: FailedMachineResult): number {
  return machine.outcome === "restarted" ? downFor(machine) : Number.MAX_VALUE;
}

function downFor({ downSeconds, runningSeconds }: FailedMachineResult): number {
  return (runningSeconds ?? downSeconds) - downSeconds;
}

/** Times since it went down. */
function row(machine: FailedMachineResult): string[] {
  const { vm, node, cause, downSeconds, noticedSeconds, restartSeconds, to, runningSeconds, clientOutageSeconds } =
    machine;
  const since = (atSeconds: number | null) => (atSeconds === null ? "-" : formatSeconds(atSeconds - downSeconds));
  return [
    vm,
    node,
    CAUSES[cause],
    since(noticedSeconds),
    since(restartSeconds),
    to ?? "-",
    runningSeconds === null ? "to the end" : since(runningSeconds),
    clientOutageSeconds === null ? "-" : formatSeconds(clientOutageSeconds),
  ];
}
