/** Calls a migration's manager when it wants to look, and carries out what it decides. */
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";
import type { ManagedMigration, Manager, ManagerSetup, ManagerView } from "./manager.ts";
import type { LimitChanges } from "./page-sender.ts";
import type { PrecopyView } from "./policy.ts";

/** What the watch asks of the migration under it. */
export interface WatchedMigration {
  managerView(): ManagerView;
  changeLimits(changes: LimitChanges, by: string): boolean;
  abort(rule: string, reason: string): boolean;
  startPostCopy?(rule: string, reason: string): boolean;
  pauseGuest?(rule: string, reason: string): boolean;
}

export class ManagerWatch implements EventHandler, ManagedMigration {
  private readonly simulation: Simulation;
  private readonly migration: WatchedMigration;
  private readonly manager: Manager;
  private readonly name: string;
  private readonly startSeconds: number;
  private ticket: EventTicket | null = null;
  /** The look to come, as the manager asked for it: the clock's own difference would not be it to the last bit. */
  private askedSeconds = 0;
  private closed = false;

  /** The migration begins now. */
  constructor(simulation: Simulation, migration: WatchedMigration, setup: ManagerSetup) {
    this.simulation = simulation;
    this.migration = migration;
    this.name = setup.name;
    this.manager = setup.makeManager();
    this.startSeconds = simulation.now;
    this.lookAt(this.manager.firstLookSeconds);
  }

  roundEnded(view: PrecopyView): void {
    this.lookAt(this.manager.roundEnded(view));
  }

  /** For the kernel: the manager looks. */
  onEvent(): void {
    this.ticket = null;
    const view = { ...this.migration.managerView(), elapsedSeconds: this.askedSeconds };
    this.lookAt(this.manager.look(view, this));
  }

  changeLimits(changes: LimitChanges): boolean {
    return this.migration.changeLimits(changes, this.name);
  }

  abort(rule: string, reason: string): boolean {
    return this.migration.abort(rule, reason);
  }

  startPostCopy(rule: string, reason: string): boolean {
    return this.migration.startPostCopy?.(rule, reason) ?? false;
  }

  pauseGuest(rule: string, reason: string): boolean {
    return this.migration.pauseGuest?.(rule, reason) ?? false;
  }

  /** Pre-copy is over: there is nothing left to manage. */
  close(): void {
    this.closed = true;
    if (this.ticket !== null) this.simulation.cancel(this.ticket);
    this.ticket = null;
  }

  private lookAt(elapsedSeconds: number): void {
    if (this.ticket !== null) this.simulation.cancel(this.ticket);
    this.ticket = null;
    if (this.closed || elapsedSeconds === Number.POSITIVE_INFINITY) return;
    this.askedSeconds = elapsedSeconds;
    const atSeconds = Math.max(this.startSeconds + elapsedSeconds, this.simulation.now);
    this.ticket = this.simulation.schedule(atSeconds, this, 0);
  }
}
