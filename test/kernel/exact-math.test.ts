import { describe, expect, it } from "vitest";
import { exp, expm1, log, log1p, logFactorial, power } from "../../sim/kernel/exact-math.ts";
import { RandomStreams } from "../../sim/kernel/random.ts";

const view = new DataView(new ArrayBuffer(8));

/** The float64's place in the order of all float64s, so that differences count units in the last place. */
function place(value: number): bigint {
  view.setFloat64(0, value);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}

function unitsApart(a: number, b: number): number {
  if (Number.isNaN(a) && Number.isNaN(b)) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.POSITIVE_INFINITY;
  const difference = place(a) - place(b);
  return Number(difference < 0n ? -difference : difference);
}

const random = new RandomStreams("exact-math").stream("inputs");

/** Uniform inputs, and inputs of every exponent and either sign. */
function inputs(low: number, high: number, count: number): number[] {
  const values: number[] = [];
  for (let i = 0; i < count; i += 1) {
    values.push(low + (high - low) * random.next());
    const exponent = Math.floor(random.next() * 2098) - 1074;
    const wide = (1 + random.next()) * 2 ** exponent * (random.next() < 0.5 ? -1 : 1);
    if (wide >= low && wide <= high) values.push(wide);
  }
  return values;
}

const SPECIAL = [
  0, -0, 1, -1, 0.5, -0.5, 2, 1e-300, -1e-300, 5e-324, -5e-324, 2.2250738585072014e-308, 1e-310, 1e308,
  1.7976931348623157e308, -1.7976931348623157e308, Infinity, -Infinity, NaN, 709.782712893384, 709.7827128933841, 710,
  -745.1332191019411, -745.1332191019412, -746, -708.5, -37.5, 39, 56 * Math.LN2, 0.34657359027997264, 1 - 2 ** -53,
  1 + 2 ** -52, -1 + 2 ** -53, 2 ** -28, 2 ** -29, 2 ** -54, 2 ** -55, 2 ** 53, 2 ** 54, 0.41421356, -0.29289322, Math.LN2,
  -Math.LN2, 20 * Math.LN2, 1.5 * Math.LN2, -1.5 * Math.LN2, Math.SQRT2, Math.SQRT1_2,
]; // biome-ignore format: a list of numbers

describe.each([
  { name: "exp", ours: exp, theirs: Math.exp, low: -746, high: 710 },
  { name: "expm1", ours: expm1, theirs: Math.expm1, low: -60, high: 710 },
  { name: "log", ours: log, theirs: Math.log, low: 0, high: 1.7e308 },
  { name: "log1p", ours: log1p, theirs: Math.log1p, low: -1, high: 1.7e308 },
])("$name", ({ ours, theirs, low, high }) => {
  it("is within 2 units in the last place of the engine's own over all magnitudes", () => {
    let worst = 0;
    for (const x of [...inputs(low, Math.min(high, 700), 50_000), ...inputs(-1, 1, 20_000)]) {
      if (x >= low) worst = Math.max(worst, unitsApart(ours(x), theirs(x)));
    }
    expect(worst).toBeLessThanOrEqual(2);
  });

  it.each(SPECIAL)("treats %d as the engine does", (x) => {
    expect(unitsApart(ours(x), theirs(x))).toBeLessThanOrEqual(1);
    expect(Object.is(ours(x), -0)).toBe(Object.is(theirs(x), -0));
  });
});

describe("exp and log", () => {
  it("undo each other", () => {
    for (const x of inputs(-700, 700, 2000)) {
      const back = log(exp(x));
      expect(Math.abs(back - x)).toBeLessThanOrEqual(2.3e-16 * Math.max(1, Math.abs(x)));
    }
  });

  // Digits from Abramowitz and Stegun, tables 4.1 and 4.4.
  it("give the known digits", () => {
    expect(unitsApart(exp(1), Math.E)).toBeLessThanOrEqual(1);
    expect(unitsApart(exp(-1), 0.36787944117144233)).toBeLessThanOrEqual(1);
    expect(unitsApart(log(2), Math.LN2)).toBeLessThanOrEqual(1);
    expect(unitsApart(log(10), Math.LN10)).toBeLessThanOrEqual(1);
    expect(unitsApart(expm1(1e-10), 1.00000000005e-10)).toBeLessThanOrEqual(1);
    expect(unitsApart(log1p(1e-10), 9.9999999995e-11)).toBeLessThanOrEqual(1);
  });
});

describe("power", () => {
  it("is within 1 unit in the last place of exact powers of small whole numbers", () => {
    for (let base = 2; base <= 30; base += 1) {
      for (let exponent = 3; base ** exponent < 2 ** 53; exponent += 1) {
        const exact = Number(BigInt(base) ** BigInt(exponent));
        expect(unitsApart(power(base, exponent), exact), `${base}^${exponent}`).toBeLessThanOrEqual(1);
      }
    }
  });

  it("is within 3 units in the last place of the engine's own", () => {
    let worst = 0;
    for (const base of inputs(0, 1000, 3000)) {
      for (const exponent of [0.1, -0.7, 1.5, 3.3, -12.25, 1 / 3, 40, 250.5, -300]) {
        worst = Math.max(worst, unitsApart(power(base, exponent), base ** exponent));
      }
    }
    for (const tiny of inputs(-1e-6, 1e-6, 2000)) {
      worst = Math.max(worst, unitsApart(power(1 + tiny, 3e9), (1 + tiny) ** 3e9));
    }
    expect(worst).toBeLessThanOrEqual(3);
  });

  it("has the special values of the standard", () => {
    const values = [
      0,
      -0,
      1,
      -1,
      0.5,
      -0.5,
      2,
      -2,
      3,
      -3,
      1e300,
      -1e300,
      5e-324,
      Infinity,
      -Infinity,
      NaN,
      2 ** 53,
      1e20,
    ];
    for (const base of values) {
      for (const exponent of values) {
        const ours = power(base, exponent);
        const theirs = base ** exponent;
        expect(unitsApart(ours, theirs), `${base}^${exponent}: ${ours}, not ${theirs}`).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe("logFactorial", () => {
  it("is the sum of the logarithms", () => {
    let sum = 0;
    for (let n = 0; n <= 3000; n += 1) {
      if (n > 0) sum += Math.log(n);
      expect(Math.abs(logFactorial(n) - sum)).toBeLessThanOrEqual(1e-13 * Math.max(1, sum));
    }
  });

  it("is exact to the last digits for small n and right for large n", () => {
    expect(logFactorial(0)).toBe(0);
    expect(logFactorial(1)).toBe(0);
    expect(logFactorial(2)).toBeCloseTo(Math.LN2, 14);
    expect(logFactorial(20)).toBeCloseTo(Math.log(2432902008176640000), 13);
    // ln(10^6!) from its known digits.
    expect(logFactorial(1e6)).toBeCloseTo(12815518.384658169, 6);
  });
});
