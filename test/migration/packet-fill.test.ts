import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PacketFill, type PacketFormat } from "../../sim/migration/packet-fill.ts";
import "../support/fixed-seed.ts";

const FORMAT: PacketFormat = {
  pages: 128,
  headerBytes: 1344,
  pageBytes: 4096,
  zeroPageBytes: null,
  syncBytes: 4 * 1344,
  syncsEachSection: true,
};

describe("packets", () => {
  it("make the windows that QEMU 7.2 was measured with: 13 packets, and one on each of 4 channels", () => {
    const fill = new PacketFill(FORMAT);
    const pages = fill.pagesToReach(67_108_864 / 10, 4096);
    expect(pages).toBe(13 * 128);
    // 6,838,610 bytes in a window, 18 of which frame the section.
    expect(fill.add(pages, 4096) + fill.synchronise()).toBe(6_838_610 - 18);
  });

  it("cost nothing until they are full", () => {
    const fill = new PacketFill(FORMAT);
    expect(fill.add(127, 4096)).toBe(0);
    expect(fill.pagesToReach(1, 4096)).toBe(1);
    expect(fill.add(1, 4096)).toBe(1344 + 128 * 4096);
    expect(fill.synchronise()).toBe(FORMAT.syncBytes);
  });

  it("come to the same whatever the steps in which they are filled", () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 700 }), fc.constantFrom(0, 1000, 4096)), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(steps, (given) => {
        const inOne = new PacketFill(FORMAT);
        const single = new PacketFill(FORMAT);
        let bytes = 0;
        let singleBytes = 0;
        for (const [pages, dataBytes] of given) {
          bytes += inOne.add(pages, dataBytes);
          for (let page = 0; page < pages; page++) singleBytes += single.add(1, dataBytes);
        }
        bytes += inOne.synchronise();
        singleBytes += single.synchronise();
        const data = given.reduce((sum, [pages, dataBytes]) => sum + pages * dataBytes, 0);
        const all = given.reduce((sum, [pages]) => sum + pages, 0);
        expect(singleBytes).toBe(data + Math.ceil(all / 128) * 1344 + FORMAT.syncBytes);
        expect(bytes).toBe(singleBytes);
      }),
    );
  });

  it("are reached with the fewest pages that complete them", () => {
    const numbers = fc.tuple(fc.integer({ min: 0, max: 127 }), fc.integer({ min: 1, max: 5_000_000 }));
    fc.assert(
      fc.property(numbers, ([open, wanted]) => {
        const makeFill = () => {
          const fill = new PacketFill(FORMAT);
          fill.add(open, 4096);
          return fill;
        };
        const pages = makeFill().pagesToReach(wanted, 4096);
        expect(makeFill().add(pages, 4096)).toBeGreaterThanOrEqual(wanted);
        expect(makeFill().add(pages - 1, 4096)).toBeLessThan(wanted);
      }),
    );
  });
});
