/** What a hypervisor decides, and the constants that the mechanism asks it for. */
import type { DirtyLog, Rearm } from "../memory/dirty-log.ts";
import type { GuestMemory } from "../memory/page-class.ts";
import type { Link } from "../network/link.ts";
import type { CommittingPart } from "./node-loss.ts";
import type { LimitChanges, PageSender } from "./page-sender.ts";
import type { PostCopySetup } from "./post-copy-setup.ts";

/** What a policy sees after the dirty bitmap was read, the guest running. */
export interface PrecopyView {
  /** The round that has just ended; 1 is the full copy. */
  readonly round: number;
  /** How long it took, and what went over the wire in it. */
  readonly roundSeconds: number;
  readonly roundBytes: number;
  /** Pages sent in it, zero pages included, and pages passed over because they were dirty again. */
  readonly roundPages: number;
  readonly roundSkippedPages: number;
  /** Pages that waited as the round ended, before the bitmap was read. */
  readonly unsentPages: number;
  /** Pages that the read added. */
  readonly newlyDirtyPages: number;
  /** Pages that wait now. */
  readonly pendingPages: number;
  readonly pendingBytes: number;
  /** See PageSender.thresholdBytes. */
  readonly thresholdBytes: number | null;
  /** Share of its processor time that the guest is denied now, 0 to 1. */
  readonly deniedShare: number;
  /** Since the start of the migration. */
  readonly elapsedSeconds: number;
  readonly transferredBytes: number;
  readonly memoryBytes: number;
}

/** What follows after a read of the bitmap. `rule` is a short stable name, `reason` the rest of a sentence. */
export type PrecopyDecision =
  /** The guest is denied this share of its processor time from now on, and these limits hold, where they are given. */
  | {
      readonly kind: "another-round";
      readonly deniedShare?: number;
      readonly limits?: LimitChanges;
      /** From now on this says how far the guest is held back. */
      readonly control?: ThrottleControl;
    }
  /** The guest is stopped and the rest copied. */
  | { readonly kind: "stop-guest"; readonly rule: string; readonly reason: string }
  /** The guest goes to the target at the sender's next turn, and its pages follow. */
  | { readonly kind: "start-post-copy"; readonly rule: string; readonly reason: string }
  /** The migration is cancelled, the guest running on at the source. */
  | { readonly kind: "give-up"; readonly rule: string; readonly reason: string };

/** What a guest wrote in a control's last period, and how it would write were it not held back. */
export interface WritesOfPeriod {
  readonly writes: number;
  readonly fullWritesPerSecond: number;
  /** Until it has written to so many different pages; Infinity where it never does. */
  secondsToDirty(pages: number): number;
}

/** Holds a guest back by what it writes, at a pace of its own; for one migration. */
export interface ThrottleControl {
  readonly periodSeconds: number;
  /** The share of its processor time that the guest is denied from now on, asked at each period's end. */
  deniedShare(written: WritesOfPeriod): number;
}

export const ANOTHER_ROUND: PrecopyDecision = { kind: "another-round" };

/** Asked after each read of the bitmap; it may keep what it has seen, so each migration has its own. */
export type PrecopyPolicy = (view: PrecopyView) => PrecopyDecision;

/** Seconds and bytes of the blackout's parts that do not depend on what was dirtied. */
export interface BlackoutConstants {
  readonly stopSeconds: number;
  readonly deviceStateBytes: number;
  readonly deviceStateCollectionSeconds: number;
  readonly resumeSeconds: number;
}

/** A hypervisor, set up for one entry of the timeline; used by all runs of the scenario, so it keeps nothing. */
export interface PrecopySetup {
  makePolicy(): PrecopyPolicy;
  readonly rearm: Rearm;
  /**
   * The bitmap is read only once the policy has decided for another round (Xen); absent or false: before it is asked. At the
   * moment of the decision this changes no number but how often the bitmap is read; such a policy has no business with
   * `newlyDirtyPages`, `pendingPages` and `pendingBytes` where it stops the guest.
   */
  readonly readsToGoOn?: boolean;
  /** Connection, configuration, a skeleton of the VM at the target: before the first page. */
  readonly setupSeconds: number;
  /** Beside it, of each page of the guest: what tracking its writes costs to set up; 0 where absent. */
  readonly setupSecondsPerPage?: number;
  /** The most that the sender takes of the link for the last copy, bytes per second; Infinity for no limit. */
  readonly finalCapBytesPerSecond: number;
  /** TCP connections that carry pages, over which random loss and processors' work on packets are shared; absent: one. */
  readonly streams?: number;
  /** Each stream has an adapter of its own, with an address of its own (vMotion over several adapters); absent: none has. */
  readonly hasStreamForEachAdapter?: boolean;
  /** The network adapters move pages by themselves (RDMA); absent: processors do. */
  readonly isSentByAdapters?: boolean;
  readonly blackout: BlackoutConstants;
  /** A guest that is denied processor time runs so long between two sleeps; absent: its processor is only slower. */
  readonly throttledRunSeconds?: number;
  /** Looks so often whether the bitmap was read since the last look, and reads it if not; from the second round on. */
  readonly leastReadsSeconds?: number;
  /**
   * The hypervisor's clock stops when the last byte is written to the source's socket, not when the guest runs (QEMU);
   * its total time and downtime end there.
   */
  readonly reportsAtLastByteWritten: boolean;
  /** Otherwise, and with this, its clock stops only once the target's word that the guest runs has come back. */
  readonly reportsOnceTold?: boolean;
  /** Absent or null where the guest cannot go ahead of its memory. */
  readonly postCopy?: PostCopySetup | null;
  /**
   * The stopped guest waits so long before the last copy, for whoever manages storage and network to make ready (QEMU:
   * pause-before-switchover); Infinity until it is told to go on, absent for no such wait.
   */
  readonly preSwitchoverSeconds?: number;
  /** At the end of this part the source gives the guest away; absent: `device-state`. */
  readonly commitsAfter?: CommittingPart;
  makeSender(log: DirtyLog, link: Link, memory: GuestMemory): PageSender;
}
