import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { TaskRange } from "../../src/planning/sweep/sweep-definition.ts";
import type { DoneTasks } from "../../src/planning/sweep/sweep-tasks.ts";
import { surviveDeaths, TRIES_OF_A_TASK, WorkerDeath } from "../../src/runners/sweep/survive.ts";
import { temporaryFolder } from "../support/cli.ts";
import { rowsOf, sweepSmall } from "../support/sweeps.ts";

const doneTasks = (text: string): DoneTasks => ({ text, rows: 1, tallies: [], failures: [] });

describe("a range whose worker dies", () => {
  it("is halved until the task that kills stands alone; that one is tried again, all others done once", async () => {
    const attempts: TaskRange[] = [];
    const attempt = async (range: TaskRange) => {
      attempts.push(range);
      if (range.from <= 11 && 11 < range.to) throw new WorkerDeath("it died");
      const text = Array.from({ length: range.to - range.from }, (_, index) => `${range.from + index},`).join("");
      return { done: doneTasks(text), seconds: 1 };
    };
    const failed = (task: number, problem: string) => doneTasks(`[${task} ${problem}],`);
    const { done } = await surviveDeaths({ from: 8, to: 16 }, attempt, failed);
    expect(done.text).toBe("8,9,10,[11 it died],12,13,14,15,");
    expect(attempts.filter(({ from, to }) => from === 11 && to === 12)).toHaveLength(TRIES_OF_A_TASK);
    expect(attempts.filter(({ from, to }) => from > 11 || to <= 11)).toHaveLength(3);
  });

  it("that dies once is done after all", async () => {
    let deaths = 1;
    const attempt = async ({ from }: TaskRange) => {
      if (deaths-- > 0) throw new WorkerDeath("it died");
      return { done: doneTasks(`${from},`), seconds: 1 };
    };
    const { done } = await surviveDeaths({ from: 0, to: 2 }, attempt, () => doneTasks("failed"));
    expect(done.text).toBe("0,1,");
  });

  it("another error is no death", async () => {
    const attempt = () => Promise.reject(new Error("a bug"));
    await expect(surviveDeaths({ from: 0, to: 2 }, attempt, () => doneTasks(""))).rejects.toThrow("a bug");
  });
});

/** A policy that ends its thread when it is asked of a machine with so much memory; `once`, the first time only. */
function killer(folder: string, bytes: number, how: string, once: boolean): string {
  const died = JSON.stringify(join(folder, "died"));
  const guard = once ? `if (existsSync(${died})) return; writeFileSync(${died}, "");` : "";
  return `import { existsSync, writeFileSync } from "node:fs";
function die() { ${guard} ${how} }
export default { name: "killer", begin: ({ memoryBytes }) => { if (memoryBytes === ${bytes}) die(); return (view) => view.proposed; } };
`;
}

function policyIn(name: string, make: (folder: string) => string): { folder: string; policy: string } {
  const folder = temporaryFolder();
  const policy = join(temporaryFolder({ [name]: make(folder) }), name);
  return { folder, policy };
}

const SIZES = { parameters: ["vms.vm1.memory=1GiB,2GiB,4GiB"], seeds: 3, workers: 1 };
const KILLED_BYTES = 2 ** 31;

describe("a thread that dies", () => {
  it("is replaced, and its tasks are done again", async () => {
    const { folder, policy } = policyIn("killer.mjs", (place) => killer(place, KILLED_BYTES, "process.exit(7);", true));
    const output = join(folder, "a.jsonl");
    expect(await sweepSmall({ ...SIZES, policy, output })).toMatchObject({ exitCode: 0, failure: null });
    expect(existsSync(join(folder, "died"))).toBe(true);
    // From now on it agrees with the hypervisor.
    await sweepSmall({ ...SIZES, policy, workers: 0, output: join(folder, "b.jsonl") });
    expect(readFileSync(output, "utf8")).toBe(readFileSync(join(folder, "b.jsonl"), "utf8"));
  });

  it.each([
    ["ends", "process.exit(7);", "the thread that did it ended (exit code 7)"],
    [
      "runs out of memory",
      "const all = []; for (;;) all.push(new Array(1e5).fill(0.5));",
      "it needs more memory than a thread may have (64 MiB)",
    ],
  ])("of the same tasks each time is reported with them, and all others are done: it %s", async (_, how, problem) => {
    const { folder, policy } = policyIn("killer.mjs", (place) => killer(place, KILLED_BYTES, how, false));
    const output = join(folder, "a.jsonl");
    const { exitCode, failure } = await sweepSmall({ ...SIZES, policy, output, seeds: 1, workerMemoryBytes: 2 ** 26 });
    expect(exitCode).toBe(3);
    expect(failure).toBe(`1 task came to no result; the rows say task-failed:\n  task 1: ${problem}`);
    expect(rowsOf(folder, "a.jsonl").map(({ outcome }) => outcome)).toEqual(["completed", "task-failed", "completed"]);
    const { failures } = JSON.parse(readFileSync(`${output}.manifest.json`, "utf8"));
    expect(failures).toEqual([{ task: 1, problem }]);
  });

  it("of more tasks than are allowed ends the sweep; the rest can be gone on with", async () => {
    const { folder, policy } = policyIn("killer.mjs", (place) =>
      killer(place, KILLED_BYTES, "process.exit(7);", false),
    );
    const output = join(folder, "a.csv");
    const ended = await sweepSmall({ ...SIZES, seeds: 1, policy, output, mostFailures: 0 });
    expect(ended.exitCode).toBe(3);
    expect(ended.failure).toContain("more than --max-failures 0");
    expect(ended.failure).toContain("Go on with: ");
    const resumed = await sweepSmall({ ...SIZES, seeds: 1, policy, output, resume: true });
    expect(resumed.exitCode).toBe(3);
    expect(existsSync(output)).toBe(true);
  });
});

it.each([0, 1])("a policy that breaks ends the sweep with its fault, with %i threads", async (workers) => {
  const broken = `export default { name: "broken", begin: () => () => "no decision" };`;
  const policy = join(temporaryFolder({ "broken.mjs": broken }), "broken.mjs");
  const { exitCode, failure } = await sweepSmall({ policy, workers });
  expect(exitCode).toBe(2);
  expect(failure).toContain(`--policy ${policy}:`);
});
