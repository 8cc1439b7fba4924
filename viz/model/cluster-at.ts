/** The whole cluster at a moment: every node with its machines, who is on the way, and who has which volume. A function of t alone. */

import { bisectRight } from "./bisect.ts";
import { MachineChanges, type MachinesAt } from "./machine-changes.ts";
import { GUEST_STATES, type GuestState, MACHINE_STATUSES, type MachineStatus, STATUS_CODES } from "./machine-status.ts";
import type { MigrationSummary } from "./migrations.ts";
import { MoveCourse } from "./move-course.ts";
import { type NodeCondition, type NodeHistory, type NodeState, nodeAt, nodeHistory } from "./node-history.ts";
import type { Timeline } from "./timeline.ts";
import { type VolumeHistory, type VolumeState, volumeAt, volumeHistories } from "./volume-history.ts";

export interface NodeAt extends NodeCondition {
  name: string;
  memoryBytes: number;
  /** Machines whose guests run on it, or last ran there, by their place in `MACHINE_STATUSES`: one on its way is where its guest is. */
  counts: readonly number[];
  /** Memory of machines that are on it, those included that are on their way from it. */
  usedBytes: number;
  /** Memory of machines on their way to it. */
  arrivingBytes: number;
  /** Migrations under way, from it and to it. */
  out: number;
  in: number;
  /** Volumes that it coordinates or owns. */
  volumes: readonly string[];
}

/** A machine on its way. */
export interface Move {
  migration: MigrationSummary;
  /** Place in the scenario's list. */
  machine: number;
  /** Places of the nodes. */
  from: number;
  to: number;
  guest: GuestState;
  /** It runs at the target, its memory following or its source being cleaned up. */
  arrived: boolean;
  /** Share of its memory that the target has as it is, 0 to 1. */
  share: number;
}

export interface ClusterState {
  t: number;
  machines: MachinesAt;
  nodes: readonly NodeAt[];
  moves: readonly Move[];
  volumes: readonly VolumeState[];
}

interface Occupancy {
  machines: MachinesAt;
  counts: readonly number[][];
  used: Float64Array;
  moving: readonly Omit<Move, "share">[];
  arriving: Float64Array;
  out: Float64Array;
  into: Float64Array;
}

const NO_VOLUMES: readonly string[] = [];

/** Courses kept at once: those that are under way, and what was looked at just now. */
const MOST_COURSES = 4096;

export class ClusterHistory {
  readonly machineNames: readonly string[];
  readonly nodeNames: readonly string[];
  private readonly timeline: Timeline;
  private readonly machines: MachineChanges;
  private readonly nodes: NodeHistory;
  private readonly volumes: readonly VolumeHistory[];
  private readonly courses = new Map<number, MoveCourse>();
  private readonly nodePlaces: ReadonlyMap<string, number>;
  private last: Occupancy | null = null;

  constructor(timeline: Timeline) {
    const { trace, index, migrations } = timeline;
    this.timeline = timeline;
    this.machineNames = trace.scenario.vms.map((vm) => vm.name);
    this.nodeNames = trace.scenario.nodes.map((node) => node.name);
    this.nodePlaces = new Map(this.nodeNames.map((name, place) => [name, place]));
    this.machines = new MachineChanges(trace, index, migrations);
    this.nodes = nodeHistory(index);
    this.volumes = volumeHistories(trace, index);
  }

  /** What machines and nodes are at some time of the trace. */
  seen(): { machines: ReadonlySet<MachineStatus>; nodes: ReadonlySet<NodeState> } {
    const steps = [...this.nodes.values()].flat();
    return { machines: this.machines.seen, nodes: new Set(steps.map((step) => step.value.state)) };
  }

  /** Machines of the fullest node at its fullest. */
  get fullest(): number {
    return this.machines.fullest;
  }

  at(t: number): ClusterState {
    const machines = this.machines.at(t);
    const volumes = this.volumes.map((volume) => volumeAt(volume, t));
    const occupancy = this.occupancyAt(machines);
    const moves = occupancy.moving.map((move) => ({
      ...move,
      share: this.courseOf(move.migration, move.machine).shareAt(t),
    }));
    return { t, machines, nodes: this.nodesAt(occupancy, volumes, t), moves, volumes };
  }

  /** What follows from the machines alone: the same as long as nothing changes for any of them. */
  private occupancyAt(machines: MachinesAt): Occupancy {
    if (this.last?.machines === machines) return this.last;
    const nodes = this.nodeNames.length;
    const counts = this.nodeNames.map(() => new Array<number>(MACHINE_STATUSES.length).fill(0));
    const used = new Float64Array(nodes);
    const moving: Omit<Move, "share">[] = [];
    for (let machine = 0; machine < machines.nodes.length; machine += 1) {
      const node = machines.nodes[machine] as number;
      const status = machines.statuses[machine] as number;
      if (status !== STATUS_CODES.down && status !== STATUS_CODES.queued) add(used, node, machines.bytes[machine]);
      const own = counts[node];
      if (own !== undefined) own[status] = (own[status] as number) + 1;
      const move = status === STATUS_CODES.moving ? this.moveOf(machine, machines) : null;
      if (move !== null) moving.push(move);
    }
    moving.sort((a, b) => a.migration.index - b.migration.index);
    const arriving = new Float64Array(nodes);
    const out = new Float64Array(nodes);
    const into = new Float64Array(nodes);
    for (const { machine, from, to, arrived } of moving) {
      add(out, from, 1);
      add(into, to, 1);
      add(arrived ? used : arriving, arrived ? from : to, machines.bytes[machine]);
    }
    this.last = { machines, counts, used, moving, arriving, out, into };
    return this.last;
  }

  private moveOf(machine: number, machines: MachinesAt): Omit<Move, "share"> | null {
    const migration = this.migration(machines.migrations[machine] as number);
    if (migration === null) return null;
    const to = this.nodePlaces.get(migration.to) ?? -1;
    return {
      migration,
      machine,
      from: this.nodePlaces.get(migration.from) ?? -1,
      to,
      guest: GUEST_STATES[machines.guests[machine] as number] as GuestState,
      arrived: machines.nodes[machine] === to,
    };
  }

  private nodesAt(occupancy: Occupancy, volumes: readonly VolumeState[], t: number): NodeAt[] {
    const { counts, used, arriving, out, into } = occupancy;
    const owned = new Map<string, string[]>();
    for (const { name, owner } of volumes) {
      if (owner === null) continue;
      const names = owned.get(owner);
      if (names === undefined) owned.set(owner, [name]);
      else names.push(name);
    }
    const scenario = this.timeline.trace.scenario;
    return this.nodeNames.map((name, place) => {
      const { state, cutFrom } = nodeAt(this.nodes, name, t);
      return {
        name,
        state,
        cutFrom,
        memoryBytes: scenario.nodes[place]?.memoryBytes ?? 0,
        counts: counts[place] as number[],
        usedBytes: used[place] as number,
        arrivingBytes: arriving[place] as number,
        out: out[place] as number,
        in: into[place] as number,
        volumes: owned.get(name) ?? NO_VOLUMES,
      };
    });
  }

  private migration(index: number): MigrationSummary | null {
    const { migrations } = this.timeline;
    const found = migrations[bisectRight(migrations, index, (each) => each.index) - 1];
    return found?.index === index ? found : null;
  }

  private courseOf(migration: MigrationSummary, machine: number): MoveCourse {
    const known = this.courses.get(migration.index);
    if (known !== undefined) return known;
    const { index, trace } = this.timeline;
    const course = new MoveCourse(index, migration, trace.scenario.vms[machine]?.classes ?? []);
    const oldest = this.courses.keys().next().value;
    if (this.courses.size >= MOST_COURSES && oldest !== undefined) this.courses.delete(oldest);
    this.courses.set(migration.index, course);
    return course;
  }
}

function add(sums: Float64Array, place: number, value: number | undefined): void {
  if (place >= 0 && place < sums.length) sums[place] = (sums[place] as number) + (value ?? 0);
}

const histories = new WeakMap<Timeline, ClusterHistory>();

/** The cluster's history of a timeline, made when it is first asked for. */
export function clusterHistoryOf(timeline: Timeline): ClusterHistory {
  let history = histories.get(timeline);
  if (history === undefined) {
    history = new ClusterHistory(timeline);
    histories.set(timeline, history);
  }
  return history;
}
