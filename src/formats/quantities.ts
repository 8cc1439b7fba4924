/** Quantities as the tables write them; the rest is the simulator's own formatting. */
import { formatCount } from "../../sim/index.ts";

const MEBIBYTE_BYTES = 2 ** 20;

/** `3,012` or `0.52`: mebibytes without their unit, for a column that names it. */
export function formatMebibytes(bytes: number): string {
  const mebibytes = bytes / MEBIBYTE_BYTES;
  if (mebibytes >= 99.95 || mebibytes === 0) return formatCount(mebibytes);
  return mebibytes >= 9.995 ? mebibytes.toFixed(1) : mebibytes.toFixed(2);
}
