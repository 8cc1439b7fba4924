/** Machines that a cluster starts: where each goes, whose turn it is, and its way from its disks to a guest that answers. */
import type { ClusterNode } from "../cluster/node.ts";
import type { VirtualMachine } from "../cluster/virtual-machine.ts";
import type { FailoverSettings } from "../orchestration/failover/parameters.ts";
import { place } from "../orchestration/placement.ts";
import { MEDIUM_PRIORITY } from "../orchestration/queue-order.ts";
import type { Volume } from "../storage/volume.ts";
import type { TraceEventBody } from "../trace/events.ts";
import type { Evacuations } from "./evacuations.ts";
import type { FailoverPlan } from "./failover-plan.ts";
import type { MachineOutage } from "./machine-outage.ts";
import { MachineStart } from "./machine-start.ts";
import type { World } from "./world.ts";

interface StartsOfNode {
  /** Begun, and not powered on. */
  starting: number;
  readonly waiting: MachineStart[];
}

export class Restarts {
  readonly world: World;
  /** The cluster's preset. */
  readonly by: string;
  readonly settings: FailoverSettings;
  private readonly evacuations: Evacuations;
  private readonly onOver: (outage: MachineOutage) => void;
  private readonly nodes = new Map<ClusterNode, StartsOfNode>();
  private readonly starts = new Map<MachineOutage, MachineStart>();
  /** No node takes them, in the order in which they asked. */
  private readonly homeless = new Set<MachineOutage>();
  /** LUNs that nodes have taken over, and when each is or was mounted there. */
  private readonly mounts = new Map<Volume, { readonly node: string; readonly atSeconds: number }>();

  constructor(
    world: World,
    { preset, settings }: FailoverPlan,
    evacuations: Evacuations,
    onOver: (outage: MachineOutage) => void,
  ) {
    this.world = world;
    this.by = preset.name;
    this.settings = settings;
    this.evacuations = evacuations;
    this.onOver = onOver;
  }

  /** They are to be started: those of high priority find their places, and have their turns, first. */
  add(outages: Iterable<MachineOutage>, where: "elsewhere" | "in-place" = "elsewhere"): void {
    const inOrder = [...outages].sort((one, other) => {
      const byPriority = priorityOf(other) - priorityOf(one);
      return byPriority !== 0 ? byPriority : one.guest.machine.index - other.guest.machine.index;
    });
    for (const outage of inOrder) this.findPlace(outage, where);
  }

  /** Room may have come free. */
  retry(): void {
    const waiting = [...this.homeless];
    this.homeless.clear();
    this.add(waiting);
  }

  /** What was starting there, or waited to, is off again. */
  nodeFailed(node: ClusterNode): void {
    for (const [outage, start] of this.starts) {
      if (outage.guest.machine.node !== node) continue;
      this.withdraw(outage, start);
      outage.awaits = node;
    }
    this.nodes.delete(node);
  }

  /** Nothing is started any more; all that was to be waits. */
  stopAll(): void {
    for (const [outage, start] of this.starts) this.withdraw(outage, start);
    this.nodes.clear();
    this.homeless.clear();
  }

  /** For MachineStart: the node has taken the LUN over, and has it mounted at that time. */
  mount(lun: Volume, node: string, atSeconds: number): void {
    this.mounts.set(lun, { node, atSeconds });
  }

  /** For MachineStart: since or from when the node has it mounted, as far as starts took it there; else -Infinity. */
  mountedSeconds(volume: Volume, node: string): number {
    const mount = this.mounts.get(volume);
    return mount?.node === node ? mount.atSeconds : Number.NEGATIVE_INFINITY;
  }

  isStarting(outage: MachineOutage): boolean {
    return this.starts.has(outage);
  }

  /** For MachineStart: it is powered on, and its slot is free. */
  poweredOn(node: ClusterNode): void {
    const starts = this.startsOf(node);
    starts.starting -= 1;
    this.goOn(node, starts);
  }

  /** For MachineStart: its guest answers. */
  booted(outage: MachineOutage): void {
    const { simulation, clientSwitch } = this.world;
    const { machine, activity, scenario } = outage.guest;
    this.starts.delete(outage);
    outage.runningSeconds = simulation.now;
    this.onOver(outage);
    const downSeconds = simulation.now - outage.downSeconds;
    this.record({ type: "vm.booted", vm: machine.name, node: machine.node.name, downSeconds });
    // What a guest sends while it boots (for its address, for its neighbours) has told the switches where it is.
    if (outage.guest.isHeard) clientSwitch.learn(scenario.mac.toLowerCase(), machine.node.name);
    activity.boot();
    machine.start();
    this.evacuations.machineIsBack(outage.guest);
  }

  private findPlace(outage: MachineOutage, where: "elsewhere" | "in-place"): void {
    const { machine } = outage.guest;
    this.homeless.delete(outage);
    if (this.starts.has(outage)) return;
    if (priorityOf(outage) === 0) {
      outage.isGivenUp = true;
      this.refuse(outage, `${machine.name} has priority none, and is not started.`);
      return;
    }
    const { node: from } = machine;
    const isOpen = from.whyClosed === null;
    if (where === "in-place" && isOpen) {
      this.queue(outage, from);
      return;
    }
    const placement = this.placement(outage);
    // Its own node, back again, is as good as any where no other takes it.
    const to = placement.node ?? (isOpen && outage.cause !== "guest-hung" ? from : null);
    if (to !== null) this.queue(outage, to);
    else {
      this.homeless.add(outage);
      this.refuse(outage, placement.reason ?? "");
    }
  }

  /** Machines that share a LUN start on one node, which takes it over: the first is placed with room for all. */
  private placement({ guest }: MachineOutage) {
    const { cluster } = this.world;
    const { name, affinity, antiAffinity } = guest.scenario;
    const { assignedBytes } = guest.machine;
    const others = cluster.lunGroup(name).slice(1);
    const held = others.find((other) => this.isPlaced(other));
    const bytes =
      held === undefined ? others.reduce((sum, other) => sum + other.assignedBytes, assignedBytes) : assignedBytes;
    const candidate = {
      name,
      memoryBytes: bytes,
      affinity: affinity ?? null,
      antiAffinity: antiAffinity ?? null,
    };
    return place(candidate, {
      cluster,
      groups: this.evacuations.groups,
      goal: "spread",
      targets: held === undefined ? null : new Set([held.node.name]),
      whyUnsuitable: (vm, node) => cluster.whyNotStart(vm, node),
    });
  }

  private isPlaced(machine: VirtualMachine): boolean {
    if (machine.running) return true;
    for (const { guest } of this.starts.keys()) if (guest.machine === machine) return true;
    return false;
  }

  private refuse(outage: MachineOutage, reason: string): void {
    if (outage.reason === reason) return;
    outage.reason = reason;
    this.record({ type: "vm.notRestarted", vm: outage.guest.machine.name, reason, by: this.by });
  }

  private queue(outage: MachineOutage, to: ClusterNode): void {
    const { machine } = outage.guest;
    const from = machine.node.name;
    const { reason } = outage;
    outage.to = to.name;
    outage.reason =
      to.name === outage.node
        ? `It was started again on ${to.name}.`
        : `It was started on ${to.name} instead of ${outage.node}.`;
    this.world.cluster.relocate(machine, to);
    const priority = priorityOf(outage);
    this.record({ type: "vm.restartQueued", vm: machine.name, from, to: to.name, priority, reason });
    const start = new MachineStart(this, outage, to);
    this.starts.set(outage, start);
    const starts = this.startsOf(to);
    starts.waiting.push(start);
    this.goOn(to, starts);
  }

  private goOn(node: ClusterNode, starts: StartsOfNode): void {
    const most = this.settings.startsPerNode === 0 ? Number.POSITIVE_INFINITY : this.settings.startsPerNode;
    while (starts.starting < most) {
      const next = starts.waiting.shift();
      if (next === undefined) return;
      starts.starting += 1;
      next.begin();
      this.record({ type: "vm.restartStarted", vm: next.outage.guest.machine.name, node: node.name, by: this.by });
    }
  }

  private withdraw(outage: MachineOutage, start: MachineStart): void {
    start.stop();
    this.starts.delete(outage);
    outage.loseTurn();
  }

  private startsOf(node: ClusterNode): StartsOfNode {
    let starts = this.nodes.get(node);
    if (starts === undefined) {
      starts = { starting: 0, waiting: [] };
      this.nodes.set(node, starts);
    }
    return starts;
  }

  private record(event: TraceEventBody): void {
    const { recorder, simulation } = this.world;
    if (recorder.recording) recorder.record({ t: simulation.now, ...event });
  }
}

function priorityOf({ guest }: MachineOutage): number {
  return guest.scenario.priority ?? MEDIUM_PRIORITY;
}
