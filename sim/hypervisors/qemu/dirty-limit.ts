/**
 * QEMU's dirty-limit: a guest that dirties too much is held to a quota of dirtied bytes a second. Each virtual processor has a
 * ring of the pages that it dirtied; the one whose ring is full sleeps before it goes on, so that who only reads is not slowed.
 * What follows is QEMU's control of how long it sleeps (system/dirtylimit.c, in whole MiB/s, percent and microseconds).
 */
import type { ParameterTable } from "../../kernel/parameter.ts";
import { PAGE_BYTES } from "../../memory/page-class.ts";
import type { PrecopyPolicy, ThrottleControl, WritesOfPeriod } from "../../migration/policy.ts";
import { DirtyRateTrigger } from "./dirty-rate-trigger.ts";

const MIB = 1_048_576;
/** No change where quota and rate differ by no more than so many MiB/s (DIRTYLIMIT_TOLERANCE_RANGE). */
const TOLERANCE = 25;
/** Further apart than so many percent of the larger, the sleep follows the distance (DIRTYLIMIT_LINEAR_ADJUSTMENT_PCT). */
const FAR_PERCENT = 50;
/** Nearer, it changes by this part of the time in which the ring fills. */
const NEAR_STEP = 10;
/** It sleeps at most so many times as long as the ring takes to fill (DIRTYLIMIT_THROTTLE_PCT_MAX). */
const LONGEST_SLEEP = 99;

export const DIRTY_LIMIT_PARAMETERS = {
  dirtyLimit: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source: "QEMU, migration capability dirty-limit (8.1 and later, KVM with dirty-ring-size set): off by default.",
    meaning: "A guest that dirties too much is held to a quota; not together with autoConverge.",
  },
  vcpuDirtyLimitBytesPerSecond: {
    value: MIB,
    kind: "bytesPerSecond",
    provenance: "documented",
    source: "QEMU, migration parameter vcpu-dirty-limit: 1 MB/s by default, which it counts in MiB.",
    meaning: "Quota of each virtual processor, in whole MiB/s.",
    least: MIB,
    greatest: 1e12,
  },
  dirtyLimitPeriodSeconds: {
    value: 1,
    kind: "seconds",
    provenance: "documented",
    source: "QEMU, migration parameter x-vcpu-dirty-limit-period: 1000 ms by default, 1 to 1000 ms.",
    meaning: "Time between two looks at what was dirtied.",
    least: 0.001,
    greatest: 1,
  },
  dirtyRingPages: {
    value: 4096,
    kind: "pages",
    provenance: "documented",
    source:
      "QEMU qemu-options.hx, dirty-ring-size: 4096 is suggested; 0, no ring, is the default, and dirty-limit needs one.",
    meaning: "Pages that a virtual processor's ring holds.",
    least: 1024,
    greatest: 65_536,
  },
  vcpus: {
    value: 1,
    kind: "count",
    provenance: "assumed",
    source: "A small guest; nothing else depends on its virtual processors.",
    meaning: "Virtual processors, which are taken to dirty alike.",
    least: 1,
    greatest: 4096,
  },
} as const satisfies ParameterTable;

export interface DirtyLimitSettings {
  readonly throttleTriggerShare: number;
  readonly vcpuDirtyLimitBytesPerSecond: number;
  readonly dirtyLimitPeriodSeconds: number;
  readonly dirtyRingPages: number;
  readonly vcpus: number;
}

/** Limits the guest once it dirties too much, where `decide` goes on; for one migration. */
export function dirtyLimit(settings: DirtyLimitSettings, decide: PrecopyPolicy): PrecopyPolicy {
  const trigger = new DirtyRateTrigger(settings.throttleTriggerShare);
  let limited = false;
  return (view) => {
    const decision = decide(view);
    if (limited || trigger.look(view) === null || decision.kind !== "another-round") return decision;
    limited = true;
    return { ...decision, control: new DirtyLimitControl(settings) };
  };
}

/** Of one virtual processor, which stands for all. */
export class DirtyLimitControl implements ThrottleControl {
  readonly periodSeconds: number;
  private readonly settings: DirtyLimitSettings;
  private readonly quota: number;
  private highestRate = 0;
  private sleepMicroseconds = 0;

  constructor(settings: DirtyLimitSettings) {
    this.settings = settings;
    this.periodSeconds = settings.dirtyLimitPeriodSeconds;
    this.quota = Math.floor(settings.vcpuDirtyLimitBytesPerSecond / MIB);
  }

  deniedShare(written: WritesOfPeriod): number {
    const { dirtyRingPages, vcpus } = this.settings;
    // The rings together: how long they take to fill, and what an entry stands for, follow from what is written.
    const fillSeconds = written.secondsToDirty(dirtyRingPages * vcpus);
    // A guest that writes to fewer pages than the rings hold is never stopped.
    if (fillSeconds === Number.POSITIVE_INFINITY) return 0;
    const pagesPerWrite = (dirtyRingPages * vcpus) / (fillSeconds * written.fullWritesPerSecond);
    const pagesPerSecond = (written.writes * pagesPerWrite) / (this.periodSeconds * vcpus);
    this.adjust(Math.floor((pagesPerSecond * PAGE_BYTES) / MIB));
    const sleepSeconds = this.sleepMicroseconds / 1e6;
    return sleepSeconds / (fillSeconds + sleepSeconds);
  }

  /** The sleep that follows on a rate, in MiB/s of one virtual processor. */
  adjust(rate: number): number {
    const { quota } = this;
    const [less, more] = quota < rate ? [quota, rate] : [rate, quota];
    if (more - less <= TOLERANCE) return this.sleepMicroseconds;
    if (rate === 0) {
      this.sleepMicroseconds = 0;
      return 0;
    }
    this.highestRate = Math.max(this.highestRate, rate);
    const ringMib = Math.floor((this.settings.dirtyRingPages * PAGE_BYTES) / MIB);
    const ringFull = Math.floor((ringMib * 1_000_000) / this.highestRate);
    const apart = Math.floor(((more - less) * 100) / more);
    const step =
      apart > FAR_PERCENT ? Math.floor((ringFull * apart) / (100 - apart)) : Math.floor(ringFull / NEAR_STEP);
    const sleep = this.sleepMicroseconds + (quota < rate ? step : -step);
    this.sleepMicroseconds = Math.max(0, Math.min(sleep, ringFull * LONGEST_SLEEP));
    return this.sleepMicroseconds;
  }
}
