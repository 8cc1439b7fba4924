import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PageBitmap } from "../../sim/memory/page-bitmap.ts";

/** Sizes about the bounds of words. */
const sizes = fc.constantFrom(1, 31, 32, 33, 64, 95, 96, 200);

/** A bitmap of this size and the set it stands for. */
function filled(pages: number, members: readonly number[]): { bitmap: PageBitmap; set: Set<number> } {
  const bitmap = new PageBitmap(pages);
  const set = new Set(members.filter((page) => page < pages));
  for (const page of set) bitmap.setRange(page, 1);
  return { bitmap, set };
}

function pagesOf(bitmap: PageBitmap): number[] {
  const pages: number[] = [];
  for (let page = 0; page < bitmap.words.length * 32; page += 1) if (bitmap.has(page)) pages.push(page);
  return pages;
}

const sorted = (set: Iterable<number>) => [...set].sort((a, b) => a - b);
const members = fc.array(fc.integer({ min: 0, max: 199 }), { maxLength: 120 });
const page = fc.integer({ min: 0, max: 200 });

describe("a page bitmap is a set of pages", () => {
  it("in what it holds after ranges are set, others added and removed, all filled and cleared", () => {
    fc.assert(
      fc.property(sizes, members, members, page, page, (size, some, others, a, b) => {
        const first = Math.min(a, b, size);
        const pages = Math.min(Math.max(a, b), size) - first;
        const inRange = (one: number) => one >= first && one < first + pages;
        const other = filled(size, others);

        const ranged = filled(size, some);
        ranged.bitmap.setRange(first, pages);
        const union = new Set(ranged.set);
        for (let one = first; one < first + pages; one += 1) union.add(one);
        expect(pagesOf(ranged.bitmap)).toEqual(sorted(union));

        const joined = filled(size, some);
        const added = [...other.set].filter((one) => !joined.set.has(one));
        expect(joined.bitmap.addAll(other.bitmap)).toBe(added.length);
        expect(pagesOf(joined.bitmap)).toEqual(sorted(new Set([...joined.set, ...added])));

        const cut = filled(size, some);
        cut.bitmap.removeIn(first, pages, other.bitmap);
        expect(pagesOf(cut.bitmap)).toEqual(
          sorted([...cut.set].filter((one) => !(inRange(one) && other.set.has(one)))),
        );

        cut.bitmap.copyFrom(other.bitmap);
        expect(pagesOf(cut.bitmap)).toEqual(sorted(other.set));
        cut.bitmap.fill();
        expect(pagesOf(cut.bitmap)).toEqual(Array.from({ length: size }, (_, one) => one));
        cut.bitmap.clear();
        expect(pagesOf(cut.bitmap)).toEqual([]);
      }),
      { seed: 1, numRuns: 400 },
    );
  });

  it("in how many it holds, which comes next, and what is taken out in order", () => {
    fc.assert(
      fc.property(sizes, members, page, page, (size, some, a, b) => {
        const { bitmap, set } = filled(size, some);
        const inOrder = sorted(set);
        const [from, to] = [Math.min(a, b, size), Math.min(Math.max(a, b), size)];
        expect(bitmap.countIn(from, to)).toBe(inOrder.filter((one) => one >= from && one < to).length);
        const ahead = inOrder.filter((one) => one >= from);
        expect(bitmap.nextFrom(from)).toBe(ahead[0] ?? -1);
        if (ahead.length === 0) return;
        const count = 1 + (b % ahead.length);
        expect(bitmap.removeNext(from, count)).toBe(ahead[count - 1] + 1);
        expect(pagesOf(bitmap)).toEqual(inOrder.filter((one) => one < from || one > ahead[count - 1]));
      }),
      { seed: 2, numRuns: 800 },
    );
  });
});
