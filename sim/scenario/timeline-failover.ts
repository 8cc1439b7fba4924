/** Failures in the timeline and the cluster's preset, and what is certain to go wrong with them. */
import { formatSeconds } from "../kernel/units.ts";
import { type FailoverTimelineEntry, isFailoverEntry, type ScenarioFailover } from "./failover.ts";
import type { FailoverFileEntry } from "./failover-schema.ts";
import { find, type Named } from "./machines.ts";
import type { KnownFailover, KnownModels } from "./models.ts";
import { readOverrides, writeOverrides } from "./parameters.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import type { ScenarioNode, ScenarioVm } from "./scenario.ts";
import type { TimelineFileEntry } from "./schema.ts";
import { suggestion } from "./suggest.ts";

/** The scenario's cluster; undefined where it has none. */
export function toFailover(
  written: FailoverFileEntry,
  models: KnownModels,
  problems: ProblemList,
): ScenarioFailover | undefined {
  if (written === undefined) return undefined;
  const isName = typeof written === "string";
  const { preset, ...values } = isName ? { preset: written } : written;
  const known: readonly KnownFailover[] = models.failovers ?? [];
  const found = known.find(({ name }) => name === preset);
  if (found === undefined) {
    const names = known.map(({ name }) => name);
    const path = isName ? ["failover"] : ["failover", "preset"];
    problems.add(path, `there is no failover preset "${preset}"`, suggestion(preset, names, "failover presets"));
    return undefined;
  }
  const given = values as Record<string, string | number | boolean>;
  return { preset, overrides: readOverrides(found.parameters, given, `failover ${preset}`, ["failover"], problems) };
}

/** The entry about a failure, where it is one. */
export function toFailoverEntry(entry: TimelineFileEntry): FailoverTimelineEntry | null {
  const { at: atSeconds } = entry;
  if (entry.hang !== undefined) return { kind: "hang", atSeconds, vm: entry.hang.vm };
  if (entry.recover !== undefined) return { kind: "recover", atSeconds, node: entry.recover.node };
  if (entry.fail === undefined) return null;
  const { node, sinceHeartbeat } = entry.fail;
  return {
    kind: "fail",
    atSeconds,
    node,
    ...(sinceHeartbeat === undefined ? {} : { sinceHeartbeatSeconds: sinceHeartbeat }),
  };
}

export function writeFailover({ preset, overrides }: ScenarioFailover, models: KnownModels) {
  const parameters = models.failovers?.find(({ name }) => name === preset)?.parameters;
  return { preset, ...writeOverrides(overrides, parameters) };
}

export function writeFailoverEntry(entry: FailoverTimelineEntry) {
  const { kind, atSeconds: at } = entry;
  if (kind === "hang") return { at, hang: { vm: entry.vm } };
  if (kind === "recover") return { at, recover: { node: entry.node } };
  const { node, sinceHeartbeatSeconds: sinceHeartbeat } = entry;
  return { at, fail: { node, ...(sinceHeartbeat === undefined ? {} : { sinceHeartbeat }) } };
}

interface Placed {
  readonly event: { readonly kind: string };
  readonly path: ScenarioPath;
}

/** Nodes and machines that are there; no failure of a node that is down, no recovery of one that is up. */
export function checkFailures(
  events: readonly Placed[],
  { nodes, vms }: { readonly nodes: Named<ScenarioNode>; readonly vms: Named<ScenarioVm> },
  failover: ScenarioFailover | undefined,
  models: KnownModels,
  problems: ProblemList,
): void {
  const downSince = new Map<string, number>();
  const table = models.failovers?.find(({ name }) => name === failover?.preset)?.parameters;
  const interval = failover?.overrides.heartbeatIntervalSeconds ?? table?.heartbeatIntervalSeconds?.value;
  for (const { event, path } of events) {
    if (!isFailoverEntry(event)) continue;
    if (event.kind === "hang") {
      find(vms, event.vm, "vm", [...path, "vm"], problems);
      continue;
    }
    const { node, atSeconds } = event;
    if (find(nodes, node, "node", [...path, "node"], problems) === null) continue;
    const since = downSince.get(node);
    if (event.kind === "recover") {
      if (since === undefined) {
        problems.add(
          [...path, "node"],
          `"${node}" is to recover at ${formatSeconds(atSeconds)}, and is up`,
          `let it fail before (fail: {node: ${node}}), or take this entry out`,
        );
      }
      downSince.delete(node);
      continue;
    }
    if (since !== undefined) {
      problems.add(
        [...path, "node"],
        `"${node}" is to fail at ${formatSeconds(atSeconds)}, and is down since ${formatSeconds(since)}`,
        `let it recover before (recover: {node: ${node}}), or take this entry out`,
      );
    }
    downSince.set(node, atSeconds);
    const { sinceHeartbeatSeconds } = event;
    if (sinceHeartbeatSeconds === undefined) continue;
    if (typeof interval !== "number") {
      problems.add(
        [...path, "sinceHeartbeat"],
        "no heartbeats are sent where there is no cluster",
        "name a failover preset, or leave sinceHeartbeat out",
      );
    } else if (sinceHeartbeatSeconds > interval) {
      problems.add(
        [...path, "sinceHeartbeat"],
        `the last heartbeat cannot be ${formatSeconds(sinceHeartbeatSeconds)} back: there is one every ${formatSeconds(interval)}`,
        `give ${formatSeconds(interval)} or less`,
      );
    }
  }
}
