/** Reading quantities with units, as scenario files and commands write them. Formatting is in format-units.ts. */

import { failure, type Result, success } from "./result.ts";

export {
  formatBitsPerSecond,
  formatBytes,
  formatBytesPerSecond,
  formatCount,
  formatSeconds,
  formatShare,
} from "./format-units.ts";

/** Whole numbers beyond it are no longer exact, and no quantity of a data centre comes near. */
const GREATEST = 9007199254740992;

interface Quantity {
  /** With its article: "a size". */
  readonly name: string;
  readonly remedy: string;
  /** Factors to the SI unit, by the unit's spelling; the empty spelling is a number without a unit. */
  readonly units: ReadonlyMap<string, number>;
  /** Where the spelling of a unit may have any case. */
  readonly anyCase: boolean;
  readonly greatest: number;
}

const DECIMAL_PREFIXES: readonly (readonly [string, number])[] = [
  ["", 1],
  ["k", 1e3],
  ["K", 1e3],
  ["M", 1e6],
  ["G", 1e9],
  ["T", 1e12],
  ["P", 1e15],
];

const BINARY_PREFIXES: readonly (readonly [string, number])[] = [
  ["Ki", 1024],
  ["Mi", 1048576],
  ["Gi", 1073741824],
  ["Ti", 1099511627776],
  ["Pi", 1125899906842624],
];

const ALL_PREFIXES = [...DECIMAL_PREFIXES, ...BINARY_PREFIXES];

/** Every prefix before every stem, worth the prefix times `factor`. */
function prefixed(prefixes: typeof ALL_PREFIXES, stems: readonly string[], factor: number): [string, number][] {
  return stems.flatMap((stem) => prefixes.map(([prefix, value]): [string, number] => [prefix + stem, value * factor]));
}

const BYTES: Quantity = {
  name: "a size",
  remedy: "write for example 4 GiB, 512 MB or 4096 (bytes); GiB is 2^30 bytes, GB 10^9, and b for bits is not a size",
  units: new Map<string, number>([["", 1], ["byte", 1], ["bytes", 1], ...prefixed(ALL_PREFIXES, ["B"], 1)]),
  anyCase: false,
  greatest: GREATEST,
};

const SECONDS: Quantity = {
  name: "a duration",
  remedy: "write for example 30 ms, 5 s, 10 min, 1 h or 5 (seconds)",
  units: new Map<string, number>([
    ["", 1],
    ...["ns", "nanosecond", "nanoseconds"].map((unit): [string, number] => [unit, 1e-9]),
    // The micro sign and the Greek letter look alike.
    ...["us", "\u00b5s", "\u03bcs", "microsecond", "microseconds"].map((unit): [string, number] => [unit, 1e-6]),
    ...["ms", "millisecond", "milliseconds"].map((unit): [string, number] => [unit, 1e-3]),
    ...["s", "sec", "second", "seconds"].map((unit): [string, number] => [unit, 1]),
    ...["min", "minute", "minutes"].map((unit): [string, number] => [unit, 60]),
    ...["h", "hour", "hours"].map((unit): [string, number] => [unit, 3600]),
    ...["d", "day", "days"].map((unit): [string, number] => [unit, 86400]),
  ]),
  anyCase: false,
  greatest: GREATEST,
};

const BYTES_PER_SECOND: Quantity = {
  name: "a data rate",
  remedy:
    "write for example 1 Gbit/s, 40 Mbps or 128 MiB/s; b means bits and B bytes, and Gbit is 10^9 bits, MiB 2^20 bytes",
  units: new Map<string, number>([
    ["", 1],
    ["bytes/s", 1],
    ...prefixed(ALL_PREFIXES, ["B/s", "Bps"], 1),
    ...prefixed(ALL_PREFIXES, ["bit/s", "bits/s", "b/s", "bps"], 1 / 8),
  ]),
  anyCase: false,
  greatest: GREATEST,
};

const COUNT_PREFIXES = DECIMAL_PREFIXES.slice(0, 5);

const PAGES_PER_SECOND: Quantity = {
  name: "a rate of writes",
  remedy: "write for example 20k pages/s, 3000 pages/s, 2k writes/s or 3000 (pages a second)",
  units: new Map<string, number>(
    prefixed(COUNT_PREFIXES, ["", "/s", "page/s", "pages/s", "writes/s", " page/s", " pages/s", " writes/s"], 1),
  ),
  anyCase: false,
  greatest: GREATEST,
};

const SHARE: Quantity = {
  name: "a share",
  remedy: "write for example 70 % or 0.7; a share is from 0 to 1, or from 0 % to 100 %",
  units: new Map<string, number>([
    ["", 1],
    ["%", 0.01],
    ["percent", 0.01],
  ]),
  anyCase: true,
  greatest: 1,
};

const COUNT: Quantity = {
  name: "a count",
  remedy: "write a whole number, for example 10, 20k or 3M",
  units: new Map<string, number>(prefixed(COUNT_PREFIXES, [""], 1)),
  anyCase: false,
  greatest: GREATEST,
};

/** A decimal number, with or without an exponent, then the unit; digits can be grouped with underscores. */
const NUMBER_AND_UNIT = /^([+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*)$/;

/** How a value that was read is shown in a message: short, and on one line. */
function shown(read: unknown): string {
  if (typeof read === "number") return String(read);
  if (typeof read === "string") {
    const line = read.replace(/\s+/g, " ").trim();
    return `'${line.length > 40 ? `${line.slice(0, 40)}...` : line}'`;
  }
  if (read === null || read === undefined) return "nothing";
  if (Array.isArray(read)) return "a list";
  return typeof read === "object" ? "a group of keys" : `${String(read)}`;
}

function parse(read: unknown, quantity: Quantity): Result<number> {
  let number: number;
  let factor = 1;
  if (typeof read === "number") {
    number = read;
  } else {
    const match = typeof read === "string" ? NUMBER_AND_UNIT.exec(read.trim()) : null;
    if (match === null) return failure(`${shown(read)} is not ${quantity.name}`, quantity.remedy);
    const unit = match[2].replace(/\s+/g, " ").replace(/ ?\/ ?/g, "/");
    const known = quantity.units.get(quantity.anyCase ? unit.toLowerCase() : unit);
    if (known === undefined) {
      return failure(`${shown(read)} is not ${quantity.name}: ${shown(unit)} is not one of its units`, quantity.remedy);
    }
    number = Number(match[1].replaceAll("_", ""));
    factor = known;
  }
  // Dividing by whole numbers rounds once: 30 ms is the float64 nearest to 0.03.
  const value = factor < 1 ? number / Math.round(1 / factor) : number * factor;
  if (Number.isNaN(value)) return failure(`${shown(read)} is not ${quantity.name}`, quantity.remedy);
  if (value < 0) return failure(`${shown(read)} is negative, which ${quantity.name} cannot be`, quantity.remedy);
  if (value > quantity.greatest) {
    return failure(`${shown(read)} is too large for ${quantity.name}`, quantity.remedy);
  }
  // No negative zero.
  return success(value + 0);
}

/**
 * A size in bytes: `"4 GiB"` is 4 * 2^30, `"512 MB"` 512 * 10^6, a number without a unit bytes. Rounded to whole bytes.
 * The case of B and b matters; KB and kB are both 1000 bytes.
 */
export function parseBytes(read: unknown): Result<number> {
  const parsed = parse(read, BYTES);
  return parsed.ok ? success(Math.round(parsed.value)) : parsed;
}

/** Several durations in a row, each with its unit, as formatSeconds writes them: `1 min 30 s`. */
const DURATIONS = /^(?:[\d.]+\s*[a-z\u00b5\u03bc]+\s*){2,}$/;
const ONE_DURATION = /[\d.]+\s*[a-z\u00b5\u03bc]+/g;

/** A duration in seconds: `"30 ms"`, `"10 min"`, `"1 min 30 s"`; a number without a unit is seconds. */
export function parseSeconds(read: unknown): Result<number> {
  if (typeof read !== "string" || !DURATIONS.test(read.trim())) return parse(read, SECONDS);
  let sum = 0;
  for (const part of read.match(ONE_DURATION) ?? []) {
    const parsed = parse(part, SECONDS);
    if (!parsed.ok) return failure(`${shown(read)} is not ${SECONDS.name}`, SECONDS.remedy);
    sum += parsed.value;
  }
  return success(sum);
}

/** A data rate in bytes a second: `"1 Gbit/s"` is 125,000,000, and a number without a unit is bytes a second. */
export function parseBytesPerSecond(read: unknown): Result<number> {
  return parse(read, BYTES_PER_SECOND);
}

/** A rate of page writes a second: `"20k pages/s"`, `"2k writes/s"`; a number without a unit is pages a second. */
export function parsePagesPerSecond(read: unknown): Result<number> {
  return parse(read, PAGES_PER_SECOND);
}

/** A share from 0 to 1: `"70 %"` or 0.7. */
export function parseShare(read: unknown): Result<number> {
  return parse(read, SHARE);
}

/** A whole number from 0: `10` or `"20k"`. */
export function parseCount(read: unknown): Result<number> {
  const parsed = parse(read, COUNT);
  if (!parsed.ok || Number.isInteger(parsed.value)) return parsed;
  return failure(`${shown(read)} is not a whole number`, COUNT.remedy);
}
