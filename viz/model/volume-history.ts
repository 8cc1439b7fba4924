/** Who coordinates or owns each volume over the whole trace, and from which nodes I/O on it is redirected or waits. */
import type { TraceEvent } from "../simulator.ts";
import { type Step, valueAt } from "./steps.ts";
import type { TraceIndex } from "./trace-index.ts";
import type { Trace } from "./trace-reader.ts";

export interface VolumeAccess {
  redirected: boolean;
  /** Why the node's I/O waits; null where it does not. */
  waits: string | null;
}

export interface VolumeState {
  name: string;
  kind: string;
  /** Coordinator of a cluster shared volume, owner of a LUN; null while it changes hands. */
  owner: string | null;
  /** Nodes whose I/O goes over the network to the coordinator. */
  redirected: string[];
  /** Nodes whose I/O waits, with the reason. */
  waiting: { node: string; reason: string }[];
}

export interface VolumeHistory {
  name: string;
  kind: string;
  firstOwner: string;
  owners: Step<string | null>[];
  access: Map<string, Step<VolumeAccess>[]>;
}

const DIRECT: VolumeAccess = { redirected: false, waits: null };

const TYPES: ReadonlySet<string> = new Set([
  "csv.ownerChanged",
  "lun.ownerChanged",
  "csv.redirected",
  "csv.directAgain",
  "csv.paused",
  "csv.resumed",
] satisfies TraceEvent["type"][]);

export function volumeHistories(trace: Trace, index: TraceIndex): VolumeHistory[] {
  const volumes = trace.scenario.volumes.map(
    ({ name, kind, coordinator }): VolumeHistory => ({
      name,
      kind,
      firstOwner: coordinator,
      owners: [],
      access: new Map(),
    }),
  );
  const byName = new Map(volumes.map((volume) => [volume.name, volume]));
  for (const place of index.ofTypes(TYPES)) {
    const event = index.events.at(place);
    const volume = "volume" in event ? byName.get(event.volume) : undefined;
    if (volume !== undefined) follow(volume, event);
  }
  return volumes;
}

function follow(volume: VolumeHistory, event: TraceEvent): void {
  if (event.type === "csv.ownerChanged" || event.type === "lun.ownerChanged") {
    const since = Math.max(event.t - event.seconds, volume.owners.at(-1)?.startSeconds ?? 0);
    if (since < event.t) volume.owners.push({ startSeconds: since, value: null });
    volume.owners.push({ startSeconds: event.t, value: event.to });
    return;
  }
  if (!("node" in event) || event.node === null) return;
  const steps = volume.access.get(event.node) ?? [];
  const before = steps.at(-1)?.value ?? DIRECT;
  const value = accessAfter(before, event);
  steps.push({ startSeconds: event.t, value });
  volume.access.set(event.node, steps);
}

function accessAfter(before: VolumeAccess, event: TraceEvent): VolumeAccess {
  switch (event.type) {
    case "csv.redirected":
    case "csv.directAgain":
      return { ...before, redirected: event.type === "csv.redirected" };
    case "csv.paused":
      return { ...before, waits: event.reason };
    case "csv.resumed":
      return { ...before, waits: null };
    default:
      return before;
  }
}

export function volumeAt({ name, kind, firstOwner, owners, access }: VolumeHistory, t: number): VolumeState {
  const redirected: string[] = [];
  const waiting: { node: string; reason: string }[] = [];
  for (const [node, steps] of access) {
    const now = valueAt(steps, t, DIRECT);
    // A node without power asks for nothing.
    if (now.waits === "node-failed") continue;
    if (now.waits !== null) waiting.push({ node, reason: now.waits });
    else if (now.redirected) redirected.push(node);
  }
  return { name, kind, owner: valueAt<string | null>(owners, t, firstOwner), redirected, waiting };
}
