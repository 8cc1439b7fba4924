import { describe, expect, it } from "vitest";
import { goodputBytesPerSecond, goodputShare } from "../../sim/network/framing.ts";

describe("goodput of a TCP stream", () => {
  it.each([
    [1500, 1448 / 1538],
    [9000, 8948 / 9038],
  ])("at an MTU of %i bytes", (mtuBytes, share) => {
    expect(goodputShare(mtuBytes)).toBe(share);
  });

  it("is 941 Mbit/s on gigabit Ethernet", () => {
    expect((goodputBytesPerSecond(125e6, 1500) * 8) / 1e6).toBeCloseTo(941.48, 2);
  });

  it("rejects an MTU that IPv4 does not allow", () => {
    expect(() => goodputShare(67)).toThrow(RangeError);
    expect(goodputShare(68)).toBeCloseTo(16 / 106, 12);
  });
});
