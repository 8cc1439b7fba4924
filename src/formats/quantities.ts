/** Quantities for people to read. Digits never depend on the machine's language. */

const MEBIBYTE = 2 ** 20;

/** `1.24 s`, `83.0 ms`, `2 min 05 s`: three digits that matter. */
export function formatSeconds(seconds: number): string {
  if (seconds === 0) return "0 s";
  if (seconds < 0.0009995) return `${threeDigits(seconds * 1e6)} us`;
  if (seconds < 0.9995) return `${threeDigits(seconds * 1e3)} ms`;
  if (seconds < 119.95) return `${threeDigits(seconds)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const twoDigits = (value: number) => String(value).padStart(2, "0");
  if (hours > 0) return `${formatCount(hours)} h ${twoDigits(minutes)} min ${twoDigits(rest)} s`;
  return `${minutes} min ${twoDigits(rest)} s`;
}

/** `1,048,576`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** `3,012` or `0.52`: mebibytes without their unit, for a column that names it. */
export function formatMebibytes(bytes: number): string {
  const mebibytes = bytes / MEBIBYTE;
  return mebibytes >= 99.95 || mebibytes === 0 ? formatCount(mebibytes) : threeDigits(mebibytes);
}

/** `12 B`, `3.01 GiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = "B";
  for (const larger of ["KiB", "MiB", "GiB", "TiB", "PiB"]) {
    if (value < 999.5) break;
    value /= 1024;
    unit = larger;
  }
  return unit === "B" ? `${value} B` : `${threeDigits(value)} ${unit}`;
}

/** `68.4 %`. */
export function formatShare(share: number): string {
  return `${threeDigits(share * 100)} %`;
}

function threeDigits(value: number): string {
  if (value >= 99.95) return formatCount(value);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
