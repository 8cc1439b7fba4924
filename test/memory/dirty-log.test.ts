/** Laws that both dirty logs keep, against closed forms; statistical tests have fixed seeds and reject at 4.5 deviations. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RandomStreams } from "../../sim/kernel/random.ts";
import { BitmapDirtyLog } from "../../sim/memory/bitmap-dirty-log.ts";
import type { DirtyLog, Rearm, Stretch } from "../../sim/memory/dirty-log.ts";
import type { GuestMemory, PageClass } from "../../sim/memory/page-class.ts";
import { StatisticalDirtyLog } from "../../sim/memory/statistical-dirty-log.ts";
import { WriteActivity } from "../../sim/memory/write-activity.ts";
import { writer } from "../support/page-classes.ts";

const LOGS = [StatisticalDirtyLog, BitmapDirtyLog];
const AT_SYNC: Rearm = { kind: "at-sync" };
/** A right log exceeds this once in 150,000 comparisons. */
const REJECTION_DEVIATIONS = 4.5;

function sweep(firstPage: number, pages: number, writesPerSecond: number): PageClass {
  return writer(firstPage, pages, writesPerSecond, { pattern: "sweep" });
}

interface Given {
  totalPages: number;
  zeroPages?: number;
  classes: PageClass[];
  rearm?: Rearm;
}

function makeLog(Log: (typeof LOGS)[number], { totalPages, zeroPages = 0, classes, rearm = AT_SYNC }: Given, seed = 1) {
  const memory: GuestMemory = { totalPages, zeroPages, compressedShare: 1, classes };
  return new Log(memory, new WriteActivity(classes), rearm, new RandomStreams(`${seed}`).stream("memory"));
}

/** Sends so many waiting pages, stretch by stretch, evenly over the time. */
function send(
  log: DirtyLog,
  pages: number,
  fromSeconds: number,
  toSeconds: number,
): { pages: number; zero: boolean }[] {
  const sent: { pages: number; zero: boolean }[] = [];
  const stretch: Stretch = { pages: 0, zero: false };
  const perPage = (toSeconds - fromSeconds) / pages;
  let at = fromSeconds;
  for (let left = pages; left > 0; ) {
    log.nextStretch(stretch);
    const now = Math.min(left, stretch.pages);
    if (now === 0) throw new Error("there is no more to send");
    log.send(now, at, at + now * perPage);
    at += now * perPage;
    sent.push({ pages: now, zero: stretch.zero });
    left -= now;
  }
  return sent;
}

function sendAll(log: DirtyLog, fromSeconds: number, toSeconds: number) {
  return send(log, log.pendingPages, fromSeconds, toSeconds);
}

/** Mean and variance over so many logs, each with a seed of its own. */
function momentsOver(runs: number, numberOf: (seed: number) => number): { mean: number; variance: number } {
  const values = Array.from({ length: runs }, (_, seed) => numberOf(seed));
  const mean = values.reduce((sum, value) => sum + value, 0) / runs;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (runs - 1);
  return { mean, variance };
}

/** Holds mean and variance of binomial counts to what they must be. */
function expectBinomial(
  found: { mean: number; variance: number },
  runs: number,
  parts: { pages: number; p: number }[],
) {
  const mean = parts.reduce((sum, { pages, p }) => sum + pages * p, 0);
  const variance = parts.reduce((sum, { pages, p }) => sum + pages * p * (1 - p), 0);
  expect(Math.abs(found.mean - mean) / Math.sqrt(variance / runs)).toBeLessThan(REJECTION_DEVIATIONS);
  // The variance of a variance of nearly normal numbers is 2 / (runs - 1) of its square.
  expect(Math.abs(found.variance / variance - 1) / Math.sqrt(2 / (runs - 1))).toBeLessThan(REJECTION_DEVIATIONS);
}

const RUNS = 400;

describe.each(LOGS.map((Log) => ({ name: Log.name, Log })))("$name", ({ Log }) => {
  it("begins with every page waiting, the zero pages among them", () => {
    const log = makeLog(Log, { totalPages: 1000, zeroPages: 300, classes: [] });
    log.begin(5);
    expect([log.pendingPages, log.pendingZeroPages]).toEqual([1000, 300]);
    expect(sendAll(log, 5, 6)).toEqual([
      { pages: 700, zero: false },
      { pages: 300, zero: true },
    ]);
    expect([log.pendingPages, log.pendingZeroPages]).toEqual([0, 0]);
    expect(log.sync(100)).toBe(0);
    expect(log.pendingPages).toBe(0);
  });

  it.each([0.05, 0.7, 3])("finds n (1 - exp(-H)) pages of a uniform writer dirty, H = %s", (hazard) => {
    const pages = 2000;
    const found = momentsOver(RUNS, (seed) => {
      const log = makeLog(Log, { totalPages: 3000, classes: [writer(500, pages, 1000)] }, seed);
      log.begin(1);
      sendAll(log, 1, 1);
      const added = log.sync(1 + (hazard * pages) / 1000);
      expect(log.pendingPages).toBe(added);
      return added;
    });
    // With 400 runs a probability that is off by 1.5 % of 1 - p shows at the smallest hazard, by 0.3 % at 0.7.
    expectBinomial(found, RUNS, [{ pages, p: 1 - Math.exp(-hazard) }]);
  });

  it("adds the hazards of writers that overlap", () => {
    const found = momentsOver(RUNS, (seed) => {
      const classes = [writer(0, 2000, 800), writer(1200, 1500, 900)];
      const log = makeLog(Log, { totalPages: 3000, classes }, seed);
      log.begin(0);
      sendAll(log, 0, 0);
      return log.sync(1.5);
    });
    const [h1, h2] = [(800 * 1.5) / 2000, (900 * 1.5) / 1500];
    expectBinomial(found, RUNS, [
      { pages: 1200, p: 1 - Math.exp(-h1) },
      { pages: 800, p: 1 - Math.exp(-h1 - h2) },
      { pages: 700, p: 1 - Math.exp(-h2) },
    ]);
  });

  it("joins what was written with what was not sent, and counts only what is new", () => {
    const [pages, rate, sentPages] = [2000, 1500, 700];
    const p = 1 - Math.exp(-rate / pages);
    const found = momentsOver(RUNS, (seed) => {
      const log = makeLog(Log, { totalPages: pages, classes: [writer(0, pages, rate)] }, seed);
      log.begin(0);
      send(log, sentPages, 0, 1);
      const added = log.sync(1);
      expect(log.pendingPages).toBe(pages - sentPages + added);
      return added;
    });
    // Pages that wait still are in the union whether written or not.
    expectBinomial(found, RUNS, [{ pages: sentPages, p }]);
  });

  it("goes on where the scan stood: what it passed comes after what it has yet to meet", () => {
    // Pages 0 to 999 are written hard, the others never; the scan stops at page 400.
    const log = makeLog(Log, { totalPages: 3000, zeroPages: 500, classes: [writer(0, 1000, 1e6)] });
    log.begin(0);
    send(log, 400, 0, 1);
    expect(log.sync(1)).toBe(400);
    // From page 400 on: 2100 pages in use, then 500 zero pages, and only then, round the end, the first 400 again.
    expect(sendAll(log, 1, 2)).toEqual([
      { pages: 2100, zero: false },
      { pages: 500, zero: true },
      { pages: 400, zero: false },
    ]);
    expect(log.sync(2)).toBe(1000);
    expect(log.pendingZeroPages).toBe(0);
  });

  it("keeps hot pages that were passed apart from cold ones that were not", () => {
    // The scan passes half the hot range, which is hot again at the read; then it sends as much as the cold rest holds.
    const classes = [writer(0, 1000, 1e6)];
    const log = makeLog(Log, { totalPages: 2000, classes });
    log.begin(0);
    send(log, 500, 0, 1);
    log.sync(1);
    expect(log.pendingPages).toBe(2000);
    send(log, 1500, 1, 2);
    // Pages 500 to 1999 went out, of which 500 to 999 are written again: 500 unsent and 500 new.
    expect(log.sync(2)).toBe(500);
    send(log, 500, 2, 3);
    expect(log.pendingPages).toBe(500);
  });

  it("has a sweep dirty the pages it came by, in order, each once", () => {
    const log = makeLog(Log, { totalPages: 1000, classes: [sweep(100, 600, 100)] });
    log.begin(0);
    sendAll(log, 0, 0);
    expect(log.sync(2)).toBe(200);
    sendAll(log, 2, 2);
    // Pages 300 to 699, then round to 100 to 149.
    expect(log.sync(6.5)).toBe(450);
    send(log, 50, 6.5, 6.5);
    // Pages 150 to 349 are swept: none of them waits, as the scan took 100 to 149 first.
    expect(log.sync(8.5)).toBe(150);
    expect(log.pendingPages).toBe(400 + 150);
    sendAll(log, 8.5, 8.5);
    expect(log.sync(100)).toBe(600);
  });

  it("finds the union of a sweep and an overlapping writer", () => {
    const found = momentsOver(RUNS, (seed) => {
      const classes = [sweep(0, 1500, 1000), writer(500, 1500, 1200)];
      const log = makeLog(Log, { totalPages: 2000, classes }, seed);
      log.begin(0);
      sendAll(log, 0, 0);
      const added = log.sync(0.8);
      // 800 pages swept; of the writer's, 300 are among them.
      return added - 800;
    });
    expectBinomial(found, RUNS, [{ pages: 1200, p: 1 - Math.exp(-(1200 * 0.8) / 1500) }]);
  });

  it("writes by phases", () => {
    const classes = [writer(0, 500, 1e6, { startSeconds: 2, endSeconds: 3 })];
    const log = makeLog(Log, { totalPages: 500, classes });
    log.begin(0);
    sendAll(log, 0, 0);
    expect(log.sync(2)).toBe(0);
    expect(log.sync(2.5)).toBe(500);
    sendAll(log, 2.5, 2.5);
    expect(log.sync(3.5)).toBe(500);
    sendAll(log, 3.5, 3.5);
    expect(log.sync(100)).toBe(0);
  });

  describe("with tracking armed chunk by chunk", () => {
    const chunked: Rearm = { kind: "by-chunk", chunkPages: 500 };

    it("forgets writes to a page that waited, if they came before its chunk was armed", () => {
      // Written between 0 and 1 only; chunks are entered at 0, 1, 2 and 3 s.
      const classes = [writer(0, 2000, 1e6, { startSeconds: 0, endSeconds: 1 })];
      const log = makeLog(Log, { totalPages: 2000, classes, rearm: chunked });
      log.begin(0);
      sendAll(log, 0, 4);
      // Only the first chunk was being tracked while pages were written.
      expect(log.sync(4)).toBe(500);
    });

    it("finds them all where tracking is armed at the read", () => {
      const classes = [writer(0, 2000, 1e6, { startSeconds: 0, endSeconds: 1 })];
      const log = makeLog(Log, { totalPages: 2000, classes });
      log.begin(0);
      sendAll(log, 0, 4);
      expect(log.sync(4)).toBe(2000);
    });

    it("forgets no write to a page that did not wait", () => {
      // Half the pages of each chunk are cold after the first pass: they do not wait, so arming does not clear them.
      const classes = [
        writer(0, 1000, 1e6, { startSeconds: 4, endSeconds: 5 }),
        writer(0, 2000, 1e6, { startSeconds: 10, endSeconds: 11 }),
      ];
      const log = makeLog(Log, { totalPages: 2000, classes, rearm: chunked });
      log.begin(0);
      sendAll(log, 0, 4);
      expect(log.sync(6)).toBe(1000);
      // Chunk 0 is entered at 6 s, chunk 1 at 12 s: the writes between 10 and 11 s find chunk 1's 500 pages waiting
      // and not armed (forgotten), chunk 0's armed, and the other 1000 pages not waiting.
      sendAll(log, 6, 18);
      expect(log.sync(18)).toBe(1500);
    });

    it("dirties 1 - exp(-rate x time since its chunk was armed) of the pages sent", () => {
      const found = momentsOver(RUNS, (seed) => {
        const log = makeLog(Log, { totalPages: 2000, classes: [writer(0, 2000, 1000)], rearm: chunked }, seed);
        log.begin(0);
        sendAll(log, 0, 2);
        return log.sync(2);
      });
      const armedFor = [2, 1.5, 1, 0.5];
      expectBinomial(
        found,
        RUNS,
        armedFor.map((seconds) => ({ pages: 500, p: 1 - Math.exp(-0.5 * seconds) })),
      );
    });
  });

  it("never loses count, whatever is sent and read", () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 0, max: 1e6 }),
          zeroPages: fc.integer({ min: 0, max: 200 }),
          rearm: fc.constantFrom<Rearm>(AT_SYNC, { kind: "by-chunk", chunkPages: 97 }),
          classes: fc.array(
            fc.record({
              firstPage: fc.integer({ min: 0, max: 700 }),
              pages: fc.integer({ min: 1, max: 100 }),
              writesPerSecond: fc.integer({ min: 0, max: 2000 }),
              pattern: fc.constantFrom<"uniform" | "sweep">("uniform", "sweep"),
            }),
            { maxLength: 4 },
          ),
          steps: fc.array(fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), read: fc.boolean() }), {
            maxLength: 30,
          }),
        }),
        ({ seed, zeroPages, rearm, classes, steps }) => {
          const given = classes.map((one) => writer(one.firstPage, one.pages, one.writesPerSecond, one));
          const log = makeLog(Log, { totalPages: 1000, zeroPages, classes: given, rearm }, seed);
          log.begin(0);
          let now = 0;
          let pending = 1000;
          let zeroSent = 0;
          for (const { share, read } of steps) {
            const next = now + 0.1;
            if (read) {
              const added = log.sync(next);
              expect(added).toBeGreaterThanOrEqual(0);
              pending += added;
              expect(pending).toBeLessThanOrEqual(1000);
            } else if (pending > 0) {
              const pages = Math.floor(share * pending);
              for (const sent of send(log, pages, now, next)) if (sent.zero) zeroSent += sent.pages;
              pending -= pages;
            }
            now = next;
            expect(log.pendingPages).toBe(pending);
            // Zero pages wait from the start, are sent once and never written.
            expect(log.pendingZeroPages).toBe(zeroPages - zeroSent);
          }
        },
      ),
      { seed: 7, numRuns: 150 },
    );
  });
});

describe("StatisticalDirtyLog", () => {
  const segmentsOf = (log: StatisticalDirtyLog) =>
    (log as unknown as { segments: { all: unknown[] } }).segments.all.length;

  it.each<Rearm>([AT_SYNC, { kind: "by-chunk", chunkPages: 10_000 }])(
    "keeps few segments over hundreds of rounds that do not converge: %o",
    (rearm) => {
      const classes = [writer(0, 20_000, 30_000), sweep(10_000, 15_000, 4_000), writer(22_000, 8_000, 2_000)];
      const log = makeLog(StatisticalDirtyLog, {
        totalPages: 40_000,
        zeroPages: 5_000,
        classes,
        rearm,
      }) as StatisticalDirtyLog;
      log.begin(0);
      let most = 0;
      for (let round = 1; round <= 600; round += 1) {
        // Most of what waits goes out, never all: the scan pointer's cut stays and wanders.
        send(log, Math.floor(log.pendingPages * 0.8), round - 1, round);
        log.sync(round);
        most = Math.max(most, segmentsOf(log));
      }
      // 10 regions and chunks at most; cuts by the pointer and by the sweep's head, of this round and a few before it.
      expect(most).toBeLessThan(40);
    },
  );

  it("dirties, by a sweep over more chunks than are told apart, no more than a part of it differently", () => {
    const pages = 64 * 100;
    const memory = { totalPages: pages, zeroPages: 0, compressedShare: 1, classes: [sweep(0, pages, pages / 5)] };
    const counts = [StatisticalDirtyLog, BitmapDirtyLog].map((Log) => {
      const log = makeLog(Log, { ...memory, rearm: { kind: "by-chunk", chunkPages: 50 } });
      log.begin(0);
      return [1, 2, 3, 4].map((round) => {
        send(log, log.pendingPages, round - 1, round);
        return log.sync(round);
      });
    });
    for (const [round, count] of (counts[0] as number[]).entries()) {
      expect(Math.abs(count - (counts[1]?.[round] ?? 0))).toBeLessThanOrEqual(pages / 64);
    }
  });

  it.each<Rearm>([AT_SYNC, { kind: "by-chunk", chunkPages: 2 ** 18 }])(
    "does as much for 1 TiB as for 64 GiB: %o",
    (rearm) => {
      const operations = [2 ** 24, 2 ** 28].map((totalPages) => {
        let draws = 0;
        const classes = [
          writer(0, totalPages / 2, totalPages / 8),
          writer(totalPages / 2, totalPages / 4, totalPages / 64),
        ];
        const memory: GuestMemory = { totalPages, zeroPages: totalPages / 8, compressedShare: 1, classes };
        const stream = new RandomStreams("1").stream("memory");
        const counted = {
          next: () => {
            draws += 1;
            return stream.next();
          },
        };
        const log = new StatisticalDirtyLog(memory, new WriteActivity(classes), rearm, counted);
        log.begin(0);
        let segments = 0;
        for (let round = 1; round <= 20; round += 1) {
          send(log, Math.floor(log.pendingPages * 0.9), round - 1, round);
          log.sync(round);
          segments = Math.max(segments, segmentsOf(log));
        }
        return { draws, segments };
      });
      expect(operations[1].segments).toBeLessThanOrEqual(operations[0].segments * 1.1 + 5);
      expect(operations[1].draws).toBeLessThan(operations[0].draws * 1.2 + 50);
    },
  );
});
