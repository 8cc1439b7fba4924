import { assert, double, integer, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import type { Result } from "../../sim/kernel/result.ts";
import {
  formatBitsPerSecond,
  formatBytes,
  formatBytesPerSecond,
  formatCount,
  formatSeconds,
  formatShare,
  parseBytes,
  parseBytesPerSecond,
  parseCount,
  parsePagesPerSecond,
  parseSeconds,
  parseShare,
} from "../../sim/kernel/units.ts";

const PARSERS = [parseBytes, parseBytesPerSecond, parseCount, parsePagesPerSecond, parseSeconds, parseShare];

function problem(result: Result<number>): string {
  return result.ok ? `read as ${result.value}` : result.problem;
}

describe("reading", () => {
  it.each<[(read: unknown) => Result<number>, string | number, number]>([
    [parseBytes, "4 GiB", 4 * 2 ** 30],
    [parseBytes, 4096, 4096],
    [parseBytes, "4096", 4096],
    [parseBytes, "512 MB", 512e6],
    [parseBytes, "1.5 TiB", 1.5 * 2 ** 40],
    [parseBytes, "2kB", 2000],
    [parseBytes, "2 KB", 2000],
    [parseBytes, "2 KiB", 2048],
    [parseBytes, " 1 GB ", 1e9],
    [parseBytes, "12 bytes", 12],
    [parseBytes, "0.3 KiB", 307],
    [parseBytes, "1_000_000", 1e6],
    [parseBytes, "1e3 B", 1000],
    [parseBytes, ".5 MiB", 524288],
    [parseBytes, 0, 0],
    [parseSeconds, "30 ms", 0.03],
    [parseSeconds, "0.1 ms", 0.0001],
    [parseSeconds, "10 min", 600],
    [parseSeconds, "1 h", 3600],
    [parseSeconds, "2 d", 172800],
    [parseSeconds, "5 s", 5],
    [parseSeconds, "5s", 5],
    [parseSeconds, 5, 5],
    [parseSeconds, "250 us", 0.00025],
    [parseSeconds, "250 \u00b5s", 0.00025],
    [parseSeconds, "7 ns", 7e-9],
    [parseSeconds, "1 min 30 s", 90],
    [parseSeconds, "1h 5min", 3900],
    [parseBytesPerSecond, "1 Gbit/s", 125e6],
    [parseBytesPerSecond, "10 Gbps", 1.25e9],
    [parseBytesPerSecond, "40 Mbps", 5e6],
    [parseBytesPerSecond, "40 Mb/s", 5e6],
    [parseBytesPerSecond, "128 MiB/s", 128 * 2 ** 20],
    [parseBytesPerSecond, "40 MB/s", 40e6],
    [parseBytesPerSecond, "40 MBps", 40e6],
    [parseBytesPerSecond, "100 kbit / s", 12500],
    [parseBytesPerSecond, "8 Kibit/s", 1024],
    [parseBytesPerSecond, 125e6, 125e6],
    [parsePagesPerSecond, "20k pages/s", 20000],
    [parsePagesPerSecond, "3000 pages/s", 3000],
    [parsePagesPerSecond, "2k writes/s", 2000],
    [parsePagesPerSecond, "1.5M pages/s", 1.5e6],
    [parsePagesPerSecond, "20 k pages / s", 20000],
    [parsePagesPerSecond, "1 page/s", 1],
    [parsePagesPerSecond, 42, 42],
    [parseShare, "70 %", 0.7],
    [parseShare, "70%", 0.7],
    [parseShare, "7 %", 0.07],
    [parseShare, "12.5 percent", 0.125],
    [parseShare, 0.7, 0.7],
    [parseShare, "1", 1],
    [parseCount, "20k", 20000],
    [parseCount, "3M", 3e6],
    [parseCount, 10, 10],
    [parseCount, "1.5k", 1500],
  ])("%o %j is %d", (parse, read, value) => {
    expect(parse(read)).toEqual({ ok: true, value });
  });

  it.each<[(read: unknown) => Result<number>, unknown, string, string]>([
    [parseBytes, "4 GHz", "'4 GHz' is not a size", "4 GiB"],
    [parseBytes, "4 Gb", "'Gb' is not one of its units", "b for bits"],
    [parseBytes, "4 gib", "'gib' is not one of its units", "GiB is 2^30"],
    [parseBytes, "GiB", "'GiB' is not a size", "512 MB"],
    [parseBytes, "", "'' is not a size", "512 MB"],
    [parseBytes, "-4 GiB", "negative", "4 GiB"],
    [parseBytes, -1, "negative", "4 GiB"],
    [parseBytes, NaN, "NaN is not a size", "4 GiB"],
    [parseBytes, Infinity, "too large", "4 GiB"],
    [parseBytes, "1e400", "too large", "4 GiB"],
    [parseBytes, "9 PiB", "'9 PiB' is too large", "4 GiB"],
    [parseBytes, "4,5 GiB", "'4,5 GiB' is not a size", "4 GiB"],
    [parseBytes, "4 GiB 5", "is not a size", "4 GiB"],
    [parseBytes, "4 GiB/s", "is not a size", "4 GiB"],
    [parseBytes, null, "nothing is not a size", "4 GiB"],
    [parseBytes, undefined, "nothing is not a size", "4 GiB"],
    [parseBytes, true, "true is not a size", "4 GiB"],
    [parseBytes, ["4 GiB"], "a list is not a size", "4 GiB"],
    [parseBytes, { a: 1 }, "a group of keys is not a size", "4 GiB"],
    [parseBytes, `4 ${"x".repeat(120)}`, "is not a size", "4 GiB"],
    [parseSeconds, "5 m", "'5 m' is not a duration", "10 min"],
    [parseSeconds, "5 GiB", "is not a duration", "30 ms"],
    [parseSeconds, "1 min 30", "is not a duration", "30 ms"],
    [parseSeconds, "1 min 3 x", "'1 min 3 x' is not a duration", "30 ms"],
    [parseBytesPerSecond, "1 Gbit", "'1 Gbit' is not a data rate", "1 Gbit/s"],
    [parseBytesPerSecond, "1 gbps", "is not a data rate", "b means bits and B bytes"],
    [parseBytesPerSecond, "-1 Gbit/s", "negative", "1 Gbit/s"],
    [parsePagesPerSecond, "20 MB/s", "is not a rate of writes", "20k pages/s"],
    [parseShare, "70", "too large", "70 %"],
    [parseShare, "170 %", "too large", "100 %"],
    [parseShare, -0.1, "negative", "70 %"],
    [parseCount, 1.5, "1.5 is not a whole number", "whole number"],
    [parseCount, "3 GiB", "is not a count", "20k"],
    [parseCount, "0x10", "is not a count", "20k"],
  ])("%o refuses %j: %s", (parse, read, expected, remedy) => {
    const result = parse(read);
    expect(problem(result)).toContain(expected);
    expect(result.ok ? "" : result.remedy).toContain(remedy);
    expect(problem(result).length).toBeLessThan(150);
  });

  it("gives a value in range or a problem with a remedy, whatever it is given", () => {
    const anything = string({ unit: "binary", maxLength: 12 });
    const likely = string({ unit: "grapheme-ascii", maxLength: 10 });
    for (const texts of [anything, likely]) {
      assert(
        property(texts, integer({ min: 0, max: PARSERS.length - 1 }), (text, which) => {
          for (const read of [text, `5 ${text}`, `${text} s`]) {
            const result = PARSERS[which](read);
            if (result.ok) expect(result.value >= 0 && result.value <= 2 ** 53).toBe(true);
            else expect(result.remedy).toMatch(/^write /);
          }
        }),
        { numRuns: 2000, seed: 2 },
      );
    }
  });
});

describe("writing", () => {
  it.each<[(value: number) => string, number, string]>([
    [formatSeconds, 0, "0 s"],
    [formatSeconds, 0.01234, "12.3 ms"],
    [formatSeconds, 0.0009996, "1.00 ms"],
    [formatSeconds, 0.00025, "250 us"],
    [formatSeconds, 3e-9, "3.00 ns"],
    [formatSeconds, 3.2e-11, "0.0320 ns"],
    [formatSeconds, 0.99949, "999 ms"],
    [formatSeconds, 0.9996, "1.00 s"],
    [formatSeconds, 1, "1.00 s"],
    [formatSeconds, 9.996, "10.0 s"],
    [formatSeconds, 59.94, "59.9 s"],
    [formatSeconds, 59.96, "1 min"],
    [formatSeconds, 90, "1 min 30 s"],
    [formatSeconds, 3599.6, "1 h"],
    [formatSeconds, 3900, "1 h 5 min"],
    [formatSeconds, 86400, "1 d"],
    [formatSeconds, 90000, "1 d 1 h"],
    [formatSeconds, -0.5, "-500 ms"],
    [formatSeconds, Infinity, "infinite"],
    [formatSeconds, NaN, "not a number"],
    [formatBytes, 0, "0 B"],
    [formatBytes, 1000, "1000 B"],
    [formatBytes, 1024, "1.00 KiB"],
    [formatBytes, 1610612736, "1.50 GiB"],
    [formatBytes, 1023.9 * 2 ** 30, "1.00 TiB"],
    [formatBytes, 2 ** 53, "8.00 PiB"],
    [formatBytes, -1024, "-1.00 KiB"],
    [formatBytesPerSecond, 134217728, "128 MiB/s"],
    [formatBytesPerSecond, 512, "512 B/s"],
    [formatBytesPerSecond, 0, "0 B/s"],
    [formatBitsPerSecond, 125e6, "1.00 Gbit/s"],
    [formatBitsPerSecond, 1.25e9, "10.0 Gbit/s"],
    [formatBitsPerSecond, 0, "0 bit/s"],
    [formatBitsPerSecond, 124.99e6, "1.00 Gbit/s"],
    [formatCount, 0, "0"],
    [formatCount, 999, "999"],
    [formatCount, 1000, "1,000"],
    [formatCount, 1234567, "1,234,567"],
    [formatCount, -1234, "-1,234"],
    [formatCount, -0.4, "0"],
    [formatCount, 2 ** 53, "9,007,199,254,740,992"],
    [formatShare, 0.7, "70 %"],
    [formatShare, 0.1234, "12.3 %"],
    [formatShare, 0.0123, "1.23 %"],
    [formatShare, 1, "100 %"],
    [formatShare, 0, "0 %"],
  ])("%o %d is %s", (format, value, text) => {
    expect(format(value)).toBe(text);
  });

  const pairs: [string, (value: number) => string, (read: unknown) => Result<number>, number, number][] = [
    ["seconds", formatSeconds, parseSeconds, 1e-9, 59],
    ["bytes", formatBytes, parseBytes, 1, 2 ** 52],
    ["bytes a second", formatBytesPerSecond, parseBytesPerSecond, 1, 2 ** 52],
    ["bits a second", formatBitsPerSecond, parseBytesPerSecond, 1, 1e14],
  ];
  it.each(pairs)("%s are read back within half of the third digit", (_, format, parse, least, greatest) => {
    assert(
      property(double({ min: 0, max: 1, noNaN: true }), (place) => {
        // Even over the orders of magnitude.
        const value = least * (greatest / least) ** place;
        const read = parse(format(value));
        // Below 1 KiB, bytes are whole.
        const tolerance = Math.max(0.00501 * value, format === formatBytes ? 0.5 : 0);
        expect(read.ok && Math.abs(read.value - value) <= tolerance, `${value}: ${format(value)}`).toBe(true);
      }),
      { seed: 3 },
    );
  });

  it("durations from a minute on are read back within half of their smaller unit", () => {
    assert(
      property(double({ min: 60, max: 1e7, noNaN: true }), (value) => {
        const read = parseSeconds(formatSeconds(value));
        const step = value < 3599 ? 1 : value < 86369 ? 60 : 3600;
        expect(read.ok && Math.abs(read.value - value) <= step / 2 + 1e-6, `${value}: ${formatSeconds(value)}`).toBe(
          true,
        );
      }),
      { seed: 4 },
    );
  });
});
