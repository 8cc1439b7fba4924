import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const { parts, ownCompressedBytes, wholeBytes } = JSON.parse(readFileSync(`${dist}.page-size.json`, "utf8")) as {
  parts: { part: string; own: boolean; bytes: number; compressedBytes: number }[];
  ownCompressedBytes: number;
  wholeBytes: number;
};
const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);

describe("the built page", () => {
  it("is the one that was measured, and all of it was", () => {
    const page = readFileSync(`${dist}viz/index.html`);
    expect(wholeBytes).toBe(page.byteLength);
    // The worker is a text within a script, which writes some characters as two; what calls it is the bundler's.
    expect(sum(parts.map(({ bytes }) => bytes)) / page.byteLength).toBeGreaterThan(0.97);
    for (const part of [
      "sim/scenario",
      "sim/migration",
      "viz/view",
      "lessons and scenarios",
      "library zod",
      "styles",
    ]) {
      expect(parts.find((each) => each.part === part)?.bytes, part).toBeGreaterThan(5000);
    }
  });

  it("has less than 250 kB of its own, compressed", () => {
    const parted = sum(parts.filter(({ own }) => own).map(({ compressedBytes }) => compressedBytes));
    expect(ownCompressedBytes / parted).toBeGreaterThan(0.9);
    expect(ownCompressedBytes).toBeLessThan(250_000);
  });
});
