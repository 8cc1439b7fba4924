/**
 * The two 32-bit words of a float64, read and written through shared typed arrays: faster than a DataView, and right on
 * machines of either byte order, which is detected once.
 */
const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

double[0] = 1;
const HIGH = words[1] === 0 ? 0 : 1;
const LOW = 1 - HIGH;

/** The sign, exponent and top 20 bits of the fraction, as a signed 32-bit integer. */
export function highWord(value: number): number {
  double[0] = value;
  return words[HIGH];
}

/** `value` with its high word replaced. */
export function withHighWord(value: number, high: number): number {
  double[0] = value;
  words[HIGH] = high;
  return double[0];
}

/** `value` with the lower 32 bits of its fraction cleared. */
export function withoutLowWord(value: number): number {
  double[0] = value;
  words[LOW] = 0;
  return double[0];
}
