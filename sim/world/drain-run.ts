/** A node that is emptied: its machines queue, move, and the node is in maintenance; then it takes machines again. */
import type { ClusterNode } from "../cluster/node.ts";
import type { EventHandler } from "../kernel/simulation.ts";
import { goodputBytesPerSecond } from "../network/framing.ts";
import { inQueueOrder, MEDIUM_PRIORITY } from "../orchestration/queue-order.ts";
import type { DrainOutcome } from "../trace/orchestration-events.ts";
import type { DrainResult } from "../trace/orchestration-result.ts";
import type { EvacuationPlan } from "./evacuation-plan.ts";
import type { Evacuations } from "./evacuations.ts";
import type { MigrationRun } from "./migration-run.ts";
import type { Guest } from "./world.ts";

export interface DrainRunOptions {
  readonly evacuations: Evacuations;
  readonly plan: EvacuationPlan;
  /** Index in the result's list. */
  readonly drain: number;
  readonly node: ClusterNode;
  /** How long the node is in maintenance; null until it is resumed. */
  readonly durationSeconds: number | null;
  readonly moveBack: boolean;
  /** Where machines are left, the node takes machines again at once; otherwise it stays as it is. */
  readonly givesUp: boolean;
  /** Instead of maintenance, the empty node is powered off: whoever does that resumes the drain. */
  readonly powerOff?: {
    /** Where a machine is to go; machines that are not named go where there is a place. */
    readonly targetOf: ReadonlyMap<string, string>;
    onEmpty(drain: DrainRun): void;
  };
  /** The node takes machines again, and those that were to come back have. */
  onOver(drain: DrainRun): void;
}

export class DrainRun implements EventHandler {
  readonly node: ClusterNode;
  outcome: DrainOutcome = "not-finished";

  private readonly options: DrainRunOptions;
  private stage: "emptying" | "maintenance" | "moving-back" | "over" = "emptying";
  private readonly startSeconds: number;
  /** To be asked to move. */
  private queue: Guest[] = [];
  private readonly open = new Set<MigrationRun>();
  private readonly runs: MigrationRun[] = [];
  /** Those for which there was a node to go to. */
  private readonly placed = new Set<MigrationRun>();
  private readonly back: MigrationRun[] = [];
  private machines = 0;
  /** Migrations are being asked for: some may be over at once. */
  private asking = false;
  private makespanSeconds: number | null = null;
  private maintenanceStartSeconds: number | null = null;
  private maintenanceEndSeconds: number | null = null;
  private reason: string | null = null;

  /** The node takes no machines any more from here on. */
  constructor(options: DrainRunOptions) {
    this.options = options;
    this.node = options.node;
    this.node.takesMachines = false;
    this.node.emptiedFor = options.powerOff === undefined ? "maintenance" : "power-off";
    this.startSeconds = options.evacuations.world.simulation.now;
  }

  /** All migrations that it asked for, those that brought machines back included. */
  get migrationRuns(): readonly MigrationRun[] {
    return [...this.runs, ...this.back];
  }

  get isEmptying(): boolean {
    return this.stage === "emptying";
  }

  /** The machines begin to move. */
  start(): void {
    const { evacuations, plan, drain } = this.options;
    const { world } = evacuations;
    const here = evacuations.machinesAt(this.node);
    this.machines = here.length;
    if (world.recorder.recording) {
      const { now: t } = world.simulation;
      world.recorder.record({ t, type: "drain.started", drain, node: this.node.name, machines: here.length });
    }
    const listed = here.map((guest) => ({ guest, ...queued(guest) }));
    this.queue = inQueueOrder(listed, plan.entry.order).map(({ guest }) => guest);
    this.goOn();
  }

  /** A machine has come, or stayed, here while the node is emptied. */
  machineIsHere(guest: Guest): void {
    if (this.reason !== null || this.queue.includes(guest)) return;
    for (const { vm } of this.open) if (vm === guest.scenario.name) return;
    this.machines += 1;
    this.queue.push(guest);
    this.goOn();
  }

  /** A migration of its is over. */
  migrationOver(run: MigrationRun): void {
    this.open.delete(run);
    if (this.isToTryAgain(run)) this.queue.push(this.options.evacuations.world.guest(run.vm));
    if (this.stage === "moving-back") this.endMovingBack();
    else this.goOn();
  }

  /** Its target has died, and the machine is where it was. */
  private isToTryAgain(run: MigrationRun): boolean {
    const { vm, to, ending } = run;
    const { cluster } = this.options.evacuations.world;
    const { node, working } = cluster.vm(vm);
    return (
      this.isEmptying &&
      this.placed.has(run) &&
      ending === "failed" &&
      node === this.node &&
      node.isUp &&
      working &&
      !cluster.node(to).isUp
    );
  }

  /** Room may have come free, or a move that was in the way is over. */
  goOn(): void {
    if (this.stage !== "emptying" || this.asking) return;
    const { evacuations, plan } = this.options;
    while (this.queue.length > 0 && (plan.wave === Number.POSITIVE_INFINITY || this.open.size === 0)) {
      this.asking = true;
      const batch = this.queue.splice(0, plan.wave);
      const postponed: Guest[] = [];
      for (const guest of batch) if (!this.moveAway(guest)) postponed.push(guest);
      this.asking = false;
      this.queue.unshift(...postponed);
      if (postponed.length > 0) break;
    }
    if (this.queue.length > 0 || this.open.size > 0 || evacuations.isAwaited(this.node)) return;
    this.endEmptying();
  }

  /** Asks for the machine's migration; false where it is to be tried again once other moves are over. */
  private moveAway(guest: Guest): boolean {
    const { evacuations, plan, powerOff } = this.options;
    if (
      guest.machine.node !== this.node ||
      !guest.machine.running ||
      evacuations.world.cluster.isMoving(guest.machine)
    ) {
      this.machines -= 1;
      return true;
    }
    const target = powerOff?.targetOf.get(guest.scenario.name);
    const placement = evacuations.place(guest, plan, target === undefined ? undefined : [target]);
    if (placement.node === null && evacuations.mayMakeRoom) return false;
    const to = placement.node ?? placement.closest ?? this.node;
    const run = evacuations.migrate(guest, plan, to.name, this);
    this.open.add(run);
    this.runs.push(run);
    if (placement.node !== null) this.placed.add(run);
    run.request(placement.reason);
    return true;
  }

  /** The node is dead: who is on it does not move any more. */
  nodeFailed(reason: string): void {
    if (this.stage !== "emptying") return;
    this.queue = [];
    this.reason = reason;
  }

  private endEmptying(): void {
    const { evacuations, drain } = this.options;
    const { recorder, simulation } = evacuations.world;
    const { now: t } = simulation;
    const { name: node } = this.node;
    const isEmpty = evacuations.machinesAt(this.node).length === 0;
    this.outcome = isEmpty ? "completed" : "incomplete";
    this.makespanSeconds = t - this.startSeconds;
    this.stage = "maintenance";
    if (recorder.recording) {
      const { outcome, makespanSeconds: seconds } = this;
      const { moved, failed } = this.counts();
      const why = this.reason === null ? {} : { reason: this.reason };
      recorder.record({ t, type: "drain.ended", drain, node, outcome, moved, failed, seconds, ...why });
    }
    if (!isEmpty) {
      if (this.options.givesUp) this.resume();
      return;
    }
    const { durationSeconds, powerOff } = this.options;
    if (powerOff !== undefined) {
      powerOff.onEmpty(this);
      return;
    }
    this.maintenanceStartSeconds = t;
    if (recorder.recording) recorder.record({ t, type: "node.maintenanceStarted", node });
    if (durationSeconds !== null) simulation.schedule(t + durationSeconds, this, 0);
  }

  /** The time for its maintenance is over. */
  onEvent(): void {
    if (this.stage === "maintenance") this.resume();
  }

  /** The node takes machines again; false where it does already. */
  resume(): boolean {
    if (this.stage === "moving-back" || this.stage === "over") return false;
    const { evacuations, plan } = this.options;
    const { recorder, simulation } = evacuations.world;
    const { now: t } = simulation;
    if (this.stage === "emptying") {
      this.queue = [];
      this.outcome = "incomplete";
      this.makespanSeconds = t - this.startSeconds;
    }
    const wasEmptying = this.stage === "emptying";
    this.stage = "moving-back";
    this.node.takesMachines = true;
    evacuations.nodesChanged();
    if (wasEmptying) {
      for (const run of [...this.open]) run.cancel("cancelled", `${this.node.name} was resumed at ${t} s.`);
    }
    if (this.maintenanceStartSeconds !== null) this.maintenanceEndSeconds = t;
    if (recorder.recording && this.options.powerOff === undefined) {
      recorder.record({ t, type: "node.maintenanceEnded", node: this.node.name });
    }
    if (this.options.moveBack && !wasEmptying) {
      for (const { vm, ending } of this.runs) {
        const guest = evacuations.world.guest(vm);
        if (ending !== "completed" || guest.machine.node === this.node || evacuations.isAskedToMove(vm)) continue;
        const run = evacuations.migrate(guest, plan, this.node.name, this);
        this.open.add(run);
        this.back.push(run);
      }
      for (const run of this.back) run.request();
    }
    this.endMovingBack();
    return true;
  }

  private endMovingBack(): void {
    if (this.open.size > 0 || this.stage !== "moving-back") return;
    this.stage = "over";
    this.options.onOver(this);
  }

  private counts(): { moved: number; failed: number } {
    const over = this.runs.filter((run) => !run.isOpen);
    const moved = over.filter(({ ending }) => ending === "completed").length;
    return { moved, failed: over.length - moved };
  }

  result(): DrainResult {
    const { bytesPerSecond, mtuBytes, vlan, team } = this.options.evacuations.world.migrationNetwork;
    const { makespanSeconds } = this;
    const transferredBytes = this.runs.reduce((sum, run) => sum + run.transferredBytes, 0);
    const adapters = team?.members ?? 1;
    const capacity = adapters * goodputBytesPerSecond(bytesPerSecond, mtuBytes, vlan !== undefined);
    return {
      node: this.node.name,
      outcome: this.outcome,
      startSeconds: this.startSeconds,
      makespanSeconds,
      machines: this.machines,
      ...this.counts(),
      transferredBytes,
      linkUtilisation:
        makespanSeconds === null || makespanSeconds === 0 ? null : transferredBytes / (capacity * makespanSeconds),
      migrations: this.runs.map(({ migration }) => migration),
      ...(this.options.moveBack ? { movedBack: this.back.map(({ migration }) => migration) } : {}),
      maintenanceStartSeconds: this.maintenanceStartSeconds,
      maintenanceEndSeconds: this.maintenanceEndSeconds,
      ...(this.reason === null ? {} : { reason: this.reason }),
    };
  }
}

function queued({ scenario, machine }: Guest) {
  const { priority = MEDIUM_PRIORITY, classes } = scenario;
  const { assignedBytes: memoryBytes } = machine;
  return { priority, memoryBytes, writesPerSecond: classes.reduce((sum, each) => sum + each.writesPerSecond, 0) };
}
