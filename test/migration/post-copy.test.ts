/** Post-copy and pausing, on the loop by itself: a sender that drains at the link's rate, and closed forms. */
import { describe, expect, it } from "vitest";
import { Simulation } from "../../sim/kernel/simulation.ts";
import { BitmapDirtyLog } from "../../sim/memory/bitmap-dirty-log.ts";
import type { PageClass } from "../../sim/memory/page-class.ts";
import { StatisticalDirtyLog } from "../../sim/memory/statistical-dirty-log.ts";
import { WriteActivity } from "../../sim/memory/write-activity.ts";
import { DrainingSender } from "../../sim/migration/draining-sender.ts";
import { LiveMigration } from "../../sim/migration/live-migration.ts";
import { ANOTHER_ROUND, type PrecopySetup } from "../../sim/migration/policy.ts";
import { type PostCopySetup, postCopyAfter } from "../../sim/migration/post-copy-setup.ts";
import { Link } from "../../sim/network/link.ts";
import type { MigrationOutcome } from "../../sim/trace/migration-events.ts";
import { silentRecorder } from "../../sim/trace/recorder.ts";

const PAGE_BYTES = 4096;
const LATENCY_SECONDS = 0.01;
const LINK_BYTES_PER_SECOND = 1e6;
const STOP_SECONDS = 0.25;
const DEVICE_STATE_SECONDS = 0.5;
const RESUME_SECONDS = 0.125;
/** Setup and a round trip. */
const PRECOPY_SECONDS = 1 + 2 * LATENCY_SECONDS;
const PAGES = 1000;
const HOT_PAGES = 500;
const PAGE_SECONDS = PAGE_BYTES / LINK_BYTES_PER_SECOND;

const POST_COPY: PostCopySetup = {
  afterRounds: 1,
  pollSeconds: 0,
  maxBandwidthBytesPerSecond: Number.POSITIVE_INFINITY,
  placingBytesPerSecond: 1e12,
  preempt: false,
  requestsWaitForWindow: true,
  windowSeconds: 0.1,
  hostPageBytes: PAGE_BYTES,
  requestSeconds: 0,
  sendBufferBytes: 0,
  receiveBufferBytes: 0,
  discardPageSeconds: 1e-4,
  writingProcessors: 1,
};

interface Given {
  postCopy?: Partial<PostCopySetup> | null;
  writesPerSecond?: number;
  rounds?: number;
  preSwitchoverSeconds?: number;
  log?: "bitmap" | "statistical";
  seed?: string;
}

/** 500 of 1000 pages are written; without post-copy the guest is stopped after `rounds` rounds. */
function start(given: Given) {
  const simulation = new Simulation(given.seed ?? "1");
  const link = new Link({
    name: "lan",
    capacityBytesPerSecond: LINK_BYTES_PER_SECOND,
    latencySeconds: LATENCY_SECONDS,
  });
  const hot: PageClass = {
    name: "hot",
    firstPage: 0,
    pages: HOT_PAGES,
    writesPerSecond: given.writesPerSecond ?? 1e5,
    pattern: "uniform",
    startSeconds: 0,
    endSeconds: Number.POSITIVE_INFINITY,
    cpuBoundShare: 1,
    wordsPerWrite: 1,
  };
  const memory = { totalPages: PAGES, zeroPages: 0, compressedShare: 1, classes: [hot] };
  const activity = new WriteActivity([hot]);
  const Log = given.log === "statistical" ? StatisticalDirtyLog : BitmapDirtyLog;
  const log = new Log(memory, activity, { kind: "at-sync" }, simulation.random.stream("memory"));
  const postCopy = given.postCopy === null ? null : { ...POST_COPY, ...given.postCopy };
  const after = postCopy?.afterRounds ?? Number.POSITIVE_INFINITY;
  const setup: PrecopySetup = {
    makePolicy: () =>
      postCopyAfter(after, ({ round, pendingPages }) =>
        pendingPages > 0 && round < (given.rounds ?? 100)
          ? ANOTHER_ROUND
          : { kind: "stop-guest", rule: "enough", reason: "enough" },
      ),
    rearm: { kind: "at-sync" },
    setupSeconds: 1,
    finalCapBytesPerSecond: Number.POSITIVE_INFINITY,
    blackout: {
      stopSeconds: STOP_SECONDS,
      deviceStateBytes: 0,
      deviceStateCollectionSeconds: DEVICE_STATE_SECONDS,
      resumeSeconds: RESUME_SECONDS,
    },
    reportsAtLastByteWritten: false,
    postCopy,
    ...(given.preSwitchoverSeconds === undefined ? {} : { preSwitchoverSeconds: given.preSwitchoverSeconds }),
    makeSender: (pages) =>
      new DrainingSender(pages, {
        wire: { pageBytes: PAGE_BYTES, zeroPageBytes: PAGE_BYTES, sectionBytes: 0 },
        capBytesPerSecond: Number.POSITIVE_INFINITY,
        latencySeconds: LATENCY_SECONDS,
        slowStartLagSeconds: 0,
      }),
  };
  const calls: string[] = [];
  const host = {
    guestStopped: () => {
      calls.push("stopped");
      activity.standStill(simulation.now);
    },
    handOverStorage: () => 0,
    guestResumed: (pagesFollow = false) => {
      calls.push(pagesFollow ? "ahead" : "resumed");
      activity.runOn();
    },
    guestRunsOn: () => {
      calls.push("runs on");
      activity.runOn();
    },
    throttle: () => {},
    announce: () => void calls.push("announce"),
    ended: (outcome: MigrationOutcome) => void calls.push(outcome),
  };
  const context = { simulation, recorder: silentRecorder, migration: 0, memory, log, link, setup, host, activity };
  const migration = new LiveMigration(context);
  const at = (seconds: number, does: () => void) => simulation.schedule(seconds, { onEvent: does }, 0);
  return { simulation, migration, calls, at };
}

const FULL_COPY_SECONDS = PAGES * PAGE_SECONDS;

describe("post-copy", () => {
  it("stops the guest after the rounds asked for, and sends what waited then once more and no oftener", () => {
    const { simulation, migration, calls } = start({});
    simulation.run(100);
    const discardSeconds = HOT_PAGES * POST_COPY.discardPageSeconds;
    const downtime = STOP_SECONDS + LATENCY_SECONDS + discardSeconds + DEVICE_STATE_SECONDS + RESUME_SECONDS;
    const stopped = PRECOPY_SECONDS + FULL_COPY_SECONDS;
    expect(calls).toEqual(["stopped", "announce", "ahead", "completed"]);
    expect(migration.blackout.map(({ part }) => part)).toEqual([
      "stop",
      "discard",
      "device-state",
      "storage-handover",
      "resume",
      "announce",
    ]);
    expect(migration.times.downtimeSeconds).toBeCloseTo(downtime, 9);
    expect(migration.endedBy).toBe("post-copy-after-rounds");
    expect(migration.transferredBytes).toBe((PAGES + HOT_PAGES) * PAGE_BYTES);
    // Pages set out as the target throws the old ones away, while the guest is still on its way.
    const lastPage = stopped + STOP_SECONDS + discardSeconds + HOT_PAGES * PAGE_SECONDS + LATENCY_SECONDS;
    expect(migration.times.totalSeconds).toBeCloseTo(lastPage + LATENCY_SECONDS, 6);
    const { postcopy } = migration;
    expect(postcopy?.startSeconds).toBeCloseTo(stopped + downtime, 9);
    expect(postcopy?.seconds).toBeCloseTo(lastPage - stopped - downtime, 6);
    expect(postcopy?.pages).toBe(HOT_PAGES);
    expect(postcopy?.bytes).toBe(HOT_PAGES * PAGE_BYTES);
    // What went out while the guest was on its way is there as it arrives.
    const early = Math.floor((downtime - STOP_SECONDS - discardSeconds) / PAGE_SECONDS);
    expect(postcopy?.pagesLeft).toBe(HOT_PAGES - early);
  });

  it("starts before the first page, with nothing to throw away, where no round is asked for", () => {
    const { simulation, migration } = start({ postCopy: { afterRounds: 0 } });
    simulation.run(100);
    expect(migration.times.downtimeSeconds).toBeCloseTo(
      STOP_SECONDS + LATENCY_SECONDS + DEVICE_STATE_SECONDS + RESUME_SECONDS,
      9,
    );
    expect(migration.transferredBytes).toBe(PAGES * PAGE_BYTES);
    expect(migration.postcopy?.pages).toBe(PAGES);
    expect(migration.bitmapSyncs).toBe(2);
  });

  it("waits for the poll of what starts it, and no longer than that", () => {
    const first = PRECOPY_SECONDS + FULL_COPY_SECONDS;
    const { simulation, migration, at } = start({ postCopy: { pollSeconds: 3 } });
    let stageBefore = "";
    at(5.999, () => {
      stageBefore = migration.stage;
    });
    simulation.run(100);
    expect(first).toBeLessThan(6);
    expect(stageBefore).toBe("pre-copy");
    // At 6 s it is asked for; this sender's turn comes with the end of its round, and the stop's read is a round of its own.
    expect(migration.endedBy).toBe("post-copy-after-rounds");
    expect(migration.rounds).toHaveLength(3);
  });

  it("cannot be cancelled once the guest is at the target, nor asked for twice, nor without being set up", () => {
    const { simulation, migration, at } = start({});
    const answers: unknown[] = [];
    at(PRECOPY_SECONDS + FULL_COPY_SECONDS + 1.2, () => {
      answers.push(migration.stage, migration.cancel("cancelled", "x"), migration.startPostCopy("a", "b"));
    });
    simulation.run(100);
    expect(answers).toEqual(["post-copy", false, false]);
    const without = start({ postCopy: null });
    without.at(2, () => answers.push(without.migration.startPostCopy("a", "b")));
    const asked = start({ postCopy: { afterRounds: Number.POSITIVE_INFINITY } });
    asked.at(2, () =>
      answers.push(asked.migration.startPostCopy("wanted", "a wish"), asked.migration.startPostCopy("a", "b")),
    );
    without.simulation.run(20);
    asked.simulation.run(20);
    expect(answers.slice(3)).toEqual([false, true, false]);
    expect(asked.migration.endedBy).toBe("wanted");
    expect(asked.migration.postcopy).not.toBeNull();
  });

  it("keeps the guest still for no longer than the phase, longer where a page takes longer to come", () => {
    let before = 0;
    for (const requestSeconds of [0, 1e-4, 1e-3, 1e-2, 1e-1]) {
      const { simulation, migration } = start({
        postCopy: { requestSeconds },
        writesPerSecond: 200,
        log: "statistical",
      });
      simulation.run(100);
      const { seconds = 0, waitSeconds = 0 } = migration.postcopy ?? {};
      expect(waitSeconds).toBeGreaterThanOrEqual(0.9 * before);
      expect(waitSeconds).toBeLessThanOrEqual(seconds);
      expect(migration.brownoutSeconds).toBe(waitSeconds);
      before = waitSeconds;
    }
    expect(before).toBeGreaterThan(0);
  });
});

describe("a guest that is stopped for the rest of pre-copy", () => {
  it("writes nothing any more, and its blackout lasts from then", () => {
    const pausedAt = PRECOPY_SECONDS + 2;
    const { simulation, migration, calls, at } = start({ postCopy: null });
    const answers: boolean[] = [];
    at(pausedAt, () => answers.push(migration.pauseGuest("too-slow", "a time-out"), migration.pauseGuest("a", "b")));
    simulation.run(100);
    expect(answers).toEqual([true, false]);
    expect(migration.endedBy).toBe("too-slow");
    // The first round's read finds what was written up to the pause; the second round sends it, and nothing is left.
    expect(migration.rounds.map(({ pagesSent }) => pagesSent)).toEqual([PAGES, HOT_PAGES, 0]);
    expect(migration.blackout.slice(0, 3).map(({ part }) => part)).toEqual(["stop", "paused", "final-copy"]);
    const copied = FULL_COPY_SECONDS + HOT_PAGES * PAGE_SECONDS - 2;
    expect(migration.times.downtimeSeconds).toBeCloseTo(
      copied + LATENCY_SECONDS + DEVICE_STATE_SECONDS + RESUME_SECONDS,
      6,
    );
    expect(calls).toEqual(["stopped", "announce", "resumed", "completed"]);
  });

  it("runs on at the source where the migration is cancelled", () => {
    const { simulation, migration, calls, at } = start({ postCopy: null });
    at(3, () => migration.pauseGuest("too-slow", "a time-out"));
    at(4, () => migration.cancel("cancelled", "enough"));
    simulation.run(100);
    expect(calls).toEqual(["stopped", "runs on", "cancelled"]);
    expect(migration.times.downtimeSeconds).toBeCloseTo(1, 9);
  });
});

describe("a stopped guest that waits before the switchover", () => {
  it("goes on when the wait is over, or when told to, or not at all where it is cancelled", () => {
    const stopped = PRECOPY_SECONDS + FULL_COPY_SECONDS;
    const downtimeAfter = (does: (migration: LiveMigration) => void, preSwitchoverSeconds: number) => {
      const { simulation, migration, at } = start({ postCopy: null, rounds: 1, preSwitchoverSeconds });
      at(stopped + STOP_SECONDS + 2, () => does(migration));
      simulation.run(100);
      return migration;
    };
    const waited = downtimeAfter(() => {}, 5).times.downtimeSeconds as number;
    const told = downtimeAfter((migration) => expect(migration.continueSwitchover()).toBe(true), 5);
    expect(waited - (told.times.downtimeSeconds as number)).toBeCloseTo(3, 9);
    expect(told.blackout[1]).toEqual({ part: "pre-switchover", seconds: expect.closeTo(2, 9) });
    const cancelled = downtimeAfter(
      (migration) => expect([migration.stage, migration.cancel("cancelled", "x")]).toEqual(["pre-switchover", true]),
      Number.POSITIVE_INFINITY,
    );
    expect(cancelled.times.downtimeSeconds).toBeCloseTo(STOP_SECONDS + 2, 9);
    const forever = downtimeAfter((migration) => expect(migration.continueSwitchover()).toBe(false), 1);
    expect(forever.times.downtimeSeconds).toBeCloseTo(waited - 4, 9);
  });
});
