import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WindowedSender, type WindowedSenderSettings } from "../../sim/migration/windowed-sender.ts";
import { SendSocket } from "../../sim/network/tcp.ts";
import { CountingLog } from "./counting-log.ts";

const MIB = 2 ** 20;
const PAGE_BYTES = 4104;
const ZERO_PAGE_BYTES = 9;
const SECTION_BYTES = 18;

const QEMU: WindowedSenderSettings = {
  wire: { pageBytes: PAGE_BYTES, zeroPageBytes: ZERO_PAGE_BYTES, sectionBytes: SECTION_BYTES },
  packets: null,
  streamsBytesPerSecond: Number.POSITIVE_INFINITY,
  pageSizeBytes: 4096,
  windowSeconds: 0.1,
  oversleepSeconds: 0,
  sectionSeconds: 0.05,
  pagesPerClockCheck: 64,
  maxBandwidthBytesPerSecond: 128 * MIB,
  downtimeLimitSeconds: 0.3,
  copyBytesPerSecond: 1.3e9,
  finalCopyBytesPerSecond: 3.6e9,
  zeroPageSeconds: 0.12e-6,
  linkBytesPerSecond: 1e10,
  latencySeconds: 0,
  slowStartLagSeconds: 0,
};

/** Steps through every turn: no window is ever taken for a repetition. */
class SteppingSender extends WindowedSender {
  override advance(nowSeconds: number): number {
    (this as unknown as { stride: { forget(): void } }).stride.forget();
    return super.advance(nowSeconds);
  }
}

type SenderClass = typeof WindowedSender;

function makeSender(
  log: CountingLog,
  changes: Partial<WindowedSenderSettings> = {},
  { Sender = WindowedSender as SenderClass, socketBytes = 4.2e6 } = {},
): WindowedSender {
  const settings = { ...QEMU, ...changes };
  const sender = new Sender(log, new SendSocket(socketBytes), settings);
  sender.setRate(
    Math.min(settings.linkBytesPerSecond, settings.maxBandwidthBytesPerSecond, settings.copyBytesPerSecond),
  );
  return sender;
}

/** Sends to the end of the round; the time that it is over. */
function runRound(sender: WindowedSender, fromSeconds = 0): { endSeconds: number; turns: number } {
  let now = fromSeconds;
  let turns = 0;
  for (; turns < 1_000_000; turns += 1) {
    sender.settle(now);
    if (sender.roundIsOver()) return { endSeconds: now, turns };
    now = sender.advance(now);
  }
  throw new Error("the round does not end");
}

describe("a window of 100 ms", () => {
  it("holds as many whole pages as it takes to use up the quota, and a section's bytes", () => {
    const log = new CountingLog([{ pages: 100_000, zero: false }]);
    const sender = makeSender(log);
    sender.begin(0);
    expect(sender.advance(0)).toBeCloseTo(0.1, 12);
    expect(log.sentPages).toBe(Math.ceil((12.8 * MIB) / PAGE_BYTES));
    expect(sender.totals.bytes).toBe(13_424_202);
    expect(sender.thresholdBytes).toBeCloseTo((13_424_202 / 0.1) * 0.3, 4);
  });

  it("oversleeps, yet counts its bandwidth over 100 ms", () => {
    const log = new CountingLog([{ pages: 100_000, zero: false }]);
    const sender = makeSender(log, { oversleepSeconds: 0.002, downtimeLimitSeconds: 0.05 });
    sender.begin(0);
    expect(sender.advance(0)).toBeCloseTo(0.102, 12);
    expect(sender.thresholdBytes).toBeCloseTo((13_424_202 / 0.1) * 0.05, 4);
  });

  it("counts its bandwidth over the time it took where pages, not the quota, fill it", () => {
    const log = new CountingLog([{ pages: 1_000_000, zero: false }]);
    const sender = makeSender(log, { maxBandwidthBytesPerSecond: Number.POSITIVE_INFINITY });
    sender.begin(0);
    let now = 0;
    while (sender.thresholdBytes === 0) now = sender.advance(now);
    // Two sections, each until the first look at the clock after 50 ms: it is looked at every 64 pages.
    const perPage = PAGE_BYTES / QEMU.copyBytesPerSecond;
    const sectionPages = Math.ceil(Math.floor(0.05 / perPage) / 64) * 64 + 1;
    expect(log.sentPages).toBe(2 * sectionPages);
    expect(now).toBeCloseTo(2 * sectionPages * perPage, 9);
    const bytes = 2 * (sectionPages * PAGE_BYTES + SECTION_BYTES);
    expect(sender.totals.bytes).toBe(bytes);
    expect(sender.thresholdBytes / ((bytes / now) * 0.3)).toBeCloseTo(1, 9);
  });
});

describe("a section", () => {
  const slow = { copyBytesPerSecond: 4104 * 1000, maxBandwidthBytesPerSecond: 1e12 };

  it.each([
    // A page a millisecond; the clock is looked at after pages 1, 65, 129, ...: the first look past 50 ms is after 65.
    { pagesPerClockCheck: 64, sectionPages: 65 },
    { pagesPerClockCheck: 1, sectionPages: 51 },
    { pagesPerClockCheck: 100, sectionPages: 101 },
  ])("goes on to the first look at the clock past 50 ms: one in $pagesPerClockCheck pages", (given) => {
    const log = new CountingLog([{ pages: 10_000, zero: false }]);
    const sender = makeSender(log, { ...slow, pagesPerClockCheck: given.pagesPerClockCheck });
    sender.begin(0);
    expect(sender.advance(0)).toBeCloseTo(given.sectionPages / 1000, 12);
    expect(log.sentPages).toBe(given.sectionPages);
    expect(sender.totals.bytes).toBe(given.sectionPages * PAGE_BYTES + SECTION_BYTES);
  });

  it("sends pages of both kinds, each once at its own cost", () => {
    const log = new CountingLog([
      { pages: 10, zero: false },
      { pages: 1000, zero: true },
      { pages: 5, zero: false },
    ]);
    const sender = makeSender(log);
    sender.begin(0);
    const end = sender.advance(0);
    expect(sender.totals).toEqual({ pages: 15, zeroPages: 1000, bytes: 15 * 4104 + 1000 * 9 + 18 });
    expect(end).toBeCloseTo(15 * (4104 / 1.3e9) + 1000 * 0.12e-6, 12);
  });
});

describe("a round", () => {
  it("ends where less waits than the threshold, not at zero", () => {
    const log = new CountingLog([{ pages: 100_000, zero: false }]);
    const sender = makeSender(log);
    sender.begin(0);
    const { endSeconds } = runRound(sender);
    const windowPages = 3271;
    const threshold = (13_424_202 / 0.1) * 0.3;
    const windows = Math.floor((100_000 - threshold / 4096) / windowPages) + 1;
    expect(endSeconds).toBeCloseTo(windows * 0.1, 9);
    expect(log.pendingPages).toBe(100_000 - windows * windowPages);
    expect(log.pendingPages * 4096).toBeLessThan(threshold);
    expect((log.pendingPages + windowPages) * 4096).toBeGreaterThan(threshold);
  });

  it("takes no more steps for 1 TiB than for 1 GiB", () => {
    const steps = [2 ** 18, 2 ** 28].map((pages) => {
      const log = new CountingLog([{ pages, zero: false }]);
      const sender = makeSender(log);
      sender.begin(0);
      const { turns } = runRound(sender);
      return { turns, sends: log.sends };
    });
    expect(steps[1].turns).toBeLessThanOrEqual(steps[0].turns + 3);
    expect(steps[1].sends).toBeLessThanOrEqual(steps[0].sends + 3);
    expect(steps[0].turns).toBeLessThan(12);
  });
});

const settingsArbitrary = fc.record({
  maxBandwidthBytesPerSecond: fc.oneof(
    fc.integer({ min: 4, max: 400 }).map((mib) => mib * MIB),
    fc.constant(Number.POSITIVE_INFINITY),
  ),
  linkBytesPerSecond: fc.constantFrom(11e6, 117.6e6, 300e6, 1.17e9, 1e10),
  copyBytesPerSecond: fc.constantFrom(200e6, 1.3e9),
  downtimeLimitSeconds: fc.constantFrom(0.01, 0.05, 0.3, 1),
  oversleepSeconds: fc.constantFrom(0, 0.07e-3),
  slowStartLagSeconds: fc.constantFrom(0, 0.02),
});

const stretchesArbitrary = fc.array(fc.record({ pages: fc.integer({ min: 1, max: 150_000 }), zero: fc.boolean() }), {
  minLength: 1,
  maxLength: 4,
});

/** Bytes follow from pages; sections are all that is left, a whole number of them. */
function expectBytesOfPages(sender: WindowedSender): void {
  const { bytes, pages, zeroPages } = sender.totals;
  const sections = (bytes - pages * PAGE_BYTES - zeroPages * ZERO_PAGE_BYTES) / SECTION_BYTES;
  expect(Number.isInteger(sections) && sections >= 0, `${sections} sections`).toBe(true);
}

describe("strides over equal windows", () => {
  it("come out where single steps do", () => {
    fc.assert(
      fc.property(settingsArbitrary, stretchesArbitrary, (settings, stretches) => {
        const results = [SteppingSender, WindowedSender].map((Sender) => {
          const log = new CountingLog(stretches);
          const sender = makeSender(log, settings, { Sender });
          sender.begin(0);
          const ends: number[] = [];
          const thresholds: number[] = [];
          let { endSeconds } = runRound(sender);
          ends.push(endSeconds);
          thresholds.push(sender.thresholdBytes);
          // A second round, begun in the midst of a window's life.
          log.add({ pages: 40_000, zero: false });
          endSeconds = runRound(sender, endSeconds).endSeconds;
          ends.push(endSeconds);
          thresholds.push(sender.thresholdBytes);
          expectBytesOfPages(sender);
          expect(sender.totals.pages).toBe(log.sentPages);
          expect(sender.totals.zeroPages).toBe(log.sentZeroPages);
          return { log, totals: sender.totals, ends, thresholds };
        });
        const [stepped, strode] = results;
        const linkRate = Math.min(settings.linkBytesPerSecond, settings.copyBytesPerSecond);
        const linkLimited = linkRate < settings.maxBandwidthBytesPerSecond;
        // Windows differ by up to 64 pages where the clock, not the quota, ends a section, and sections last as long as
        // a blocked writer sleeps for a third of its socket: a stride counts their mean, and may end two sections apart.
        const clockBytes = 64 * PAGE_BYTES;
        const grainSeconds = 2 * (Math.max(0.05, 1.4e6 / linkRate) + clockBytes / linkRate);
        const thresholdGrain = (2 * clockBytes * settings.downtimeLimitSeconds) / 0.1;
        for (const round of [0, 1]) {
          if (linkLimited) {
            expect(Math.abs(strode.ends[round] - stepped.ends[round])).toBeLessThanOrEqual(grainSeconds);
            expect(Math.abs(strode.thresholds[round] - stepped.thresholds[round])).toBeLessThanOrEqual(
              thresholdGrain + 0.05 * stepped.thresholds[round],
            );
          } else {
            expect(strode.ends[round]).toBeCloseTo(stepped.ends[round], 7);
            expect(strode.thresholds[round]).toBeCloseTo(stepped.thresholds[round], 4);
          }
        }
        if (linkLimited) {
          const slack = grainSeconds * linkRate;
          expect(Math.abs(strode.totals.bytes - stepped.totals.bytes)).toBeLessThanOrEqual(slack);
        } else {
          expect(strode.totals).toEqual(stepped.totals);
        }
      }),
      { seed: 20_260, numRuns: 300 },
    );
  });

  it("that are interrupted by a change of rate or cancelled book what single steps would have, to a window", () => {
    fc.assert(
      fc.property(
        settingsArbitrary,
        stretchesArbitrary,
        fc.array(
          fc.record({
            afterSeconds: fc.double({ min: 0, max: 3, noNaN: true }),
            share: fc.constantFrom(1, 0.5, 1 / 3),
          }),
          { minLength: 1, maxLength: 5 },
        ),
        (settings, stretches, changes) => {
          const results = [SteppingSender, WindowedSender].map((Sender) => {
            const log = new CountingLog(stretches);
            const waiting = { pages: log.pendingPages, zeroPages: log.pendingZeroPages };
            const sender = makeSender(log, settings, { Sender });
            const rateNow = (share: number) =>
              Math.min(
                settings.linkBytesPerSecond * share,
                settings.maxBandwidthBytesPerSecond,
                settings.copyBytesPerSecond,
              );
            sender.begin(0);
            let now = 0;
            let next = sender.advance(now);
            for (const { afterSeconds, share } of changes) {
              const interruption = now + afterSeconds;
              for (; next <= interruption; next = sender.advance(now)) {
                now = next;
                sender.settle(now);
                if (sender.roundIsOver()) break;
              }
              if (next <= interruption) break;
              now = interruption;
              sender.settle(now);
              sender.setRate(rateNow(share));
              next = sender.advance(now);
              expect(next).toBeGreaterThanOrEqual(now);
            }
            // Cancelled here: nothing is lost, nothing sent twice.
            sender.settle(now);
            expect(sender.totals.pages).toBe(log.sentPages);
            expect(sender.totals.zeroPages).toBe(log.sentZeroPages);
            expect(sender.totals.pages + sender.totals.zeroPages + log.pendingPages).toBe(waiting.pages);
            expect(sender.totals.zeroPages + log.pendingZeroPages).toBe(waiting.zeroPages);
            expectBytesOfPages(sender);
            return { totals: { ...sender.totals }, threshold: sender.thresholdBytes, now };
          });
          const [stepped, strode] = results;
          const fastest = Math.min(
            settings.linkBytesPerSecond,
            settings.maxBandwidthBytesPerSecond,
            settings.copyBytesPerSecond,
          );
          // What one window can hold, for each interruption: steps book a section as it begins, strides as it goes.
          const windowBytes = fastest * 0.1 + 4.2e6 + 64 * PAGE_BYTES;
          expect(Math.abs(strode.totals.bytes - stepped.totals.bytes)).toBeLessThanOrEqual(
            windowBytes * (changes.length + 1),
          );
          // The estimate of the bandwidth is no more than what any window can have carried.
          const mostBytes = fastest * 0.11 + 4.2e6 + 64 * PAGE_BYTES + SECTION_BYTES;
          expect(strode.threshold).toBeLessThanOrEqual((mostBytes / 0.1) * settings.downtimeLimitSeconds);
        },
      ),
      { seed: 20_261, numRuns: 500 },
    );
  });
});

describe("an interruption", () => {
  it("of a sender without a limit leaves its estimate of the bandwidth finite, and true", () => {
    const log = new CountingLog([{ pages: 2_000_000, zero: false }]);
    const sender = makeSender(log, { maxBandwidthBytesPerSecond: Number.POSITIVE_INFINITY });
    sender.begin(0);
    let now = 0;
    for (let next = sender.advance(0); next < 3; next = sender.advance(now)) {
      now = next;
      sender.settle(now);
    }
    sender.settle(3);
    sender.setRate(1e9);
    now = 3;
    for (let turn = 0; turn < 20 && now < 3.5; turn += 1) {
      now = sender.advance(now);
      sender.settle(now);
      expect(sender.roundIsOver()).toBe(false);
    }
    expect(sender.thresholdBytes / (1e9 * 0.3)).toBeCloseTo(1, 1);
  });

  it("by a rate that changes nothing changes nothing but the window it falls into", () => {
    const ends = [false, true].map((interrupted) => {
      const log = new CountingLog([{ pages: 300_000, zero: false }]);
      const sender = makeSender(log);
      sender.begin(0);
      let now = 0;
      if (interrupted) {
        for (let next = sender.advance(0); next < 4.03; next = sender.advance(now)) {
          now = next;
          sender.settle(now);
        }
        now = 4.03;
        sender.settle(now);
        // The window's burst was over by then: it counts whole, and so does its bandwidth.
        expect(sender.totals.bytes).toBe(41 * 13_424_202);
        sender.setRate(128 * MIB);
        now = sender.advance(now);
        expect(now).toBeCloseTo(4.1, 9);
        expect(sender.thresholdBytes).toBeCloseTo((13_424_202 / 0.1) * 0.3, 4);
      }
      return { ...runRound(sender, now), totals: sender.totals };
    });
    expect(ends[1].endSeconds).toBeCloseTo(ends[0].endSeconds, 9);
    expect(ends[1].totals).toEqual(ends[0].totals);
  });
});

describe("the final copy", () => {
  it("ignores the rate limit, and sends everything once", () => {
    const log = new CountingLog([
      { pages: 10_000, zero: false },
      { pages: 500, zero: true },
    ]);
    const sender = makeSender(log, { maxBandwidthBytesPerSecond: MIB });
    sender.begin(0);
    sender.setRate(3.6e9);
    const copy = sender.finalCopy(1);
    expect(copy.bytes).toBe(10_000 * 4104 + 500 * 9 + 18);
    expect(sender.totals).toEqual({ pages: 10_000, zeroPages: 500, bytes: copy.bytes });
    expect(log.pendingPages).toBe(0);
    // 41 MB at 3.6 GB/s, where 1 MiB/s would take 39 s.
    expect(copy.writtenSeconds).toBeCloseTo((10_000 * 4104) / 3.6e9 + 500 * 0.12e-6, 3);
    expect(copy.arrivedSeconds).toBeGreaterThanOrEqual(copy.writtenSeconds);
  });

  it("is written before it has arrived: what the socket holds is still on its way", () => {
    const log = new CountingLog([{ pages: 10_000, zero: false }]);
    const sender = makeSender(log, { latencySeconds: 0.005, linkBytesPerSecond: 117.6e6 });
    sender.begin(0);
    sender.setRate(117.6e6);
    const copy = sender.finalCopy(1);
    expect(copy.arrivedSeconds).toBeCloseTo(copy.bytes / 117.6e6 - 0.005, 9);
    // Written once the last third of the socket was free for it.
    expect(copy.writtenSeconds).toBeLessThanOrEqual(copy.arrivedSeconds);
    expect(copy.writtenSeconds).toBeGreaterThan((copy.bytes - 4.2e6) / 117.6e6 - 1e-9);
    expect(copy.writtenSeconds).toBeLessThan((copy.bytes - 4.2e6 + 1.4e6) / 117.6e6 + 1e-9);
  });
});
