import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { LESSON_PANELS, lessonJsonSchema, parseLesson, simulate, type TraceEvent } from "../../sim/index.ts";
import { listOf } from "../../viz/model/event-list.ts";
import { momentSeconds } from "../../viz/model/lesson-moments.ts";
import { changedVm, wantedRun } from "../../viz/model/lesson-run.ts";
import { buildTimeline, lookAtMachine } from "../../viz/model/timeline.ts";
import { changedScenario } from "../../viz/worker/changed-scenario.ts";

const folder = new URL("../../examples/lessons/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
const textOf = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const find = (name: string) => ({ ok: true as const, value: parse(textOf(name)) as unknown });

const SMALL = {
  schemaVersion: 1,
  title: "A lesson",
  summary: "What it shows.",
  scenario: "../idle-guest.yaml",
  steps: [{ say: "The guest stops.", at: { event: "vm.stopped", after: "10 ms" } }],
  playground: { say: "Try it." },
};

function problemsOf(change: Record<string, unknown>): string[] {
  const read = parseLesson({ ...SMALL, ...change }, find);
  return read.ok ? [] : read.problems.map(({ path, problem, remedy }) => `${path.join(".")}: ${problem}; ${remedy}`);
}

describe("the lessons that come along", () => {
  it("are at least eight, accepted by the JSON Schema, and name it for editors", () => {
    expect(files.length).toBeGreaterThanOrEqual(8);
    const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile(lessonJsonSchema());
    for (const name of files) {
      expect(accepts(parse(textOf(name))), `${name}: ${JSON.stringify(accepts.errors)}`).toBe(true);
      expect(textOf(name)).toContain("# yaml-language-server: $schema=../../schema/lesson.schema.json");
    }
    expect(accepts({ ...SMALL, steps: [{ sai: "x" }] })).toBe(false);
  });

  it.each(files)("%s: every step has its run, its moments and its machine", (name) => {
    const read = parseLesson(parse(textOf(name)), find);
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const lesson = read.value;
    const timelines = new Map<string, ReturnType<typeof buildTimeline>>();
    const timelineOf = (run: (typeof lesson.steps)[number]["run"]) => {
      const { scenario, seed, vm, numbers } = wantedRun(lesson, run);
      const key = JSON.stringify([run.scenario, run.change]);
      const known = timelines.get(key);
      if (known !== undefined) return known;
      const changed = changedScenario({ base: scenario, vm: changedVm(scenario, vm), numbers });
      if (!changed.ok) throw new Error(changed.problems.join("\n"));
      const events: TraceEvent[] = [];
      const result = simulate(changed.scenario, { seed, onEvent: (event) => events.push(event) });
      const header = {
        type: "header",
        schemaVersion: 1,
        engineVersion: "",
        scenario: { ...changed.scenario },
        seed,
      } as const;
      const end = { type: "end", t: events.at(-1)?.t ?? 0, result } as const;
      const made = buildTimeline({ header, scenario: changed.scenario, events: listOf(events), end, text: null });
      timelines.set(key, made);
      return made;
    };
    for (const step of [...lesson.steps, lesson.playground]) {
      const timeline = timelineOf(step.run);
      const migration = lookAtMachine(timeline, step.run.vm);
      expect(migration?.vm, step.say).toBe(step.run.vm ?? migration?.vm ?? "a migration");
      if (migration === null) continue;
      const at = momentSeconds(timeline, migration, step.at);
      expect(at, step.say).not.toBeNull();
      if (step.play !== null) expect(momentSeconds(timeline, migration, step.play.to) ?? -1).toBeGreaterThan(at ?? 0);
      if (step.compare !== null) expect(timelineOf(step.compare.run).migrations.length).toBeGreaterThan(0);
    }
  });
});

describe("a lesson", () => {
  it("can point at every part of the page, and at nothing else", () => {
    const page = readFileSync(new URL("../../viz/index.html", import.meta.url), "utf8");
    const panels = [...page.matchAll(/data-panel="([^"]+)"/g)].map(([, name]) => name);
    // The event log has the events' place.
    expect(LESSON_PANELS.filter((name) => name !== "event-log").sort()).toEqual(panels.sort());
  });

  it("is read into steps that each say all they stand on", () => {
    const steps = [
      { say: "One.", change: { link: "10 Gbit/s", memory: "8 GiB" } },
      { say: "Two.", at: { round: 2, share: "50 %" }, play: "end", speed: 0.1 },
      { say: "Three.", change: {}, compare: { name: "faster", change: { link: "10 Gbit/s" } }, seeds: 100 },
    ];
    const read = parseLesson({ ...SMALL, steps }, find);
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const [one, two, three] = read.value.steps;
    expect(one?.run.change).toEqual({ linkBytesPerSecond: 1.25e9, memoryBytes: 8 * 2 ** 30 });
    expect(two?.run.change).toEqual(one?.run.change);
    expect(two?.at).toEqual({ kind: "round", round: 2, share: 0.5 });
    expect(two?.play).toEqual({ to: { kind: "end" }, speed: 0.1 });
    expect(three?.run.change).toEqual({});
    expect(three?.compare?.run.change).toEqual({ linkBytesPerSecond: 1.25e9 });
    expect(read.value.playground.run.change).toEqual({});
    expect(read.value.scenarios).toHaveLength(1);
  });

  it("may hold its scenario, whose faults are told where they are", () => {
    const scenario = parse(textOf("../idle-guest.yaml")) as Record<string, unknown>;
    expect(problemsOf({ scenario })).toEqual([]);
    expect(problemsOf({ scenario: { ...scenario, nodes: [] } })[0]).toMatch(/^scenario\.nodes/);
  });

  it.each([
    [{ title: undefined }, /^title: title is missing/],
    [{ steps: [] }, /^steps: .*at least 1.*write it like/],
    [{ steps: [{ say: "" }] }, /^steps\.0\.say: .*at least 1 char/],
    [
      { steps: [{ say: "x", at: { event: "vm.stopped", round: 1 } }] },
      /^steps\.0\.at: a moment is an event .* or a round/,
    ],
    [{ steps: [{ say: "x", look: ["blakout"] }] }, /^steps\.0\.look\.0/],
    [{ steps: [{ say: "x", lok: ["blackout"] }] }, /lok/],
    [{ steps: [{ say: "x", vm: "nobody" }] }, /^steps\.0\.vm: the scenario has no machine "nobody"/],
    [{ steps: [{ say: "x", change: { profile: "qemu-7" } }] }, /^steps\.0\.change\.profile: .*did you mean/],
    [{ steps: [{ say: "x", change: { link: "1 furlong" } }] }, /^steps\.0\.change\.link/],
    [{ playground: undefined }, /^playground: playground is missing/],
    [{ schemaVersion: 2 }, /^schemaVersion/],
  ])("that is wrong in one thing gets a sentence: %j", (change, sentence) => {
    const problems = problemsOf(change);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(sentence);
  });

  it("is in the documents as the reader takes it", () => {
    const text = readFileSync(new URL("../../docs/lessons.md", folder), "utf8");
    const [, block = ""] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
    expect(parseLesson(parse(block), find)).toMatchObject({ ok: true });
  });

  it("that names a scenario which is not there says so", () => {
    const read = parseLesson(SMALL, () => ({ ok: false, problem: "there is no such file", remedy: "check the path" }));
    expect(read).toEqual({
      ok: false,
      problems: [{ path: ["scenario"], problem: "there is no such file", remedy: "check the path" }],
    });
  });

  it.each([null, 7, "text", [], {}, { steps: 3 }])("that is none at all never throws: %j", (document) => {
    expect(parseLesson(document, find).ok).toBe(false);
  });
});
