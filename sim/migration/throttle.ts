/** How far a migration holds its guest back while it runs, and for how long it has. */
import type { MigrationContext } from "./migration-context.ts";

export class Throttle {
  /** Share of its processor time that the guest is denied now, 0 to 1. */
  deniedShare = 0;
  private readonly context: MigrationContext;
  private heldBackSeconds = 0;
  private sinceSeconds = 0;

  constructor(context: MigrationContext) {
    this.context = context;
  }

  /** From now on. */
  deny(share: number): void {
    if (share === this.deniedShare) return;
    const { simulation, host, setup } = this.context;
    if (this.deniedShare > 0) this.heldBackSeconds += simulation.now - this.sinceSeconds;
    this.sinceSeconds = simulation.now;
    this.deniedShare = share;
    host.throttle(share, setup.throttledRunSeconds ?? 0);
  }

  /** Time in which the guest ran and was denied some of its processor time, until now. */
  get brownoutSeconds(): number {
    const { now } = this.context.simulation;
    return this.heldBackSeconds + (this.deniedShare > 0 ? now - this.sinceSeconds : 0);
  }
}
