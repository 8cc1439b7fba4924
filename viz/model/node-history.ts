/** What each node goes through over the whole trace: drained, in maintenance, failed, off, starting, cut off. */
import type { TraceEvent } from "../simulator.ts";
import { type Step, valueAt } from "./steps.ts";
import type { TraceIndex } from "./trace-index.ts";

/** `starts`: it has its power, and boots. */
export type NodeState = "up" | "draining" | "maintenance" | "failed" | "starts" | "off" | "cut-off";

export interface NodeCondition {
  state: NodeState;
  /** Networks that carry nothing at its port. */
  cutFrom: readonly string[];
}

export type NodeHistory = ReadonlyMap<string, readonly Step<NodeCondition>[]>;

const UP: NodeCondition = { state: "up", cutFrom: [] };

const TYPES: ReadonlySet<string> = new Set([
  "drain.started",
  "drain.ended",
  "node.maintenanceStarted",
  "node.maintenanceEnded",
  "node.failed",
  "node.recovering",
  "node.recovered",
  "node.poweredOff",
  "node.poweredOn",
  "node.booted",
  "link.cut",
  "link.restored",
] satisfies TraceEvent["type"][]);

interface NodeFlags {
  power: "on" | "failed" | "starts" | "off";
  drains: number;
  maintenance: boolean;
  cutFrom: string[];
}

/** Nodes to which nothing happens are not in it. */
export function nodeHistory(index: TraceIndex): NodeHistory {
  const flags = new Map<string, NodeFlags>();
  const history = new Map<string, Step<NodeCondition>[]>();
  for (const place of index.ofTypes(TYPES)) {
    const event = index.events.at(place);
    if (!("node" in event) || event.node === null) continue;
    const node = flags.get(event.node) ?? { power: "on", drains: 0, maintenance: false, cutFrom: [] };
    flags.set(event.node, node);
    apply(node, event);
    const steps = history.get(event.node) ?? [];
    history.set(event.node, steps);
    const value: NodeCondition = { state: stateOf(node), cutFrom: [...node.cutFrom] };
    const last = steps.at(-1);
    if (last !== undefined && last.startSeconds === event.t) last.value = value;
    else steps.push({ startSeconds: event.t, value });
  }
  return history;
}

export function nodeAt(history: NodeHistory, node: string, t: number): NodeCondition {
  return valueAt(history.get(node) ?? [], t, UP);
}

function apply(node: NodeFlags, event: TraceEvent): void {
  switch (event.type) {
    case "drain.started":
      node.drains += 1;
      break;
    case "drain.ended":
      node.drains = Math.max(0, node.drains - 1);
      break;
    case "node.maintenanceStarted":
    case "node.maintenanceEnded":
      node.maintenance = event.type === "node.maintenanceStarted";
      break;
    case "node.failed":
      node.power = "failed";
      node.maintenance = false;
      break;
    case "node.poweredOff":
      node.power = "off";
      break;
    case "node.recovering":
    case "node.poweredOn":
      node.power = "starts";
      break;
    case "node.recovered":
    case "node.booted":
      node.power = "on";
      break;
    case "link.cut":
      if (!node.cutFrom.includes(event.network)) node.cutFrom.push(event.network);
      break;
    case "link.restored":
      node.cutFrom = node.cutFrom.filter((network) => network !== event.network);
      break;
  }
}

/** Of all that holds, what matters most to machines. */
function stateOf({ power, drains, maintenance, cutFrom }: NodeFlags): NodeState {
  if (power !== "on") return power;
  if (cutFrom.length > 0) return "cut-off";
  if (maintenance) return "maintenance";
  return drains > 0 ? "draining" : "up";
}
