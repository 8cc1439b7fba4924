/** One start of a machine: its disks go online, it is powered on, and its guest boots or is restored. */
import type { ClusterNode } from "../cluster/node.ts";
import type { EventHandler, EventTicket } from "../kernel/simulation.ts";
import type { Volume } from "../storage/volume.ts";
import type { MachineOutage } from "./machine-outage.ts";
import type { Restarts } from "./restarts.ts";

const POWERED_ON = 0;
const BOOTED = 1;

export class MachineStart implements EventHandler {
  readonly outage: MachineOutage;
  private readonly restarts: Restarts;
  private readonly node: ClusterNode;
  private ticket: EventTicket | null = null;
  private readonly diskTickets: EventTicket[] = [];

  constructor(restarts: Restarts, outage: MachineOutage, node: ClusterNode) {
    this.restarts = restarts;
    this.outage = outage;
    this.node = node;
  }

  /** Its turn has come. */
  begin(): void {
    const { world, settings } = this.restarts;
    const { simulation } = world;
    this.outage.restartSeconds = simulation.now;
    const disksSeconds = this.bringDisksOnline();
    this.ticket = simulation.schedule(simulation.now + disksSeconds + settings.startSeconds, this, POWERED_ON);
  }

  /** It is off again, and stays so. */
  stop(): void {
    const { simulation } = this.restarts.world;
    for (const ticket of [this.ticket, ...this.diskTickets]) if (ticket !== null) simulation.cancel(ticket);
    this.ticket = null;
  }

  onEvent(code: number): void {
    const { world } = this.restarts;
    const { simulation } = world;
    if (code === BOOTED) {
      this.ticket = null;
      this.restarts.booted(this.outage);
      return;
    }
    this.ticket = simulation.schedule(simulation.now + this.bootSeconds(), this, BOOTED);
    this.restarts.poweredOn(this.node);
  }

  private bootSeconds(): number {
    const { world, settings } = this.restarts;
    const { scenario, machine } = this.outage.guest;
    if (!this.outage.hasSavedState) return scenario.bootSeconds ?? settings.bootSeconds;
    const volume = machine.disks[0] as Volume;
    return machine.assignedBytes / (world.environment.savedStateRateShare * volume.port.capacityBytesPerSecond);
  }

  /** Each LUN changes its owner at most once, whoever of its machines comes first; a shared volume may wait for its coordinator. */
  private bringDisksOnline(): number {
    const { simulation, recorder } = this.restarts.world;
    const { machine } = this.outage.guest;
    const { name: to } = this.node;
    const { now } = simulation;
    let readySeconds = now;
    for (const volume of new Set(machine.disks)) {
      const from = volume.coordinator;
      const seconds = volume.handOverSteps(from, to, 0, now).reduce((sum, step) => sum + step.seconds, 0);
      readySeconds = Math.max(readySeconds, now + seconds, this.restarts.mountedSeconds(volume, to));
      if (volume.kind !== "lun" || seconds === 0) continue;
      // The LUN is this node's from now on; what needs it waits until it is mounted.
      volume.handedOver(to);
      this.restarts.mount(volume, to, now + seconds);
      const vm = machine.name;
      const mounted: EventHandler = {
        onEvent: () => {
          const t = simulation.now;
          if (recorder.recording) {
            recorder.record({ t, type: "lun.ownerChanged", volume: volume.name, vm, from, to, seconds });
          }
        },
      };
      this.diskTickets.push(simulation.schedule(now + seconds, mounted, 0));
    }
    return readySeconds - now;
  }
}
