/** What a migration works with and what works around it. */
import type { Simulation } from "../kernel/simulation.ts";
import type { DirtyLog } from "../memory/dirty-log.ts";
import type { GuestMemory } from "../memory/page-class.ts";
import type { WriteActivity } from "../memory/write-activity.ts";
import type { ConnectionOptions } from "../network/connection.ts";
import type { Link } from "../network/link.ts";
import type { MigrationOutcome } from "../trace/migration-events.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { ManagerSetup } from "./manager.ts";
import type { PrecopySetup } from "./policy.ts";

/** What a migration needs done around it. All calls come at the present simulated time. */
export interface MigrationHost {
  guestStopped(): void;
  /** Starts to hand the guest's storage over; returns how long that takes. */
  handOverStorage(): number;
  /** It runs at the target; `pagesFollow`: not all of its memory is there yet, and the source still keeps it. */
  guestResumed(pagesFollow?: boolean): void;
  /** It runs on at the source: the migration was given up while it stood still. Only called where that can happen. */
  guestRunsOn?(): void;
  /** The storage stays at the source: the migration was given up while it was handed over, or afterwards. */
  takeStorageBack?(): void;
  /**
   * The guest is denied this share of its processor time from now on, 0 to 1; 0 lets it run freely again. It runs
   * `runSeconds` between two sleeps; 0 where its processor is only slower.
   */
  throttle(deniedShare: number, runSeconds: number): void;
  /** The target announces the guest to the network, before it runs or as it does. */
  announce(): void;
  ended(outcome: MigrationOutcome, reason: string): void;
}

export interface MigrationContext {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  /** Index in the result's list. */
  readonly migration: number;
  readonly memory: GuestMemory;
  readonly activity: WriteActivity;
  readonly log: DirtyLog;
  readonly link: Link;
  /** What may come between its nodes; absent or null: nothing does. */
  readonly path?: ConnectionOptions | null;
  readonly setup: PrecopySetup;
  /** What manages the hypervisor; absent or null where nothing does. */
  readonly manager?: ManagerSetup | null;
  readonly host: MigrationHost;
}
