/** Joins the parts of the page: one scene, one clock, and the views that draw them. */
import { profiles, workloads } from "virtual:precopy-choices";
import { keepAddress } from "./controls/address.ts";
import { createCommands } from "./controls/commands.ts";
import { byId } from "./controls/elements.ts";
import { fillHelp, keyBindings, listenToKeys } from "./controls/keyboard.ts";
import { noticeLine } from "./controls/notice.ts";
import { isPanel } from "./controls/panels.ts";
import { createPlayer } from "./controls/player.ts";
import { playerBar } from "./controls/player-bar.ts";
import type { Studied } from "./controls/study.ts";
import { themeSwitch } from "./controls/theme.ts";
import { acceptTraceFiles, downloadTrace } from "./controls/trace-files.ts";
import { whatIfPanel } from "./controls/what-if-panel.ts";
import { verdict } from "./model/describe.ts";
import { changedVm, runKey, type WantedRun } from "./model/lesson-run.ts";
import type { MigrationTimeline } from "./model/migration-timeline.ts";
import type { MigrationSummary } from "./model/migrations.ts";
import { type PageLink, type PageScale, readPageLink } from "./model/page-link.ts";
import { fittingSpeed, slowMotionOf } from "./model/playback.ts";
import { stateAt } from "./model/state-at.ts";
import { buildTimeline, lookAtMachine } from "./model/timeline.ts";
import { looksLikeTrace, readTrace, type Trace } from "./model/trace-reader.ts";
import type { WhatIf } from "./model/what-if.ts";
import type { FieldId } from "./model/what-if-fields.ts";
import type { Scenario } from "./simulator.ts";
import { createStory, firstScenario } from "./story.ts";
import { createStage } from "./view/stage.ts";
import type { Scene } from "./view/view.ts";
import type { ScenarioChange } from "./worker/changed-scenario.ts";
import { giveUpRun, simulateTrace } from "./worker/run-in-worker.ts";

/** Wall time in which a whole timeline plays, slow motion apart. */
const WHOLE_RUN_WALL_SECONDS = 20;

/** A new run is played from its request on, or shown whole, as while a number is being moved, or left at its start. */
type Showing = "play" | "at-end" | "still";

/** Runs that are kept for going back to: a lesson has few. */
const MOST_KEPT_RUNS = 12;

/** What was opened: "run again" starts from it, not from what was last tried. */
interface Base {
  scenario: Scenario;
  seed: string;
}

export function createApp(): void {
  let scene: Scene | null = null;
  let base: Base | null = null;
  /** The changed numbers that the present run was made with. */
  let tried: WhatIf | null = null;
  /** The run that is shown, where a lesson or the list of scenarios asked for it. */
  let shownKey = "";
  const made = new Map<string, Trace>();

  const notice = noticeLine(byId("notice"));
  const addressChanged = keepAddress(currentLink);
  const player = createPlayer(draw);
  const commands = createCommands(player, () => scene);
  const bar = playerBar(player, commands);
  const stage = createStage(seekAndStop, draw);
  const panel = whatIfPanel(
    byId<HTMLFormElement>("what-if"),
    { profiles, workloads },
    {
      run: (numbers) => void tryNumbers(numbers, "play"),
      moved: (numbers, field) => void tryNumbers(numbers, "at-end", field),
    },
  );
  const theme = themeSwitch(byId("theme"), () => addressChanged());
  const pageScale = byId<HTMLSelectElement>("page-scale");

  const story = createStory({
    scene: () => scene,
    studied,
    showRun,
    traceOf,
    readTrace(text) {
      const reading = readTrace(text);
      return reading.ok ? reading.trace : reading.problem;
    },
    player,
    panel,
    notice,
    changed: addressChanged,
  });

  function draw(): void {
    if (scene === null) return;
    const state = stateAt(scene.timeline, scene.migration, player.state.t);
    stage.draw(state);
    bar.draw(state);
    story.moveTo(state.t);
    if (!player.state.playing) addressChanged();
  }

  function seekAndStop(t: number): void {
    player.pause();
    player.seek(t);
  }

  function currentLink(): PageLink | null {
    if (scene === null) return null;
    const { t, speedIndex, slowMotion } = player.state;
    const { hidden } = story.panels;
    const looks = {
      theme: theme.theme,
      pageScale: scene.pageScale,
      ...(hidden.length > 0 ? { hide: [...hidden] } : {}),
    };
    const embed = document.documentElement.dataset.embed === "true" ? { embed: true } : {};
    const { place } = story.lesson;
    // A step is its picture: what the lesson sets is not said again.
    if (place !== null && place.name !== "") return { ...looks, ...embed, lesson: place.name, step: place.step };
    const name = base === null ? null : story.nameOf(base.scenario);
    const origin = name === null || name === story.nameOf(firstScenario) ? {} : { scenario: name };
    const numbers = tried === null ? {} : { whatIf: tried };
    return { t, speedIndex, slowMotion, ...looks, ...embed, ...origin, migration: scene.migration.index, ...numbers };
  }

  /** Looks at one migration of the present trace: from its request on, playing where motion is welcome, or as it ended. */
  function showMigration(migration: MigrationTimeline, from: Showing): void {
    if (scene === null) return;
    scene = { ...scene, migration };
    const { timeline } = scene;
    const { good, text } = verdict(migration);
    byId("verdict").textContent = text;
    byId("verdict").dataset.good = String(good);
    byId<HTMLSelectElement>("migration").value = String(migration.index);
    stage.show(scene);
    const starts = { play: migration.requestedSeconds, "at-end": timeline.endSeconds, still: timeline.startSeconds };
    const t = starts[from];
    player.load(timeline.startSeconds, timeline.endSeconds, slowMotionOf(migration), t);
    if (from === "play" && !matchMedia("(prefers-reduced-motion: reduce)").matches) player.play();
  }

  /** Takes a trace in place of the present one; false where it holds nothing to play. */
  function showTrace(trace: Trace, from: Showing, vm: string | null = null): boolean {
    const timeline = buildTimeline(trace);
    const index = scene?.migration.index;
    const migration = (vm === null ? timeline.look(index ?? 0) : null) ?? lookAtMachine(timeline, vm);
    shownKey = "";
    if (migration === null) {
      notice("The trace holds no migration: nothing to play. Add a migrate entry to the scenario's timeline.");
      return false;
    }
    byId("scenario-name").textContent = timeline.name;
    document.title = `${timeline.name} – precopy`;
    scene = { timeline, migration, pageScale: pageScale.value as PageScale };
    bar.setSpan(timeline.startSeconds, timeline.endSeconds);
    offerMigrations(timeline.migrations);
    showMigration(migration, from);
    byId("cockpit").dataset.ready = "true";
    return true;
  }

  function openTrace(trace: Trace): void {
    scene = null;
    if (!showTrace(trace, "play") || scene === null) return;
    const { timeline, migration } = scene as Scene;
    base = { scenario: trace.scenario, seed: trace.header.seed };
    tried = null;
    panel.show(trace.scenario, migration.vm, trace.header.seed);
    panel.tell([]);
    player.setSpeed(fittingSpeed(timeline, WHOLE_RUN_WALL_SECONDS));
    story.runChanged(scene, null);
  }

  function offerMigrations(migrations: readonly MigrationSummary[]): void {
    byId("migration").replaceChildren(
      ...migrations.map((each) => new Option(`${each.vm}: ${each.from} → ${each.to}`, String(each.index))),
    );
    byId("migration-choice").hidden = migrations.length < 2;
  }

  /** Simulates beside the page; null where the scenario is refused, the run fails or another took its place. */
  async function simulated(change: ScenarioChange, seed: string): Promise<Trace | null> {
    notice(null);
    const answer = await simulateTrace({ ...change, seed });
    if (answer.kind === "given-up") return null;
    panel.setRunning(false);
    if (answer.kind === "done") return answer.trace;
    if (answer.kind === "refused") panel.tell(answer.problems);
    else notice(`The simulation failed: ${answer.message}. This is a defect of precopy.`);
    return null;
  }

  async function tryNumbers(numbers: WhatIf, from: Showing, field: FieldId | null = null): Promise<void> {
    if (base === null || scene === null) return;
    if (from === "play") panel.setRunning(true);
    const trace = await simulated({ base: base.scenario, vm: scene.migration.vm, numbers }, numbers.seed);
    if (trace === null) return;
    tried = numbers;
    if (showTrace(trace, from)) story.runChanged(scene, field);
  }

  /** A run's trace: one that was made before, or simulated now. */
  async function traceOf(run: WantedRun): Promise<Trace | null> {
    const key = runKey(run);
    const known = made.get(key);
    if (known !== undefined) return known;
    const { scenario, vm, numbers, seed } = run;
    const trace = await simulated({ base: scenario, vm: changedVm(scenario, vm), numbers }, seed);
    if (trace === null) return null;
    if (made.size >= MOST_KEPT_RUNS) made.delete(made.keys().next().value as string);
    made.set(key, trace);
    return trace;
  }

  async function showRun(run: WantedRun, from: Showing): Promise<Scene | null> {
    const key = runKey(run);
    if (key === shownKey && scene !== null && (run.vm === null || run.vm === scene.migration.vm)) {
      player.pause();
      return scene;
    }
    const trace = await traceOf(run);
    if (trace === null) return null;
    scene = null;
    if (!showTrace(trace, from, run.vm) || scene === null) return null;
    const shown = scene as Scene;
    shownKey = key;
    base = { scenario: run.scenario, seed: run.seed };
    tried = run.numbers;
    panel.show(run.scenario, shown.migration.vm, run.seed);
    if (run.numbers !== null) panel.fill(run.numbers);
    panel.tell([]);
    player.setSpeed(fittingSpeed(shown.timeline, WHOLE_RUN_WALL_SECONDS));
    story.runChanged(shown, null);
    return shown;
  }

  /** What is on the page, as something that can be asked again. */
  function studied(): Studied | null {
    if (scene === null || base === null) return null;
    return { base: base.scenario, vm: scene.migration.vm, numbers: tried, seed: tried?.seed ?? base.seed };
  }

  /** A file: a trace, or else a lesson or a scenario. */
  function openFile(text: string): void {
    if (looksLikeTrace(text)) openText(text);
    else void story.openText(text);
  }

  function openText(text: string): void {
    const reading = readTrace(text);
    if (!reading.ok) {
      notice(reading.problem);
      return;
    }
    giveUpRun();
    story.lesson.leave();
    panel.setRunning(false);
    notice(reading.warning);
    openTrace(reading.trace);
  }

  function lookAt(index: number): void {
    const chosen = scene?.timeline.look(index) ?? null;
    if (chosen === null || base === null || chosen === scene?.migration) return;
    panel.show(base.scenario, chosen.vm, base.seed);
    showMigration(chosen, "play");
  }

  async function start(link: PageLink): Promise<void> {
    if (link.theme !== undefined) theme.set(link.theme);
    if (link.pageScale !== undefined) pageScale.value = link.pageScale;
    if (link.slowMotion !== undefined) player.setSlowMotion(link.slowMotion);
    if (link.hide !== undefined) story.panels.hide(link.hide.filter(isPanel));
    if (link.embed === true) document.documentElement.dataset.embed = "true";
    const embedded = byId("precopy-trace").textContent ?? "";
    if (embedded.trim() !== "") openText(embedded);
    else {
      if (link.lesson !== undefined && (await story.openLesson(link.lesson, link.step ?? 0))) return;
      const scenario = story.scenarioNamed(link.scenario ?? "") ?? firstScenario;
      await showRun({ scenario, seed: scenario.seed, vm: null, numbers: null }, "play");
    }
    if (link.migration !== undefined) lookAt(link.migration);
    if (link.whatIf !== undefined) {
      panel.fill(link.whatIf);
      await tryNumbers(link.whatIf, "play");
    }
    if (link.speedIndex !== undefined) player.setSpeed(link.speedIndex);
    // A link to a moment shows that moment.
    if (link.t !== undefined) seekAndStop(link.t);
  }

  const help = byId<HTMLDialogElement>("help");
  const { lesson } = story;
  const bindings = keyBindings({
    ...commands,
    // In a lesson, and with a presenter's remote, these tell the story.
    nextRound: () => (lesson.place === null ? commands.nextRound() : lesson.next()),
    previousRound: () => (lesson.place === null ? commands.previousRound() : lesson.back()),
    openLessons: story.chooseLesson,
    switchTheme: theme.turn,
    openHelp: () => help.showModal(),
  });
  fillHelp(byId("help-keys"), bindings);
  listenToKeys(bindings);
  byId("open-help").addEventListener("click", () => help.showModal());
  byId("download-trace").addEventListener("click", () => scene !== null && downloadTrace(scene.timeline.trace));
  acceptTraceFiles(byId("open-trace"), byId<HTMLInputElement>("trace-file"), openFile);
  pageScale.addEventListener("change", () => {
    if (scene === null) return;
    scene = { ...scene, pageScale: pageScale.value as PageScale };
    stage.show(scene);
    draw();
  });
  byId("migration").addEventListener("change", (event) => lookAt(Number((event.target as HTMLSelectElement).value)));
  void start(readPageLink(location.hash));
}
