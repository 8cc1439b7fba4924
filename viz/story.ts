/** What surrounds the views: lessons, scenarios to start from, the run that is kept beside, the curve and the many seeds. */
import { lessons, scenarios } from "virtual:precopy-library";
import { chancesPanel } from "./controls/chances-panel.ts";
import { comparePanel } from "./controls/compare-panel.ts";
import { curvePanel } from "./controls/curve-panel.ts";
import { byId } from "./controls/elements.ts";
import { type LessonPlayer, lessonPlayer } from "./controls/lesson-player.ts";
import { type LibraryScenario, libraryDialog } from "./controls/library.ts";
import type { Notice } from "./controls/notice.ts";
import { type Panels, panelOf, panelsOf } from "./controls/panels.ts";
import type { Player } from "./controls/player.ts";
import { createStudy, type Studied } from "./controls/study.ts";
import type { WhatIfPanel } from "./controls/what-if-panel.ts";
import type { WantedRun } from "./model/lesson-run.ts";
import { isMigration } from "./model/no-migration.ts";
import type { PageLink } from "./model/page-link.ts";
import { buildTimeline, lookAtMachine } from "./model/timeline.ts";
import { readTrace, type Trace } from "./model/trace-reader.ts";
import type { FieldId } from "./model/what-if-fields.ts";
import type { Lesson, Scenario } from "./simulator.ts";
import type { Scene } from "./view/view.ts";
import type { LogChoice } from "./view/what-happens.ts";
import { createLane } from "./worker/lane.ts";

/** What the story needs of the page. */
export interface StoryPage {
  scene(): Scene | null;
  /** What is shown, as a question to ask again; null while there is nothing. */
  studied(): Studied | null;
  /** Shows a run: played, or still at its start. */
  showRun(run: WantedRun, from: "play" | "still"): Promise<Scene | null>;
  /** Simulates a run without showing it. */
  traceOf(run: WantedRun): Promise<Trace | null>;
  readonly player: Player;
  readonly log: LogChoice;
  readonly panel: WhatIfPanel;
  readonly notice: Notice;
  changed(): void;
}

/** What of a link says what stands beside the run that is shown. */
type Besides = Pick<PageLink, "kept" | "comparison" | "seeds" | "objectiveSeconds">;

export interface Story {
  readonly lesson: LessonPlayer;
  readonly panels: Panels;
  /** Another run is shown. */
  runChanged(scene: Scene, moved: FieldId | null): void;
  /** The player stands elsewhere. */
  moveTo(t: number): void;
  openLesson(name: string, step: number): Promise<boolean>;
  /** A lesson that is not one of the page's own. */
  openOwnLesson(lesson: Lesson): void;
  scenarioNamed(name: string): Scenario | null;
  /** For the address: the lesson and step, and what is left out of the page. */
  looks(): Pick<PageLink, "lesson" | "step" | "hide" | "embed">;
  /** For the address: a scenario of the page's own, where it is not the one that the page opens with. */
  originOf(scenario: Scenario | null): Pick<PageLink, "scenario">;
  /** For the address: what stands beside the run that is shown. */
  beside(): Besides;
  bring(link: Besides): Promise<string[]>;
  /** A file that is no trace: a lesson or a scenario. False where another file took its place. */
  openText(text: string): Promise<void>;
  /** Keeps a trace beside the present run; a sentence where it cannot be. */
  keepBeside(text: string): string | null;
  chooseLesson(): void;
}

export const firstScenario: Scenario = (scenarios[0] as LibraryScenario).scenario;

export function createStory(page: StoryPage): Story {
  const panels = panelsOf(byId("stage"));
  const curve = curvePanel(createStudy());
  const chances = chancesPanel(createStudy(), page.studied, page.changed);
  const compare = comparePanel({
    changed: page.changed,
    pinPresent,
    openFile: (file) => page.notice(file.ok ? pinText(file.text) : file.problem),
  });
  const files = createLane();
  /** What the kept run was made of; null where it was read from a file. */
  let kept: Studied | null = null;

  function pinPresent(): void {
    const scene = page.scene();
    if (scene === null) return;
    const { timeline, migration } = scene;
    kept = page.studied();
    compare.pin({ name: "pinned run", timeline, migration });
  }

  function pinText(text: string): string | null {
    const reading = readTrace(text);
    return reading.ok ? pinTrace(reading.trace, reading.trace.scenario.name) : reading.problem;
  }

  function pinTrace(trace: Trace, name: string, vm: string | null = null): string | null {
    const timeline = buildTimeline(trace);
    const looked = page.scene()?.migration.vm;
    const migration = lookAtMachine(timeline, vm ?? looked ?? null);
    if (migration === null) return "The trace holds no migration: there is nothing to compare.";
    kept = null;
    compare.pin({ name, timeline, migration });
    return null;
  }

  /** What stands beside the present run, where a link can say it. */
  function beside(): Besides {
    const present = page.studied();
    const { seeds, objectiveSeconds } = chances;
    const link: Besides = {
      ...(seeds === null ? {} : { seeds }),
      ...(objectiveSeconds === null ? {} : { objectiveSeconds }),
    };
    if (compare.pinned === null || kept === null) return link;
    const { base, vm, seed, numbers } = kept;
    const scenario = base === present?.base ? {} : nameOf(base);
    if (scenario === null) return link;
    return { ...link, kept: { ...scenario, vm, seed, numbers }, comparison: compare.form };
  }

  /** Brings back what stood beside the run that is shown; gives the fields of the link that cannot be used. */
  async function bring(link: Besides): Promise<string[]> {
    const unusable: string[] = [];
    if (link.comparison !== undefined) compare.setForm(link.comparison);
    if (link.objectiveSeconds !== undefined) chances.setObjective(link.objectiveSeconds);
    if (link.kept !== undefined) {
      const { scenario: name, vm, seed, numbers } = link.kept;
      const base = name === undefined ? page.studied()?.base : scenarioNamed(name);
      const trace = base ? await page.traceOf({ scenario: base, seed, vm, numbers }) : null;
      if (trace === null || pinTrace(trace, "pinned run", vm) !== null) unusable.push("kept");
      else kept = { base: base as Scenario, vm, seed, numbers };
    }
    if (link.seeds !== undefined) chances.run(link.seeds);
    return unusable;
  }

  function scenarioNamed(name: string): Scenario | null {
    return scenarios.find((each) => each.name === name)?.scenario ?? null;
  }

  /** A scenario of the page's own as a link names it; null for any other. */
  function nameOf(scenario: Scenario): { scenario: string } | null {
    const own = scenarios.find((each) => each.scenario === scenario);
    return own === undefined ? null : { scenario: own.name };
  }

  function openScenario(scenario: Scenario): void {
    lesson.leave();
    void page.showRun({ scenario, seed: scenario.seed, vm: null, numbers: null }, "play");
  }

  const lesson = lessonPlayer(
    {
      show: (run) => page.showRun(run, "still"),
      async compare(run, name) {
        const trace = await page.traceOf(run);
        if (trace !== null) pinTrace(trace, name);
      },
      dropComparison: () => compare.pin(null),
      seek: (t) => page.player.seek(t),
      playTo: (t, speed) => {
        if (matchMedia("(prefers-reduced-motion: reduce)").matches) page.player.seek(t);
        else page.player.playTo(t, speed);
      },
      look(names) {
        panels.only([...new Set(names.map(panelOf))]);
        page.log.choose(names.includes("event-log"));
      },
      curve(number) {
        const studied = page.studied();
        if (number === null || studied === null) curve.clear();
        else curve.show(studied, number);
      },
      seeds: (count) => chances.run(count),
      offer: (numbers) => page.panel.offer(numbers),
      left: () => curve.clear(),
      moved: page.changed,
    },
    (name) => lessons[lessons.findIndex((each) => each.name === name) + 1] ?? null,
    () => dialog.open(),
  );
  const dialog = libraryDialog(
    { lessons, scenarios },
    {
      lesson: (chosen) => void lesson.open(chosen.lesson, chosen.name, 0),
      scenario: (chosen) => openScenario(chosen.scenario),
    },
  );

  return {
    lesson,
    panels,
    runChanged(scene, moved) {
      if (isMigration(scene.migration))
        compare.present({ name: "this run", timeline: scene.timeline, migration: scene.migration });
      chances.outdated();
      const studied = page.studied();
      if (studied === null || (moved === null && lesson.place === null)) curve.clear();
      else if (moved !== null) curve.show(studied, moved);
    },
    moveTo: (t) => compare.moveTo(t),
    async openLesson(name, step) {
      const found = lessons.find((each) => each.name === name);
      if (found === undefined) return false;
      await lesson.open(found.lesson, name, step);
      return true;
    },
    openOwnLesson: (own) => void lesson.open(own, "", 0),
    scenarioNamed,
    beside,
    bring,
    looks() {
      const { hidden } = panels;
      const { place } = lesson;
      return {
        ...(place === null || place.name === "" ? {} : { lesson: place.name, step: place.step }),
        ...(hidden.length > 0 ? { hide: [...hidden] } : {}),
        ...(document.documentElement.dataset.embed === "true" ? { embed: true } : {}),
      };
    },
    originOf(scenario) {
      return scenario === null || scenario === firstScenario ? {} : (nameOf(scenario) ?? {});
    },
    async openText(text) {
      const known = Object.fromEntries(scenarios.map((each) => [each.name, each.scenario]));
      const answer = await files.ask({ kind: "read", text, known });
      if (answer.kind === "lesson") void lesson.open(answer.lesson, "", 0);
      else if (answer.kind === "scenario") openScenario(answer.scenario);
      else if (answer.kind === "refused") page.notice(answer.problems.join(" "));
      else if (answer.kind === "broken") page.notice(`The file could not be read: ${answer.message}.`);
    },
    keepBeside: pinText,
    chooseLesson: () => dialog.open(),
  };
}
