/** What a hypervisor decides, and the constants that the mechanism asks it for. */
import type { DirtyLog, Rearm } from "../memory/dirty-log.ts";
import type { Link } from "../network/link.ts";
import type { PageSender } from "./page-sender.ts";

/** What a policy sees after the dirty bitmap was read, the guest running. */
export interface PrecopyView {
  /** The round that has just ended; 1 is the full copy. */
  readonly round: number;
  /** Pages that waited as the round ended, before the bitmap was read. */
  readonly unsentPages: number;
  /** Pages that wait now. */
  readonly pendingPages: number;
  readonly pendingBytes: number;
  /** See PageSender.thresholdBytes. */
  readonly thresholdBytes: number | null;
  readonly elapsedSeconds: number;
  readonly transferredBytes: number;
  readonly memoryBytes: number;
}

/** What follows: another round, or the guest is stopped and the rest copied. `rule` is a short stable name. */
export type PrecopyDecision =
  | { readonly kind: "another-round" }
  | { readonly kind: "stop-guest"; readonly rule: string; readonly reason: string };

export const ANOTHER_ROUND: PrecopyDecision = { kind: "another-round" };

export type PrecopyPolicy = (view: PrecopyView) => PrecopyDecision;

/** Seconds and bytes of the blackout's parts that do not depend on what was dirtied. */
export interface BlackoutConstants {
  readonly stopSeconds: number;
  readonly deviceStateBytes: number;
  readonly deviceStateCollectionSeconds: number;
  readonly resumeSeconds: number;
}

/** A hypervisor, set up for one migration. */
export interface PrecopySetup {
  readonly policy: PrecopyPolicy;
  readonly rearm: Rearm;
  /** Connection, configuration, a skeleton of the VM at the target: before the first page. */
  readonly setupSeconds: number;
  /** The most that the sender takes of the link while the guest runs, bytes per second; Infinity for no limit. */
  readonly capBytesPerSecond: number;
  /** The same for the last copy. */
  readonly finalCapBytesPerSecond: number;
  readonly blackout: BlackoutConstants;
  /**
   * The hypervisor's clock stops when the last byte is written to the source's socket, not when the guest runs (QEMU);
   * its total time and downtime end there.
   */
  readonly reportsAtLastByteWritten: boolean;
  makeSender(log: DirtyLog, link: Link): PageSender;
}
