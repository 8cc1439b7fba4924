/** From a lesson's document (what a YAML or JSON reader gives) to a lesson, or to all that is wrong with it. */

import type { Result } from "../kernel/result.ts";
import { type KnownModels, registeredModels } from "../scenario/models.ts";
import { parseScenario } from "../scenario/normalise.ts";
import { ProblemList, type ScenarioPath, type ScenarioProblem } from "../scenario/problem.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { addSchemaProblems } from "../scenario/schema-problems.ts";
import { suggestion } from "../scenario/suggest.ts";
import { workloads } from "../scenario/workloads.ts";
import type { Lesson, LessonChange, LessonMoment, LessonPlayground, LessonRun, LessonStep } from "./lesson.ts";
import { type LessonFileChange, type LessonFileMoment, type LessonFileStep, lessonFileSchema } from "./schema.ts";

/** Finds the document of a scenario that a lesson names. */
export type FindScenario = (name: string) => Result<unknown>;

export type LessonResult = { ok: true; value: Lesson } | { ok: false; problems: ScenarioProblem[] };

/** Reads a lesson. All problems are given; never throws, whatever the document is. */
export function parseLesson(document: unknown, find: FindScenario): LessonResult {
  const problems = new ProblemList();
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    problems.add([], "this is not a lesson: it holds no keys with values", "start from one of examples/lessons/");
    return { ok: false, problems: problems.toArray() };
  }
  const read = lessonFileSchema.safeParse(document);
  if (!read.success) {
    addSchemaProblems(lessonFileSchema, document, read.error.issues, problems);
    return { ok: false, problems: problems.toArray() };
  }
  const file = read.data;
  const reader = new LessonReader(problems, find);
  const first = reader.scenario(file.scenario, ["scenario"]);
  let before: LessonRun = { scenario: first, change: {}, vm: null };
  const steps = file.steps.map((step, index) => {
    const made = reader.step(step, before, ["steps", index]);
    before = made.run;
    return made;
  });
  const { controls } = file.playground;
  const playground: LessonPlayground = {
    ...reader.step(file.playground, before, ["playground"]),
    controls: controls ?? null,
  };
  if (!problems.isEmpty) return { ok: false, problems: problems.toArray() };
  const { schemaVersion, title, summary } = file;
  return { ok: true, value: { schemaVersion, title, summary, scenarios: reader.scenarios, steps, playground } };
}

class LessonReader {
  readonly scenarios: Scenario[] = [];
  readonly #problems: ProblemList;
  readonly #find: FindScenario;
  readonly #known = new Map<string, number>();
  readonly #models: KnownModels = registeredModels;

  constructor(problems: ProblemList, find: FindScenario) {
    this.#problems = problems;
    this.#find = find;
  }

  /** Index of the scenario among the lesson's; 0 where it cannot be read, and then there is a problem. */
  scenario(written: string | Record<string, unknown>, path: ScenarioPath): number {
    const key = typeof written === "string" ? written : JSON.stringify(written);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    let document: unknown = written;
    if (typeof written === "string") {
      const found = this.#find(written);
      if (!found.ok) {
        this.#problems.add([...path], found.problem, found.remedy);
        return 0;
      }
      document = found.value;
    }
    const parsed = parseScenario(document);
    if (!parsed.ok) {
      const inFile = typeof written === "string";
      for (const { path: where, problem, remedy } of parsed.problems) {
        const told = inFile ? `${written}, ${where.join(".")}: ${problem}` : problem;
        this.#problems.add(inFile ? [...path] : [...path, ...where], told, remedy);
      }
      return 0;
    }
    this.scenarios.push(parsed.value);
    this.#known.set(key, this.scenarios.length - 1);
    return this.scenarios.length - 1;
  }

  step(written: LessonFileStep, before: LessonRun, path: ScenarioPath): LessonStep {
    const run = this.#run(written, before, path);
    const { compare, play } = written;
    const other = compare === undefined ? null : this.#run(compare, { ...run, change: {} }, [...path, "compare"]);
    return {
      say: written.say,
      run,
      at: written.at === undefined ? { kind: "start" } : this.#moment(written.at, [...path, "at"]),
      play: play === undefined ? null : { to: this.#moment(play, [...path, "play"]), speed: written.speed ?? null },
      look: written.look ?? [],
      compare: compare === undefined || other === null ? null : { run: other, name: compare.name },
      curve: written.curve ?? null,
      seeds: written.seeds ?? 0,
    };
  }

  #run(written: Pick<LessonFileStep, "scenario" | "change" | "vm">, before: LessonRun, path: ScenarioPath): LessonRun {
    const another = written.scenario !== undefined;
    const scenario = another ? this.scenario(written.scenario as string, [...path, "scenario"]) : before.scenario;
    const change =
      written.change !== undefined ? this.#change(written.change, [...path, "change"]) : another ? {} : before.change;
    const vm = written.vm ?? (another ? null : before.vm);
    const names = this.scenarios[scenario]?.vms.map((machine) => machine.name) ?? [];
    if (written.vm !== undefined && names.length > 0 && !names.includes(written.vm)) {
      this.#problems.add(
        [...path, "vm"],
        `the scenario has no machine "${written.vm}"`,
        suggestion(written.vm, names, "machines"),
      );
    }
    return { scenario, change, vm };
  }

  #change(written: LessonFileChange, path: ScenarioPath): LessonChange {
    const { memory, used, writes, link, mtu, loss, limit, profile, mode, workload, seed } = written;
    this.#checkName(profile, this.#models.profiles, "profile", "hypervisors", path);
    this.#checkName(workload, workloads, "workload", "workloads", path);
    const change = {
      memoryBytes: memory,
      usedShare: used,
      writeRateFactor: writes,
      linkBytesPerSecond: link,
      mtuBytes: mtu,
      packetLossShare: loss,
      downtimeLimitSeconds: limit,
      profile,
      mode,
      workload,
      seed: seed === undefined ? undefined : String(seed),
    };
    return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as LessonChange;
  }

  #checkName(
    name: string | undefined,
    known: readonly { name: string }[],
    key: string,
    plural: string,
    path: ScenarioPath,
  ): void {
    if (name === undefined || known.some((each) => each.name === name)) return;
    const names = known.map((each) => each.name);
    this.#problems.add([...path, key], `there is no ${key} "${name}"`, suggestion(name, names, plural));
  }

  #moment(written: LessonFileMoment, path: ScenarioPath): LessonMoment {
    if (written === "start" || written === "end") return { kind: written };
    if (typeof written === "number") return { kind: "time", seconds: written };
    const { event, nth, after, round, share } = written;
    if (event !== undefined && round === undefined && share === undefined) {
      return { kind: "event", type: event, nth: nth ?? 1, afterSeconds: after ?? 0 };
    }
    if (round !== undefined && event === undefined && nth === undefined && after === undefined) {
      return { kind: "round", round, share: share ?? 0 };
    }
    this.#problems.add(
      [...path],
      "a moment is an event (with nth and after) or a round (with share), not both and not neither",
      "write it like {event: vm.stopped, after: 50 ms} or {round: 2, share: 50 %}",
    );
    return { kind: "start" };
  }
}
