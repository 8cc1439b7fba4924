/** Guests that hang: when their heartbeats are missed, and whether they are restarted in place, elsewhere or not at all. */
import type { FailoverSettings } from "../orchestration/failover/parameters.ts";
import type { TraceEventBody } from "../trace/events.ts";
import type { FailoverPlan } from "./failover-plan.ts";
import type { MachineOutage } from "./machine-outage.ts";
import type { Restarts } from "./restarts.ts";
import type { Guest, World } from "./world.ts";

export class HungGuests {
  private readonly world: World;
  private readonly settings: FailoverSettings;
  private readonly restarts: Restarts;
  /** When each was restarted in place. */
  private readonly restarted = new Map<Guest, number[]>();
  /** Noticed while they were on their way to another node. */
  private readonly moving = new Map<Guest, () => void>();

  constructor(world: World, { settings }: FailoverPlan, restarts: Restarts) {
    this.world = world;
    this.settings = settings;
    this.restarts = restarts;
  }

  /** Its guest hangs since now; `isOpen` says later whether nothing else has become of it. */
  watch(outage: MachineOutage, isOpen: () => boolean): void {
    const { watchesGuests, guestTimeoutSeconds } = this.settings;
    const { simulation } = this.world;
    const { name } = outage.guest.machine;
    if (!watchesGuests) {
      outage.reason = `${name} hung, and its cluster does not watch guests (watchesGuests).`;
      return;
    }
    const onEvent = () => {
      if (isOpen() && outage.guest.machine.hung) this.notice(outage, isOpen);
    };
    simulation.schedule(simulation.now + guestTimeoutSeconds, { onEvent }, 0);
  }

  /** A migration of the machine is over: what waited for that is done. */
  onMigrationOver(guest: Guest): void {
    const resume = this.moving.get(guest);
    if (resume === undefined) return;
    this.moving.delete(guest);
    // Not before the others have been told, too.
    this.world.simulation.schedule(this.world.simulation.now, { onEvent: resume }, 0);
  }

  private notice(outage: MachineOutage, isOpen: () => boolean): void {
    const { simulation, cluster } = this.world;
    const { machine } = outage.guest;
    outage.noticedSeconds = simulation.now;
    const seconds = simulation.now - outage.downSeconds;
    this.record({ type: "vm.hangNoticed", vm: machine.name, node: machine.node.name, seconds, by: this.restarts.by });
    const goOn = () => {
      if (!isOpen() || !machine.hung) return;
      if (cluster.isMoving(machine)) this.moving.set(outage.guest, goOn);
      else this.restart(outage);
    };
    goOn();
  }

  private restart(outage: MachineOutage): void {
    const { restartsInPlace, restartPeriodSeconds, movesHungGuests } = this.settings;
    const { now } = this.world.simulation;
    const { guest } = outage;
    const earlier = (this.restarted.get(guest) ?? []).filter((atSeconds) => now - atSeconds <= restartPeriodSeconds);
    const isInPlace = earlier.length < restartsInPlace;
    if (!isInPlace && !movesHungGuests) {
      const times = earlier.length === 1 ? "once" : `${earlier.length} times`;
      const { name } = guest.machine;
      outage.reason = `${name} hung, was restarted ${times} lately, and is left alone.`;
      this.record({ type: "vm.notRestarted", vm: name, reason: outage.reason, by: this.restarts.by });
      return;
    }
    if (isInPlace) earlier.push(now);
    this.restarted.set(guest, earlier);
    guest.machine.powerOff();
    this.restarts.add([outage], isInPlace ? "in-place" : "elsewhere");
  }

  private record(event: TraceEventBody): void {
    const { recorder, simulation } = this.world;
    if (recorder.recording) recorder.record({ t: simulation.now, ...event });
  }
}
