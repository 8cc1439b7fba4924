/** Values that a sweep gives a parameter: how they are set in a scenario, and the number that stands in the rows. */
import {
  parseBytes,
  parseBytesPerSecond,
  parseCount,
  parsePagesPerSecond,
  parseSeconds,
  parseShare,
  type Result,
} from "../../../sim/index.ts";

/** One value of a parameter. */
export interface SweepValue {
  /** What is set over the scenario. */
  readonly setting: string | number | boolean;
  /** What the rows hold: SI units where the setting has a unit. */
  readonly value: string | number | boolean;
}

/** What a number with a unit measures. Plain is a number without one. */
export type Dimension = "bytes-per-second" | "bytes" | "seconds" | "percent" | "pages-per-second" | "plain";

export interface Quantity {
  readonly dimension: Dimension;
  /** In the dimension's base: bytes, seconds, percent, ... */
  readonly amount: number;
}

/**
 * Text that is set in a scenario has its unit with it: a bare number means pages in one place and bytes in another.
 * `scale` takes the amount to what the rows hold.
 */
const BASES: Readonly<Record<Exclude<Dimension, "plain">, { unit: string; whole: boolean; scale: number }>> = {
  "bytes-per-second": { unit: "B/s", whole: false, scale: 1 },
  bytes: { unit: "B", whole: true, scale: 1 },
  seconds: { unit: "s", whole: false, scale: 1 },
  percent: { unit: "%", whole: false, scale: 100 },
  "pages-per-second": { unit: "pages/s", whole: false, scale: 1 },
};

const NUMBER = /^[+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/;

/** Digits that a computed value keeps: its last bits are rounding, and say nothing. */
const SIGNIFICANT_DIGITS = 12;

const WITH_UNITS: readonly [Dimension, (text: string) => Result<number>][] = [
  ["bytes-per-second", parseBytesPerSecond],
  ["bytes", parseBytes],
  ["seconds", parseSeconds],
  ["pages-per-second", parsePagesPerSecond],
  ["plain", parseCount],
];

/** The unit behind a number, empty where there is none; null where the text is no number with a unit. */
export function unitOf(text: string): string | null {
  const trimmed = text.trim();
  const number = NUMBER.exec(trimmed);
  return number === null ? null : trimmed.slice(number[0].length).trim();
}

/** Null where the text is no quantity. */
export function parseQuantityText(text: string): Quantity | null {
  const trimmed = text.trim();
  const unit = unitOf(trimmed);
  if (unit === null) return null;
  if (unit === "") return { dimension: "plain", amount: Number(trimmed.replaceAll("_", "")) };
  if (unit === "%") {
    const share = parseShare(trimmed);
    return share.ok ? { dimension: "percent", amount: Number(trimmed.slice(0, -1).trim()) } : null;
  }
  for (const [dimension, parse] of WITH_UNITS) {
    // Only "20k pages/s" says pages; "20k" alone is a number.
    if (dimension === "pages-per-second" && !/(page|write)/.test(unit)) continue;
    const parsed = parse(trimmed);
    if (parsed.ok) return { dimension, amount: parsed.value };
  }
  return null;
}

/** A quantity as a value: what was computed is rounded, so that rows and scenario agree on it. */
export function valueOfQuantity({ dimension, amount }: Quantity): SweepValue {
  const rounded = Number(amount.toPrecision(SIGNIFICANT_DIGITS));
  if (dimension === "plain") return { setting: rounded, value: rounded };
  const { unit, whole, scale } = BASES[dimension];
  const inBase = whole ? Math.round(rounded) : rounded;
  return { setting: `${inBase} ${unit}`, value: inBase / scale };
}

/** One of a list: kept as it was written, with its number in SI units where it is a quantity. */
export function valueOfText(text: string): SweepValue {
  const trimmed = text.trim();
  if (trimmed === "true" || trimmed === "false") return { setting: trimmed === "true", value: trimmed === "true" };
  const quantity = parseQuantityText(trimmed);
  if (quantity === null || Number.isNaN(quantity.amount)) return { setting: trimmed, value: trimmed };
  const { value } = valueOfQuantity(quantity);
  return quantity.dimension === "plain" ? { setting: value, value } : { setting: trimmed, value };
}
