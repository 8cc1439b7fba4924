/**
 * Writing quantities with units: three significant digits, the same bytes on every machine (no locale; toFixed is exact
 * by the standard).
 */

/** Three significant digits of a value from 1 to 999.5. */
function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

interface Step {
  readonly unit: string;
  readonly size: number;
}

/** The value in the largest unit that leaves it at least 1 after rounding; `steps` from small to large. */
function inSteps(value: number, steps: readonly Step[]): string {
  if (Number.isNaN(value)) return "not a number";
  if (value < 0) return `-${inSteps(-value, steps)}`;
  if (value === Number.POSITIVE_INFINITY) return "infinite";
  if (value === 0) return `0 ${steps[0].unit}`;
  let index = 0;
  while (index + 1 < steps.length && value / steps[index + 1].size >= 0.9995) index += 1;
  // 999.6 rounds to 1000 of this unit: better 1.00 of the next, where that is a thousand times larger.
  const scaled = value / steps[index].size;
  return `${scaled < 0.9995 ? scaled.toPrecision(3) : threeDigits(scaled)} ${steps[index].unit}`;
}

const TIME_STEPS: readonly Step[] = [
  { unit: "ns", size: 1e-9 },
  { unit: "us", size: 1e-6 },
  { unit: "ms", size: 1e-3 },
  { unit: "s", size: 1 },
];

/** `0.01234` is "12.3 ms", `90` "1 min 30 s"; from a minute on in whole seconds, from an hour on in minutes. */
export function formatSeconds(seconds: number): string {
  if (seconds < 0) return `-${formatSeconds(-seconds)}`;
  if (seconds === 0) return "0 s";
  if (!(seconds >= 59.95) || seconds === Number.POSITIVE_INFINITY) return inSteps(seconds, TIME_STEPS);
  const wholeSeconds = Math.round(seconds);
  if (wholeSeconds < 3600) return joined(Math.floor(wholeSeconds / 60), "min", wholeSeconds % 60, "s");
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return joined(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.round(seconds / 3600);
  return joined(Math.floor(hours / 24), "d", hours % 24, "h");
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const head = `${formatCount(large)} ${largeUnit}`;
  return small === 0 ? head : `${head} ${small} ${smallUnit}`;
}

const BINARY_STEPS: readonly Step[] = [
  { unit: "KiB", size: 1024 },
  { unit: "MiB", size: 1048576 },
  { unit: "GiB", size: 1073741824 },
  { unit: "TiB", size: 1099511627776 },
  { unit: "PiB", size: 1125899906842624 },
];

/** Binary units: `1610612736` is "1.50 GiB"; below 1 KiB whole bytes. */
export function formatBytes(bytes: number): string {
  return Math.abs(bytes) < 1023.5 ? `${Math.round(bytes) + 0} B` : inSteps(bytes, BINARY_STEPS);
}

/** Binary units: `134217728` is "128 MiB/s". */
export function formatBytesPerSecond(bytesPerSecond: number): string {
  return Math.abs(bytesPerSecond) < 1023.5
    ? `${inSteps(bytesPerSecond, [{ unit: "B", size: 1 }])}/s`
    : `${inSteps(bytesPerSecond, BINARY_STEPS)}/s`;
}

const BIT_STEPS: readonly Step[] = [
  { unit: "bit/s", size: 1 },
  { unit: "kbit/s", size: 1e3 },
  { unit: "Mbit/s", size: 1e6 },
  { unit: "Gbit/s", size: 1e9 },
  { unit: "Tbit/s", size: 1e12 },
];

/** A rate in bytes a second as networks state it, in decimal units of bits: `125000000` is "1.00 Gbit/s". */
export function formatBitsPerSecond(bytesPerSecond: number): string {
  return inSteps(bytesPerSecond * 8, BIT_STEPS);
}

/** A whole number with commas between thousands: `1234567` is "1,234,567". Fractions are rounded. */
export function formatCount(count: number): string {
  if (Number.isNaN(count)) return "not a number";
  if (count < 0) return Math.round(-count) === 0 ? "0" : `-${formatCount(-count)}`;
  if (count === Number.POSITIVE_INFINITY) return "infinite";
  return Math.round(count)
    .toFixed(0)
    .replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** A share as a percentage: `0.7` is "70 %", `0.1234` "12.3 %". */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (!(Math.abs(percent) < Number.POSITIVE_INFINITY)) return Number.isNaN(percent) ? "not a number" : "infinite";
  const digits = Math.abs(percent) >= 9.995 ? percent.toFixed(1) : percent.toFixed(2);
  return `${digits.replace(/\.?0+$/, "")} %`;
}
