/** The pre-copy loop by itself: its rounds, and its final copy on a link that others use too. */
import { describe, expect, it } from "vitest";
import { Simulation } from "../../sim/kernel/simulation.ts";
import { BitmapDirtyLog } from "../../sim/memory/bitmap-dirty-log.ts";
import type { PageClass } from "../../sim/memory/page-class.ts";
import { WriteActivity } from "../../sim/memory/write-activity.ts";
import { DrainingSender } from "../../sim/migration/draining-sender.ts";
import { LiveMigration } from "../../sim/migration/live-migration.ts";
import { ANOTHER_ROUND, type PrecopySetup } from "../../sim/migration/policy.ts";
import { Link } from "../../sim/network/link.ts";
import type { MigrationOutcome } from "../../sim/trace/migration-events.ts";
import { silentRecorder } from "../../sim/trace/recorder.ts";

const PAGE_BYTES = 4096;
const LATENCY_SECONDS = 0.1;
const LINK_BYTES_PER_SECOND = 1e6;
const STORAGE_SECONDS = 0.7;

/** 500 of 1000 pages are written all the time; the guest is stopped after `rounds` rounds. */
function setUp(rounds: number, deviceStateBytes = 0) {
  const simulation = new Simulation("1");
  const link = new Link({
    name: "lan",
    capacityBytesPerSecond: LINK_BYTES_PER_SECOND,
    latencySeconds: LATENCY_SECONDS,
  });
  const hot: PageClass = {
    name: "hot",
    firstPage: 0,
    pages: 500,
    writesPerSecond: 1e5,
    pattern: "uniform",
    startSeconds: 0,
    endSeconds: Number.POSITIVE_INFINITY,
    cpuBoundShare: 1,
    wordsPerWrite: 1,
  };
  const memory = { totalPages: 1000, zeroPages: 0, compressedShare: 1, classes: [hot] };
  const activity = new WriteActivity([hot]);
  const log = new BitmapDirtyLog(memory, activity, { kind: "at-sync" }, simulation.random.stream("memory"));
  const setup: PrecopySetup = {
    makePolicy:
      () =>
      ({ round }) =>
        round < rounds ? ANOTHER_ROUND : { kind: "stop-guest", rule: "enough", reason: "enough" },
    rearm: { kind: "at-sync" },
    setupSeconds: 1,
    finalCapBytesPerSecond: Number.POSITIVE_INFINITY,
    blackout: { stopSeconds: 0.25, deviceStateBytes, deviceStateCollectionSeconds: 0.5, resumeSeconds: 0.125 },
    reportsAtLastByteWritten: false,
    makeSender: (pages) =>
      new DrainingSender(pages, {
        wire: { pageBytes: PAGE_BYTES, zeroPageBytes: PAGE_BYTES, sectionBytes: 0 },
        capBytesPerSecond: Number.POSITIVE_INFINITY,
        latencySeconds: LATENCY_SECONDS,
        slowStartLagSeconds: 0,
      }),
  };
  const calls: [string, number][] = [];
  const call = (name: string) => calls.push([name, simulation.now]);
  const host = {
    guestStopped: () => void call("stopped"),
    handOverStorage: () => {
      call("storage");
      return STORAGE_SECONDS;
    },
    guestResumed: () => void call("resumed"),
    throttle: (deniedShare: number) => void call(`denied ${deniedShare}`),
    announce: () => void call("announce"),
    ended: (outcome: MigrationOutcome) => void call(outcome),
  };
  const migration = new LiveMigration({
    simulation,
    recorder: silentRecorder,
    migration: 0,
    memory,
    activity,
    log,
    link,
    setup,
    host,
  });
  /** Another sender takes its half of the link from one time to another. */
  const share = (fromSeconds: number, toSeconds: number) => {
    const onEvent = () => {
      const flow = link.openFlow({ onRateChanged: () => {} }, Number.POSITIVE_INFINITY);
      simulation.schedule(toSeconds, { onEvent: () => flow.close() }, 0);
    };
    simulation.schedule(fromSeconds, { onEvent }, 0);
  };
  return { simulation, migration, calls, share };
}

/** Setup and a round trip, then 1000 pages at the link's rate. */
const PRECOPY_SECONDS = 1.2;
const FULL_COPY_SECONDS = (1000 * PAGE_BYTES) / LINK_BYTES_PER_SECOND;
const HOT_SECONDS = (500 * PAGE_BYTES) / LINK_BYTES_PER_SECOND;
const STOPPED_SECONDS = PRECOPY_SECONDS + FULL_COPY_SECONDS;

describe("pre-copy", () => {
  it("sends all, then what was written meanwhile, round by round, and does its blackout part by part", () => {
    const { simulation, migration, calls } = setUp(3);
    simulation.run(100);
    const stopped = STOPPED_SECONDS + 2 * HOT_SECONDS;
    const parts = [0.25, HOT_SECONDS + LATENCY_SECONDS, 0.5, STORAGE_SECONDS, 0.125, 0];
    const end = stopped + parts.reduce((sum, seconds) => sum + seconds, 0);
    expect(migration.rounds.map(({ pagesSent }) => pagesSent)).toEqual([1000, 500, 500, 500]);
    migration.blackout.forEach(({ seconds }, index) => {
      expect(seconds).toBeCloseTo(parts[index], 9);
    });
    expect(calls.map(([name]) => name)).toEqual(["stopped", "storage", "announce", "resumed", "completed"]);
    const times = calls.map(([, at]) => at);
    [stopped, end - 0.825, end, end, end].forEach((at, index) => {
      expect(times[index]).toBeCloseTo(at, 9);
    });
    expect(migration.times.downtimeSeconds).toBeCloseTo(end - stopped, 9);
    expect(migration.times.totalSeconds).toBeCloseTo(end, 9);
    expect(migration.transferredBytes).toBe(2500 * PAGE_BYTES);
  });

  it("takes longer by what another sender takes of the link, in rounds as in the final copy", () => {
    const alone = setUp(1);
    alone.simulation.run(100);
    const total = alone.migration.times.totalSeconds as number;
    const finalCopy = STOPPED_SECONDS + 0.25;
    // Half the link for a second costs half a second; one that is gone when the last byte is under way costs nothing.
    for (const [from, to, lost] of [
      [2, 3, 0.5],
      [finalCopy + 1, finalCopy + 2, 0.5],
      [finalCopy + HOT_SECONDS + 0.05, finalCopy + HOT_SECONDS + 0.08, 0],
    ]) {
      const { simulation, migration, share } = setUp(1);
      share(from, to);
      simulation.run(100);
      expect(migration.times.totalSeconds).toBeCloseTo(total + lost, 2);
      expect(migration.transferredBytes).toBe(1500 * PAGE_BYTES);
    }
  });

  it("keeps the final copy's latency whatever becomes of the rate", () => {
    const finalCopy = STOPPED_SECONDS + 0.25;
    const { simulation, migration, share } = setUp(1);
    // Half of it goes at the full rate, half at half the rate.
    share(finalCopy + HOT_SECONDS / 2, 90);
    simulation.run(100);
    expect(migration.blackout[1].part).toBe("final-copy");
    expect(migration.blackout[1].seconds).toBeCloseTo(HOT_SECONDS / 2 + HOT_SECONDS + LATENCY_SECONDS, 9);
  });

  it("sends the device state as fast as the link lets it, once it is collected", () => {
    const bytes = LINK_BYTES_PER_SECOND;
    const collected = STOPPED_SECONDS + 0.25 + HOT_SECONDS + LATENCY_SECONDS + 0.5;
    const { simulation, migration, share } = setUp(1, bytes);
    // Half the link, from a quarter of the state on.
    share(collected + 0.25, 90);
    simulation.run(100);
    expect(migration.blackout[2].part).toBe("device-state");
    expect(migration.blackout[2].seconds).toBeCloseTo(0.5 + 0.25 + 2 * 0.75, 9);
  });
});
