import { describe, expect, it } from "vitest";
import { nextFine, RandomStreams } from "../../sim/kernel/random.ts";
import { Xoshiro128 } from "../../sim/kernel/xoshiro128.ts";
import { goodnessOfFit, REJECTION_DEVIATIONS } from "./goodness-of-fit.ts";

const XOSHIRO_REFERENCE = [11520, 0, 5927040, 70819200, 2031721883, 1637235492];

function first(streams: RandomStreams, name: string, count = 20): number[] {
  const stream = streams.stream(name);
  return Array.from({ length: count }, () => stream.next());
}

describe("RandomStreams", () => {
  it("gives a stream the same numbers whatever other streams exist and in whatever order they are used", () => {
    const alone = first(new RandomStreams("7"), "memory:web01");
    const streams = new RandomStreams("7");
    first(streams, "network");
    const mixed: number[] = [];
    for (let i = 0; i < 20; i += 1) {
      streams.stream(`other ${i}`).next();
      mixed.push(streams.stream("memory:web01").next());
    }
    expect(mixed).toEqual(alone);
  });

  it("gives other numbers for another seed or another name, however they are cut", () => {
    const seen = new Set<string>();
    const keys = [
      ["1", "a"],
      ["2", "a"],
      ["1", "b"],
      ["1a", ""],
      ["", "1a"],
      ["a", "1"],
    ];
    for (const [seed, name] of keys) seen.add(first(new RandomStreams(seed), name).join());
    expect(seen.size).toBe(keys.length);
  });

  it("starts neighbouring seeds and names independently: their first and second numbers are uniform", () => {
    const pick = (draw: (index: number) => number) => {
      let index = 0;
      const uniform = () => Math.floor(draw(index++) * 50);
      return goodnessOfFit(uniform, () => 1 / 50, { from: 0, to: 49, least: 0, greatest: 49 }, 20_000).deviations;
    };
    const bySeed = (index: number) => new RandomStreams(String(index)).stream("memory:web01");
    const streams = new RandomStreams("1");
    const byName = (index: number) => streams.stream(`memory:vm${index}`);
    const second = (stream: { next(): number }) => {
      stream.next();
      return stream.next();
    };
    expect(pick((index) => bySeed(index).next())).toBeLessThan(REJECTION_DEVIATIONS);
    expect(pick((index) => second(bySeed(index)))).toBeLessThan(REJECTION_DEVIATIONS);
    expect(pick((index) => byName(index).next())).toBeLessThan(REJECTION_DEVIATIONS);
    // Neither do neighbours lie at a fixed distance from one another.
    const distance = (index: number) => (bySeed(index).next() - bySeed(index + 1).next() + 1) % 1;
    expect(pick(distance)).toBeLessThan(REJECTION_DEVIATIONS);
  });

  it("stays in [0, 1), with 32 and 53 random bits", () => {
    const stream = new RandomStreams("bits").stream("a");
    let coarse = 0;
    let fine = 0;
    for (let i = 0; i < 20_000; i += 1) {
      const a = stream.next();
      const b = nextFine(stream);
      expect(a >= 0 && a < 1 && b >= 0 && b < 1).toBe(true);
      if (Number.isInteger(a * 2 ** 32)) coarse += 1;
      if (Number.isInteger(b * 2 ** 32)) fine += 1;
    }
    expect(coarse).toBe(20_000);
    expect(fine).toBeLessThan(3);
  });
});

/** A bitmap of more would be large for a test. */
const MOST_BITS = 2 ** 27;

function ones(word: number): number {
  return (word >>> 0).toString(2).replaceAll("0", "").length;
}

describe("Xoshiro128", () => {
  // What xoshiro128starstar.c prints from the state 1, 2, 3, 4.
  it("gives the published generator's numbers", () => {
    const generator = Xoshiro128.fromState([1, 2, 3, 4]);
    expect(Array.from({ length: 6 }, () => generator.nextUint32())).toEqual(XOSHIRO_REFERENCE);
  });

  it("draws below a bound without bias, where plain scaling would be biased by half", () => {
    // Of 2^32 numbers, 3 * 2^30 is a bound for which a multiplication without rejection hits every third number twice.
    const bound = 3 * 2 ** 30;
    const generator = new Xoshiro128(new RandomStreams("bias").stream("a"));
    const residues = () => generator.nextBelow(bound) % 3;
    const range = { from: 0, to: 2, least: 0, greatest: 2 };
    expect(goodnessOfFit(residues, () => 1 / 3, range, 60_000).deviations).toBeLessThan(REJECTION_DEVIATIONS);
    const biased = () => Math.floor((generator.nextUint32() / 2 ** 32) * bound) % 3;
    expect(goodnessOfFit(biased, () => 1 / 3, range, 60_000).deviations).toBeGreaterThan(REJECTION_DEVIATIONS);
  });

  it.each([1, 2, 3, 7, 1000, 1_000_003, 67_000_003, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1])(
    "draws below %d as exact integer arithmetic would, one by one and in bulk",
    (bound) => {
      const raw = Xoshiro128.fromState([5, 6, 7, 8]);
      const single = Xoshiro128.fromState([5, 6, 7, 8]);
      const bulk = Xoshiro128.fromState([5, 6, 7, 8]);
      const expected: number[] = [];
      const threshold = 2n ** 32n % BigInt(bound);
      while (expected.length < 500) {
        const product = BigInt(raw.nextUint32()) * BigInt(bound);
        if ((product & 0xffffffffn) >= threshold) expected.push(Number(product >> 32n));
      }
      expect(Array.from({ length: 500 }, () => single.nextBelow(bound))).toEqual(expected);
      if (bound > MOST_BITS) return;
      const firstBit = 37;
      const words = new Int32Array(Math.ceil((firstBit + bound) / 32));
      bulk.setBits(words, firstBit, bound, 500);
      const bits = [...new Set(expected)].sort((a, b) => a - b).map((bit) => bit + firstBit);
      expect(bits.every((bit) => ((words[bit >>> 5] as number) & (1 << (bit & 31))) !== 0)).toBe(true);
      expect(words.reduce((count, word) => count + ones(word), 0)).toBe(bits.length);
      expect(bulk.nextUint32()).toBe(single.nextUint32());
    },
  );

  it("never starts from the state of zeros, from which nothing comes", () => {
    const generator = new Xoshiro128({ next: () => 0 });
    const drawn = Array.from({ length: 10 }, () => generator.nextUint32());
    expect(drawn.some((value) => value !== 0)).toBe(true);
  });
});
