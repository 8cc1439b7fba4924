import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { simulate } from "../../sim/index.ts";
import { readScenario } from "../../src/formats/scenario-file.ts";
import type { SweepRequest } from "../../src/runners/sweep/sweep-scenario.ts";
import { temporaryFolder } from "../support/cli.ts";
import { SMALL_SCENARIO } from "../support/scenario-text.ts";
import { GRID, rowsOf, sweepSmall } from "../support/sweeps.ts";

const plain = (text: string) => text.replaceAll(/\s+/g, " ");

describe("rows", () => {
  it("are what a run says, in each form", async () => {
    const folder = temporaryFolder();
    for (const form of ["csv", "jsonl", "parquet"]) await sweepSmall({ ...GRID, output: join(folder, `a.${form}`) });
    const rows = rowsOf(folder, "a.jsonl");
    expect(rows).toHaveLength(200);
    // Seeds change fastest, then the last parameter.
    const row = rows[103] as Record<string, unknown>;
    const bytes = row["vms.vm1.memory"];
    expect(bytes).toBeCloseTo(2 ** 30 * 4 ** (2 / 3), -1);
    expect(row).toMatchObject({ task: 103, seed: "4", "networks.lan.bandwidth": 125e6 });
    const settings = { "vms.vm1.memory": `${bytes} B`, "networks.lan.bandwidth": "1Gbit/s", seed: 4 };
    const scenario = readScenario(SMALL_SCENARIO, "small.yaml", settings);
    const [migration] = scenario.ok ? simulate(scenario.value).migrations : [];
    expect(row).toMatchObject({
      outcome: migration?.outcome,
      totalSeconds: migration?.totalSeconds,
      downtimeSeconds: migration?.downtimeSeconds,
      transferredBytes: migration?.transferredBytes,
      rounds: migration?.rounds.length,
    });
    expect(await parquetReadObjects({ file: await asyncBufferFromFile(join(folder, "a.parquet")) })).toEqual(rows);
    const [head, ...lines] = readFileSync(join(folder, "a.csv"), "utf8").trimEnd().split("\r\n");
    expect(head?.split(",")).toEqual(Object.keys(row));
    expect(lines[103]).toBe(Object.values(row).join(","));
  });

  it("have quotes in CSV where a value needs them", async () => {
    const folder = temporaryFolder();
    const changes = { parameters: ['description=say "so",no', "horizon=5min,10min"] };
    for (const form of ["csv", "jsonl"]) await sweepSmall({ ...changes, output: join(folder, `a.${form}`) });
    expect(readFileSync(join(folder, "a.csv"), "utf8").split("\r\n")[1]).toMatch(/^0,"say ""so""",300,1,0,vm1,/);
    expect(rowsOf(folder, "a.jsonl").map(({ description, horizon }) => [description, horizon])).toEqual([
      ['say "so"', 300],
      ['say "so"', 600],
      ["no", 300],
      ["no", 600],
    ]);
  });

  it("of values that do not go together say so, and nothing is lost of the others", async () => {
    const folder = temporaryFolder();
    const parameters = ["nodes.HV01.memory=4GiB,64GiB", "vms.vm1.memory=1GiB,16GiB"];
    const changes = { parameters, settings: { "nodes.HV02.memory": "64GiB" }, output: join(folder, "a.jsonl") };
    const { exitCode, output } = await sweepSmall(changes);
    expect(exitCode).toBe(0);
    expect(plain(output)).toContain("1 task has no scenario");
    expect(rowsOf(folder, "a.jsonl").map(({ outcome }) => outcome)).toEqual([
      "completed",
      "invalid-scenario",
      "completed",
      "completed",
    ]);
  });
});

describe("what a sweep comes to", () => {
  it("warns where there are too few values for a quantile", async () => {
    const few = plain((await sweepSmall({ seeds: 50 })).output);
    expect(few).toContain("50 completed migrations are too few for p99 (needs 100): more --seeds.");
    expect((await sweepSmall({ seeds: 100 })).output).not.toContain("too few");
  });

  it("as JSON has quantiles of all and of each point", async () => {
    const { output } = await sweepSmall({ ...GRID, json: true });
    const { command, points, pointCount, totalSeconds, warnings, rows } = JSON.parse(output);
    expect({ rows, n: totalSeconds.n, pointCount }).toEqual({ rows: 200, n: 200, pointCount: 8 });
    expect(points).toHaveLength(8);
    expect(points[1].values).toEqual({ "vms.vm1.memory": 2 ** 30, "networks.lan.bandwidth": 1.25e9 });
    expect(points[1].totalSeconds.n).toBe(25);
    expect(points[1].totalSeconds.max).toBeLessThan(points[0].totalSeconds.p50);
    expect(warnings[0]).toContain("p99");
    expect(command).toBe(
      "precopy sweep small.yaml --param vms.vm1.memory=1..4GiB:log:4 --param networks.lan.bandwidth=1Gbit/s,10Gbit/s --seeds 25 --seed 1",
    );
  });

  it("is exit code 1 where nothing completes", async () => {
    expect((await sweepSmall({ settings: { horizon: "2 s" } })).exitCode).toBe(1);
    expect((await sweepSmall({ parameters: ["horizon=2s,60s"] })).exitCode).toBe(0);
  });

  it("dry: says how many tasks there would be, and writes nothing", async () => {
    const output = join(temporaryFolder(), "a.csv");
    const dry = await sweepSmall({ ...GRID, dryRun: true, output });
    expect(dry.exitCode).toBe(0);
    expect(dry.output).toContain("vms.vm1.memory: 4 values: 1.00 GiB, 1.59 GiB, 2.52 GiB, 4.00 GiB\n");
    expect(dry.output).toContain("tasks: 200\n");
    expect(dry.output).toMatch(/^estimate: .* a task\)$/m);
    expect(existsSync(`${output}.partial`)).toBe(false);
    const shard = await sweepSmall({ ...GRID, dryRun: true, shard: { index: 2, of: 3 } });
    expect(shard.output).toContain("tasks: 200, of which 67 in this shard\n");
  });

  it("of drawn points follows from the seed", async () => {
    const draw = async (changes: Partial<SweepRequest>) =>
      (
        await sweepSmall({
          parameters: ["vms.vm1.memory=1..4GiB:log"],
          design: "random",
          samples: 50,
          json: true,
          ...changes,
        })
      ).output;
    const one = JSON.parse(await draw({})).totalSeconds;
    expect(JSON.parse(await draw({ workers: 1 })).totalSeconds).toEqual(one);
    expect(JSON.parse(await draw({ seed: "2" })).totalSeconds).not.toEqual(one);
    expect(JSON.parse(await draw({ design: "latin-hypercube" })).totalSeconds).not.toEqual(one);
  });
});

it.each<[Partial<SweepRequest>, string]>([
  [{ parameters: ["vms.vm1.memory=1GiB,2GiX"] }, "with 2GiX the scenario is not valid"],
  [{ parameters: ["vms.vm1.memori=1GiB,2GiB"] }, 'Did you mean "memory"'],
  [{ parameters: ["vms.vm1.memory=1GiB", "vms.vm1.memory=2GiB"] }, "given twice"],
  [{ parameters: ["vms.vm1.memory=1GiB"], settings: { "vms.vm1.memory": "2GiB" } }, "--set sets it too"],
  [{ output: "a.txt" }, "Known: .csv"],
  [{ output: "-", format: "parquet" }, "not written to standard output"],
  [{ samples: 3 }, "a grid has all combinations"],
  [{ design: "random", parameters: ["vms.vm1.memory=1..2GiB"] }, "--samples"],
  [{ design: "random", samples: 3 }, "no parameter to draw"],
  [{ design: "latin-hypercube", samples: 1_000_001, parameters: ["vms.vm1.memory=1..2GiB"] }, "--design random"],
  [{ resume: true }, "Name it with -o"],
  [{ seed: "a\nb" }, "the seed has a line break"],
  [{ parameters: ["name=one,t\r\nwo"] }, "not a path, an equals sign and values"],
  [{ seeds: 1_000_000, parameters: ["horizon=1..5000:int:5000"] }, "there can be 1000000000"],
])("%j is refused", async (changes, problem) => {
  expect(await sweepSmall(changes)).toMatchObject({
    exitCode: 2,
    output: "",
    failure: expect.stringContaining(problem),
  });
});
