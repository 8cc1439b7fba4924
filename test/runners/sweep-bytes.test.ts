import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/cli.ts";
import { GRID, merge, sweepSmall } from "../support/sweeps.ts";

const FORMS = ["csv", "jsonl", "parquet"];

describe("the same rows, byte for byte", () => {
  it.each(FORMS)("as %s from no thread, one, two, and three shards merged in any order", async (form) => {
    const folder = temporaryFolder();
    const bytesOf = (name: string) => readFileSync(join(folder, name)).toString("base64");
    for (const workers of [0, 1, 2]) {
      const answer = await sweepSmall({ ...GRID, workers, output: join(folder, `w${workers}.${form}`) });
      expect(answer).toMatchObject({ exitCode: 0, failure: null });
    }
    expect(bytesOf(`w1.${form}`)).toBe(bytesOf(`w0.${form}`));
    expect(bytesOf(`w2.${form}`)).toBe(bytesOf(`w0.${form}`));
    const shards: string[] = [];
    for (const index of [2, 3, 1]) {
      shards.push(join(folder, `s${index}.${form}`));
      await sweepSmall({ ...GRID, shard: { index, of: 3 }, output: shards.at(-1) as string });
    }
    expect(await merge(shards, join(folder, `merged.${form}`))).toMatchObject({ exitCode: 0, failure: null });
    expect(bytesOf(`merged.${form}`)).toBe(bytesOf(`w0.${form}`));
    // Their manifests differ in nothing.
    expect(bytesOf(`merged.${form}.manifest.json`)).toBe(bytesOf(`w2.${form}.manifest.json`));
  });

  it("whatever form the shards have", async () => {
    const folder = temporaryFolder();
    const [whole, first, second, merged] = ["whole.parquet", "s1.csv", "s2.parquet", "merged.parquet"].map((name) =>
      join(folder, name),
    ) as [string, string, string, string];
    const wholeAnswer = await sweepSmall({ ...GRID, output: whole });
    await sweepSmall({ ...GRID, shard: { index: 1, of: 2 }, output: first });
    await sweepSmall({ ...GRID, shard: { index: 2, of: 2 }, output: second });
    const answer = await merge([first, second], merged);
    expect(readFileSync(merged)).toEqual(readFileSync(whole));
    expect(answer.output.split("\n").slice(0, 6)).toEqual(wholeAnswer.output.split("\n").slice(0, 6));
  });

  it.each(["csv", "jsonl"])("of a %s that was cut anywhere and gone on with", async (form) => {
    const folder = temporaryFolder();
    const output = join(folder, `a.${form}`);
    const wholeAnswer = await sweepSmall({ ...GRID, output });
    const whole = readFileSync(output, "utf8");
    const {
      rows: _,
      bytes: _bytes,
      sha256: _sha,
      failures: _failures,
      ...opening
    } = JSON.parse(readFileSync(`${output}.manifest.json`, "utf8"));
    for (const length of [whole.length, whole.length - 1, whole.length - 40, 5000, 200, 0]) {
      rmSync(output, { force: true });
      writeFileSync(`${output}.partial`, whole.slice(0, length));
      writeFileSync(`${output}.partial.json`, JSON.stringify(opening));
      const refused = await sweepSmall({ ...GRID, output });
      expect(refused).toMatchObject({ exitCode: 2, failure: expect.stringContaining("--resume") });
      const answer = await sweepSmall({ ...GRID, output, resume: true });
      expect(readFileSync(output, "utf8")).toBe(whole);
      // The summary is of all rows, those from before too.
      expect(answer.output).toBe(wholeAnswer.output);
      expect(existsSync(`${output}.partial`)).toBe(false);
    }
    const again = await sweepSmall({ ...GRID, output, resume: true });
    expect(again.notices).toEqual([expect.stringContaining("nothing to do")]);
    writeFileSync(`${output}.partial`, whole.slice(0, 5000));
    writeFileSync(`${output}.partial.json`, JSON.stringify(opening));
    for (const [changes, problem] of [
      [{ seeds: 26 }, "another sweep"],
      [{ shard: { index: 1, of: 2 } }, "another shard"],
      [{ format: form === "csv" ? ("jsonl" as const) : ("csv" as const) }, "they are to become"],
      [{ settings: { horizon: "9 min" } }, "another sweep"],
    ] as const) {
      const other = await sweepSmall({ ...GRID, ...changes, output, resume: true });
      expect(other).toMatchObject({ exitCode: 2, failure: expect.stringContaining(problem) });
    }
  });
});

describe("shards that do not make a whole", () => {
  it("are refused: gaps, overlaps, other sweeps, changes, what is not finished", async () => {
    const folder = temporaryFolder();
    const shard = async (index: number, of: number, changes = {}) => {
      const output = join(folder, `s${index}of${of}.csv`);
      await sweepSmall({ ...GRID, shard: { index, of }, output, ...changes });
      return output;
    };
    const [first, second, third, half] = [await shard(1, 3), await shard(2, 3), await shard(3, 3), await shard(1, 2)];
    const other = await shard(3, 3, { seeds: 26, output: join(folder, "other.csv") }).then(() =>
      join(folder, "other.csv"),
    );
    const output = join(folder, "whole.csv");
    const fails = async (shards: string[], problem: string) => {
      expect(await merge(shards, output)).toMatchObject({ exitCode: 2, failure: expect.stringContaining(problem) });
      expect(existsSync(output)).toBe(false);
    };
    await fails([first, third], "tasks 66 to 132 are missing");
    await fails([first, second], "tasks 133 to 199 are missing");
    await fails([second, third], "tasks 0 to 65 are missing");
    await fails([first, second, third, half], `tasks 66 to 99 are in ${half} and in ${second}`);
    await fails([first, first, second, third], `tasks 0 to 65 are in ${first} and in ${first}`);
    await fails([first, second, other], "are of different sweeps");
    writeFileSync(third, readFileSync(third, "utf8").replace("completed", "completeD"));
    await fails([first, second, third], `${third} has changed`);
    rmSync(`${third}.manifest.json`);
    await fails([first, second, third], `no ${third}.manifest.json`);
    writeFileSync(`${third}.partial`, "");
    await fails([first, second, third], "is not finished");
  });
});
