/** How far a migration holds its guest back while it runs, and for how long it has. */
import type { EventHandler, EventTicket } from "../kernel/simulation.ts";
import { fullWritesPerSecond, secondsToDirty, writesBetween } from "../memory/dirtying.ts";
import type { MigrationContext } from "./migration-context.ts";
import type { ThrottleControl } from "./policy.ts";

export class Throttle implements EventHandler {
  /** Share of its processor time that the guest is denied now, 0 to 1. */
  deniedShare = 0;
  private readonly context: MigrationContext;
  private control: ThrottleControl | null = null;
  private ticket: EventTicket | null = null;
  private running = true;
  private heldBackSeconds = 0;
  private sinceSeconds = 0;

  constructor(context: MigrationContext) {
    this.context = context;
  }

  /** From now on. */
  deny(share: number): void {
    if (share === this.deniedShare) return;
    const { simulation, host, setup } = this.context;
    this.heldBackSeconds = this.brownoutSeconds;
    this.sinceSeconds = simulation.now;
    this.deniedShare = share;
    host.throttle(share, setup.throttledRunSeconds ?? 0);
  }

  /** From now on `control` says how far, at the end of each of its periods. */
  controlWith(control: ThrottleControl): void {
    this.control = control;
    this.schedule(control);
  }

  /** The guest stands still: it is not held back, and nothing about it changes any more. */
  guestStopped(): void {
    this.heldBackSeconds = this.brownoutSeconds;
    this.running = false;
    if (this.ticket !== null) this.context.simulation.cancel(this.ticket);
    this.ticket = null;
  }

  /** The migration is over. */
  release(): void {
    this.guestStopped();
    this.deny(0);
  }

  /** Time in which the guest ran and was denied some of its processor time, until now. */
  get brownoutSeconds(): number {
    const { now } = this.context.simulation;
    return this.heldBackSeconds + (this.running && this.deniedShare > 0 ? now - this.sinceSeconds : 0);
  }

  /** For the kernel: the control's period is over. */
  onEvent(): void {
    const control = this.control as ThrottleControl;
    const { simulation, activity } = this.context;
    const { now } = simulation;
    const share = control.deniedShare({
      writes: writesBetween(activity, now - control.periodSeconds, now),
      fullWritesPerSecond: fullWritesPerSecond(activity, now),
      secondsToDirty: (pages) => secondsToDirty(activity, pages, now),
    });
    this.deny(share);
    this.schedule(control);
  }

  private schedule({ periodSeconds }: ThrottleControl): void {
    const { simulation } = this.context;
    this.ticket = simulation.schedule(simulation.now + periodSeconds, this, 0);
  }
}
