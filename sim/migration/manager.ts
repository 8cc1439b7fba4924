/**
 * Management software above the hypervisor (nova, oVirt, KubeVirt): it watches a migration from outside, changes the
 * hypervisor's limits, and ends what takes too long.
 *
 * Real managers poll. Nothing can be decided at most of those polls, so a manager here says at which poll it looks next,
 * and is not called before; what it missed in between it works out from the rounds that it was told of.
 */
import type { LimitChanges } from "./page-sender.ts";
import type { PrecopyView } from "./policy.ts";

/** What a manager sees when it looks. */
export interface ManagerView {
  /** Since the migration began, its setup included. */
  readonly elapsedSeconds: number;
  /** The round under way; 1 is the full copy. */
  readonly round: number;
  /** Bytes of the pages that wait, as query-migrate tells them. Between two decisions of the sender: by its present rate. */
  readonly remainingBytes: number;
}

/** What a manager may do. */
export interface ManagedMigration {
  /** New limits hold from now on; false where pre-copy is not under way. */
  changeLimits(changes: LimitChanges): boolean;
  /** The migration is cancelled, the guest running on at the source. */
  abort(rule: string, reason: string): boolean;
  /** The guest goes to the target now and its pages follow; false where it cannot. */
  startPostCopy(rule: string, reason: string): boolean;
  /** The guest stands still until the rest is copied; false where it does already. */
  pauseGuest(rule: string, reason: string): boolean;
}

/** One migration's manager. Times are seconds since the migration began; Infinity is never. */
export interface Manager {
  /** When it looks first. */
  readonly firstLookSeconds: number;
  /** A round has ended with a read of the bitmap and another follows. Returns when to look next, instead of what was said before. */
  roundEnded(view: PrecopyView): number;
  /** It looks, and may act. Returns when to look next. */
  look(view: ManagerView, migration: ManagedMigration): number;
}

/** A manager, set up for one entry of the timeline; used by all runs of the scenario, so it keeps nothing. */
export interface ManagerSetup {
  readonly name: string;
  /** What it sets before the first page is sent, for the trace; in force already in the hypervisor's own setup. */
  readonly initialLimits: LimitChanges;
  makeManager(): Manager;
}

/** The first poll after `seconds` of a manager that polls every `intervalSeconds`; polls are numbered from the start. */
export function firstPollAfter(seconds: number, intervalSeconds: number): number {
  const poll = (Math.floor(seconds / intervalSeconds) + 1) * intervalSeconds;
  return poll > seconds ? poll : poll + intervalSeconds;
}

/** The first poll at `seconds` or after it. */
export function firstPollFrom(seconds: number, intervalSeconds: number): number {
  const poll = Math.ceil(seconds / intervalSeconds) * intervalSeconds;
  return poll >= seconds ? poll : poll + intervalSeconds;
}
