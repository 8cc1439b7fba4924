/** The numbers of a migration's last rounds: what was written beside what was carried, and what that left. */
import { PAGE_BYTES, type Scenario } from "../../../sim/index.ts";
import { migratedVm, migrationEntry } from "../scenario-changes.ts";
import { downtimeLimitOf } from "./constraints.ts";
import type { Tally } from "./verdict.ts";

/** Numbers of the typical run that the explanation is made of. */
export interface Arithmetic {
  /** Written by the guest, not held back, when pre-copy ended or the run did: pages times 4096 bytes a second. */
  writtenBytesPerSecond: number;
  /** Share of its processor that the guest was denied then, 0 to 1: what it wrote was less by what that held back. */
  deniedShare: number;
  /** Sent in the last round with the guest running. */
  carriedBytesPerSecond: number | null;
  /** How long that round took, and what waited after it. */
  lastRoundSeconds: number | null;
  remainingBytes: number | null;
  /** What may wait for the guest to be stopped: bandwidth times downtime limit; null without such a rule. */
  thresholdBytes: number | null;
  memoryBytes: number;
  transferredBytes: number;
}

/** Rounds over which the end of pre-copy is looked at. */
const LAST_ROUNDS = 5;

export function arithmeticOf(scenario: Scenario, migration: number, { typical }: Tally): Arithmetic {
  const vm = migratedVm(scenario, migration);
  const copies = typical.rounds.filter(({ final, durationSeconds }) => !final && durationSeconds > 0);
  const last =
    typical.endedBy === null && copies.length > LAST_ROUNDS ? copies.slice(-LAST_ROUNDS - 1, -1) : copies.slice(-1);
  const mean = (pick: (round: (typeof copies)[number]) => number) =>
    last.length === 0 ? null : last.reduce((sum, round) => sum + pick(round), 0) / last.length;
  const seconds = mean(({ durationSeconds }) => durationSeconds);
  const bytes = mean(({ bytesSent }) => bytesSent);
  const carriedBytesPerSecond = seconds === null || bytes === null ? null : bytes / seconds;
  const limit = downtimeLimitOf(migrationEntry(scenario, migration));
  const remainingPages = mean(({ dirtyPagesAtEnd }) => dirtyPagesAtEnd);
  const endSeconds = (last.at(-1)?.startSeconds ?? typical.requestedSeconds) + (last.at(-1)?.durationSeconds ?? 0);
  const writesPerSecond = vm.classes
    .filter(({ startSeconds, endSeconds: until }) => startSeconds <= endSeconds && (until ?? Infinity) >= endSeconds)
    .reduce((sum, written) => sum + written.writesPerSecond, 0);
  return {
    writtenBytesPerSecond: writesPerSecond * PAGE_BYTES,
    deniedShare: mean(({ throttle }) => throttle) ?? 0,
    carriedBytesPerSecond,
    lastRoundSeconds: seconds,
    remainingBytes: remainingPages === null ? null : remainingPages * PAGE_BYTES,
    thresholdBytes: limit !== null && carriedBytesPerSecond !== null ? limit * carriedBytesPerSecond : null,
    memoryBytes: vm.memoryBytes,
    transferredBytes: typical.transferredBytes,
  };
}
