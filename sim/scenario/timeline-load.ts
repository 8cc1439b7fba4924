/** Entries of the timeline about the load of hosts, and what is certain to go wrong with them. */
import { formatSeconds } from "../kernel/units.ts";
import { BALANCING_METHODS } from "../orchestration/balancing-methods.ts";
import { POWER_PARAMETERS } from "../orchestration/power.ts";
import type { BalanceEntry, ConsolidateEntry, LoadTimelineEntry } from "./load.ts";
import { type BalanceFileEntry, balanceSchema, consolidateSchema } from "./load-schema.ts";
import type { Named } from "./machines.ts";
import { toMeans } from "./migration-means.ts";
import type { KnownModels } from "./models.ts";
import { readOverrides } from "./parameters.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import type { ScenarioNode, ScenarioVm } from "./scenario.ts";
import type { TimelineFileEntry } from "./schema.ts";
import { suggestion } from "./suggest.ts";
import { toSlots } from "./timeline-maintenance.ts";

export const LOAD_KINDS = ["balance", "consolidate"] as const;

/** The entry about load, where it is one. */
export function toLoad(
  { at: atSeconds, balance, consolidate }: TimelineFileEntry,
  models: KnownModels,
  path: ScenarioPath,
  problems: ProblemList,
): LoadTimelineEntry | null {
  if (balance !== undefined) {
    const own = [...path, "balance"];
    const { until } = balance;
    return {
      kind: "balance",
      atSeconds,
      method: toMethod(balance.method, [...own, "method"], problems),
      ...(until === undefined ? {} : { untilSeconds: until }),
      ...toMeans(balance, furtherValues(balance, balanceSchema.shape), models, own, problems),
      order: "as-listed",
      slots: toSlots(balance.slots),
      placement: "spread",
    } satisfies BalanceEntry;
  }
  if (consolidate === undefined) return null;
  const own = [...path, "consolidate"];
  const { until, keep, moveBack, power, order, wave, slots } = consolidate;
  return {
    kind: "consolidate",
    atSeconds,
    untilSeconds: until,
    keep,
    moveBack,
    power: readOverrides(POWER_PARAMETERS, power, "power", [...own, "power"], problems),
    ...toMeans(consolidate, furtherValues(consolidate, consolidateSchema.shape), models, own, problems),
    order,
    slots: toSlots(slots),
    ...(wave === undefined ? {} : { wave }),
    placement: "pack",
  } satisfies ConsolidateEntry;
}

function furtherValues(written: object, known: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(written).filter(([key]) => !(key in known)));
}

function toMethod(
  written: BalanceFileEntry["method"],
  path: ScenarioPath,
  problems: ProblemList,
): BalanceEntry["method"] {
  const isName = typeof written === "string";
  const { name, ...values } = isName ? { name: written } : written;
  const method = BALANCING_METHODS.find((candidate) => candidate.name === name);
  if (method !== undefined) {
    const further = values as Record<string, string | number | boolean>;
    return { name, overrides: readOverrides(method.parameters, further, `method ${name}`, path, problems) };
  }
  const names = BALANCING_METHODS.map((candidate) => candidate.name);
  problems.add(
    isName ? path : [...path, "name"],
    `there is no method "${name}"`,
    suggestion(name, names, "methods of balancing"),
  );
  return { name, overrides: {} };
}

interface PlacedEntry {
  readonly event: { readonly kind: string };
  readonly path: ScenarioPath;
}

interface Things {
  readonly nodes: Named<ScenarioNode>;
  readonly vms: Named<ScenarioVm>;
}

/** Demands fit processors that are said, and entries about load can have an effect. */
export function checkLoad(
  events: readonly PlacedEntry[],
  { nodes, vms }: Things,
  horizonSeconds: number,
  problems: ProblemList,
): void {
  let asking: ScenarioVm | null = null;
  for (const { thing: vm, path } of vms.byName.values()) {
    if (vm.cpuDemand === undefined) continue;
    asking ??= vm;
    const most = vm.cpuDemand.reduce((sofar, { processors }) => Math.max(sofar, processors), 0);
    if (vm.vcpus === undefined || most <= vm.vcpus) continue;
    problems.add(
      [...path, "cpuDemand"],
      `"${vm.name}" asks for ${most} logical processors, and has ${vm.vcpus} virtual ones`,
      `give it at most ${vm.vcpus}, or more vcpus`,
      "demand-over-vcpus",
    );
  }
  if (asking !== null) {
    for (const { thing: node, path } of nodes.byName.values()) {
      if (node.logicalProcessors !== undefined) continue;
      problems.add(
        path,
        `"${asking.name}" says its cpuDemand, and of node "${node.name}" the processors are not known`,
        "add logicalProcessors to the node",
        "processors-not-said",
      );
    }
  }
  let balancedUntil = -1;
  for (const { event, path } of events) {
    const entry = event as LoadTimelineEntry | { kind: "migrate" };
    if (entry.kind !== "balance" && entry.kind !== "consolidate") continue;
    checkTimes(entry, path, horizonSeconds, problems);
    if (nodes.complete && nodes.byName.size === 1) {
      problems.add(path, "there is one node, and nowhere to move machines", "add nodes, or leave the entry out");
    } else if (entry.kind === "consolidate" && nodes.complete && entry.keep >= nodes.byName.size) {
      problems.add(
        [...path, "keep"],
        `all ${nodes.byName.size} nodes stay powered on`,
        `give keep at most ${nodes.byName.size - 1}`,
      );
    }
    if (entry.kind !== "balance") continue;
    if (entry.atSeconds < balancedUntil) {
      problems.add(
        path,
        `load is being balanced already until ${formatSeconds(balancedUntil)}`,
        "end the one before with until, or let this one begin later",
      );
    }
    balancedUntil = Math.max(balancedUntil, entry.untilSeconds ?? horizonSeconds);
  }
}

function checkTimes(
  { atSeconds, untilSeconds }: LoadTimelineEntry,
  path: ScenarioPath,
  horizonSeconds: number,
  problems: ProblemList,
): void {
  if (untilSeconds === undefined) return;
  if (untilSeconds <= atSeconds) {
    problems.add(
      [...path, "until"],
      `it begins at ${formatSeconds(atSeconds)} and is to end at ${formatSeconds(untilSeconds)}`,
      "give a later until: it is a simulated time, not a duration",
    );
  } else if (untilSeconds > horizonSeconds) {
    problems.add(
      [...path, "until"],
      `it is to end at ${formatSeconds(untilSeconds)}, after the horizon of ${formatSeconds(horizonSeconds)}`,
      "raise horizon, or give an earlier time",
    );
  }
}
