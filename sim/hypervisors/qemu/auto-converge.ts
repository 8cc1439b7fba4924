/** QEMU's auto-converge: the guest's processors are put to sleep, more and more, until it dirties less than is sent. */
import type { ParameterTable } from "../../kernel/parameter.ts";
import type { PrecopyPolicy } from "../../migration/policy.ts";
import { DirtyRateTrigger, type TooDirty } from "./dirty-rate-trigger.ts";

/** A throttled processor runs so long between two sleeps (QEMU 7.2 softmmu/cpu-throttle.c, CPU_THROTTLE_TIMESLICE_NS). */
export const THROTTLED_RUN_SECONDS = 0.01;

export const AUTO_CONVERGE_PARAMETERS = {
  autoConverge: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source: "QEMU, migration capability auto-converge: off by default.",
    meaning: "A guest that dirties too much is throttled until the migration converges.",
  },
  throttleTriggerShare: {
    value: 0.5,
    kind: "share",
    provenance: "documented",
    source: "QEMU, migration parameter throttle-trigger-threshold: 50 % by default.",
    meaning: "Bytes dirtied over this share of those sent, twice, throttle the guest.",
    least: 0.01,
    greatest: 1,
  },
  cpuThrottleInitialShare: {
    value: 0.2,
    kind: "share",
    provenance: "documented",
    source: "QEMU, migration parameter cpu-throttle-initial: 20 % by default.",
    meaning: "Share of its processor time that the guest is denied at first, in whole percent.",
    least: 0.01,
    greatest: 0.99,
  },
  cpuThrottleIncrementShare: {
    value: 0.1,
    kind: "share",
    provenance: "documented",
    source: "QEMU, migration parameter cpu-throttle-increment: 10 % by default.",
    meaning: "What is added each time that it still dirties too much, in whole percent.",
    least: 0.01,
    greatest: 0.99,
  },
  maxCpuThrottleShare: {
    value: 0.99,
    kind: "share",
    provenance: "documented",
    source: "QEMU, migration parameter max-cpu-throttle: 99 % by default.",
    meaning: "The most that it is denied, in whole percent.",
    least: 0.01,
    greatest: 0.99,
  },
  cpuThrottleTailslow: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source: "QEMU, migration parameter cpu-throttle-tailslow: off by default.",
    meaning: "Later steps are no larger than is needed to bring the dirtied bytes down to those allowed.",
  },
} as const satisfies ParameterTable;

/** Whole percentages, as QEMU has them. */
export interface ThrottleSteps {
  readonly initialPercent: number;
  readonly incrementPercent: number;
  readonly greatestPercent: number;
  readonly tailslow: boolean;
}

export interface AutoConvergeSettings {
  readonly throttleTriggerShare: number;
  readonly cpuThrottleInitialShare: number;
  readonly cpuThrottleIncrementShare: number;
  readonly maxCpuThrottleShare: number;
  readonly cpuThrottleTailslow: boolean;
}

/** Throttles the guest where `decide` goes on; for one migration. */
export function autoConverge(settings: AutoConvergeSettings, decide: PrecopyPolicy): PrecopyPolicy {
  const trigger = new DirtyRateTrigger(settings.throttleTriggerShare);
  const steps: ThrottleSteps = {
    initialPercent: percent(settings.cpuThrottleInitialShare),
    incrementPercent: percent(settings.cpuThrottleIncrementShare),
    greatestPercent: percent(settings.maxCpuThrottleShare),
    tailslow: settings.cpuThrottleTailslow,
  };
  return (view) => {
    const decision = decide(view);
    const tooDirty = trigger.look(view);
    if (decision.kind !== "another-round" || tooDirty === null) return decision;
    return { ...decision, deniedShare: nextPercent(percent(view.deniedShare), tooDirty, steps) / 100 };
  };
}

/** The throttle that follows on `nowPercent`, 0 where there was none (migration/ram.c, mig_throttle_guest_down). */
export function nextPercent(
  nowPercent: number,
  { dirtiedBytes, allowedBytes }: TooDirty,
  steps: ThrottleSteps,
): number {
  if (nowPercent === 0) return steps.initialPercent;
  let increment = steps.incrementPercent;
  if (steps.tailslow) {
    const running = 100 - nowPercent;
    const ideal = Math.floor((running * allowedBytes) / dirtiedBytes);
    increment = Math.min(running - ideal, increment);
  }
  return Math.min(nowPercent + increment, steps.greatestPercent);
}

function percent(share: number): number {
  return Math.round(share * 100);
}
