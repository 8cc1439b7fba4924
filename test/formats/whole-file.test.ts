import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planWholeFile, removeTemporary, WholeFile, WriteFailure } from "../../src/formats/whole-file.ts";
import { temporaryFolder } from "../support/cli.ts";

describe("a whole file", () => {
  it("is not there before it appears, and then holds everything", () => {
    const folder = temporaryFolder();
    const file = new WholeFile(planWholeFile(join(folder, "a.txt"), 0));
    const pieces = Array.from({ length: 5000 }, (_, i) => `line ${i} ü\n`);
    for (const piece of pieces) file.write(piece);
    file.finish();
    expect(existsSync(join(folder, "a.txt"))).toBe(false);
    file.appear();
    file.abandon();
    expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe(pieces.join(""));
    expect(readdirSync(folder)).toEqual(["a.txt"]);
  });

  it("leaves nothing when it is abandoned, and what was there before", () => {
    const folder = temporaryFolder({ "a.txt": "old" });
    const file = new WholeFile(planWholeFile(join(folder, "a.txt"), 0));
    file.write("new".repeat(100_000));
    file.abandon();
    expect(readdirSync(folder)).toEqual(["a.txt"]);
    expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("old");
  });

  it("can be cleaned up after by its plan alone", () => {
    const folder = temporaryFolder();
    const plan = planWholeFile(join(folder, "a.txt"), 0);
    const file = new WholeFile(plan);
    expect(readdirSync(folder)).toHaveLength(1);
    removeTemporary(plan);
    expect(readdirSync(folder)).toEqual([]);
    file.abandon();
  });

  it("tells files of one folder apart", () => {
    const folder = temporaryFolder();
    const files = ["a", "b"].map((name, number) => new WholeFile(planWholeFile(join(folder, name), number)));
    for (const [index, file] of files.entries()) file.write(String(index));
    for (const file of files) file.finish();
    for (const file of files) file.appear();
    expect(["a", "b"].map((name) => readFileSync(join(folder, name), "utf8"))).toEqual(["0", "1"]);
  });

  it("fails with the user's own path, what is wrong and what to do", () => {
    const folder = temporaryFolder({ plain: "" });
    mkdirSync(join(folder, "dir"));
    const messageOf = (name: string) => {
      try {
        new WholeFile(planWholeFile(join(folder, name), 0));
      } catch (error) {
        expect(error).toBeInstanceOf(WriteFailure);
        return (error as Error).message.replaceAll(folder, "F");
      }
      throw new Error(`${name} can be written`);
    };
    expect(messageOf("no/a.txt")).toMatch(/^cannot write F\/no\/a\.txt: there is no folder F\/no\. Make it/);
    expect(messageOf("dir")).toMatch(/^cannot write F\/dir: it is a folder\. Name a file\./);
    expect(messageOf("plain/a.txt")).toMatch(
      /^cannot write F\/plain\/a\.txt: a part of the path is a file, not a folder\./,
    );
  });

  it("has a temporary name that fits where the file's own is as long as can be", () => {
    const folder = temporaryFolder();
    const name = "n".repeat(255);
    writeFileSync(join(folder, name), "");
    const file = new WholeFile(planWholeFile(join(folder, name), 0));
    file.write("x");
    file.finish();
    file.appear();
    expect(readFileSync(join(folder, name), "utf8")).toBe("x");
  });
});
