/** Joins the parts of the page: one scene, one clock, and the views that draw them. */
import { profiles, workloads } from "virtual:precopy-choices";
import { keepAddress } from "./controls/address.ts";
import { createCommands } from "./controls/commands.ts";
import { byId } from "./controls/elements.ts";
import { offerExports } from "./controls/export.ts";
import { fillHelp, keyBindings, listenToKeys } from "./controls/keyboard.ts";
import { liveBar } from "./controls/live-bar.ts";
import { migrationChoice } from "./controls/migration-choice.ts";
import { noticeLine } from "./controls/notice.ts";
import { createPlayer } from "./controls/player.ts";
import { playerBar } from "./controls/player-bar.ts";
import type { Studied } from "./controls/study.ts";
import { termsDialog } from "./controls/terms-dialog.ts";
import { themeSwitch } from "./controls/theme.ts";
import { acceptTraceFiles, downloadTrace } from "./controls/trace-files.ts";
import { whatIfPanel } from "./controls/what-if-panel.ts";
import { createZoom } from "./controls/zoom-bar.ts";
import { growingRun } from "./growing-run.ts";
import { linkOf } from "./link-of.ts";
import { liveTrace } from "./live-trace.ts";
import { createMadeRuns } from "./made-runs.ts";
import { runKey, type WantedRun } from "./model/lesson-run.ts";
import type { MigrationTimeline } from "./model/migration-timeline.ts";
import { isMigration, noMigration } from "./model/no-migration.ts";
import { type PageLink, type PageScale, readPageLink } from "./model/page-link.ts";
import { fittingSpeed, slowMotionOf } from "./model/playback.ts";
import { runVerdict, verdictSoFar } from "./model/run-verdict.ts";
import { stateAt } from "./model/state-at.ts";
import { buildTimeline, lookAtMachine, type Timeline } from "./model/timeline.ts";
import { looksLikeTrace, readTrace, type Trace } from "./model/trace-reader.ts";
import { type Verdict, verdict } from "./model/verdict.ts";
import type { WhatIf } from "./model/what-if.ts";
import type { FieldId } from "./model/what-if-fields.ts";
import { openAtStart } from "./open-at-start.ts";
import type { Scenario } from "./simulator.ts";
import { createStory } from "./story.ts";
import { createStage } from "./view/stage.ts";
import { showVerdict } from "./view/verdict-line.ts";
import type { Scene } from "./view/view.ts";
import { giveUpRun, warmUp } from "./worker/run-in-worker.ts";

/** Wall time in which a whole timeline plays, slow motion apart. */
const WHOLE_RUN_WALL_SECONDS = 20;

/** Played from the request on, or shown whole, as while a number is being moved, or left at its start, or at this moment. */
type Showing = "play" | "at-end" | "still" | "here";

const NO_EVENTS = "The trace holds no events: nothing to play.";

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

  const notice = noticeLine(byId("notice"));
  const addressChanged = keepAddress(() => currentLink());
  const player = createPlayer(draw);
  const commands = createCommands(player, () => scene);
  const bar = playerBar(player, commands);
  const zoom = createZoom(
    () => scene,
    () => player.state.t,
    () => {
      draw();
      addressChanged();
    },
  );
  const stage = createStage(seekAndStop, zoom.choose, (index) => lookAt(index, "here"), draw, addressChanged);
  const panel = whatIfPanel(
    byId<HTMLFormElement>("what-if"),
    { profiles, workloads },
    {
      run: (numbers) => void tryNumbers(numbers, "play"),
      moved: (numbers, field) => void tryNumbers(numbers, "at-end", field),
    },
  );
  const { simulated, traceOf } = createMadeRuns(panel, notice);
  const choice = migrationChoice(lookAt);
  const theme = themeSwitch(byId("theme"), () => addressChanged());
  const pageScale = byId<HTMLSelectElement>("page-scale");

  const growing = growingRun({
    scene: () => scene,
    scenario: () => base?.scenario ?? null,
    player,
    open: openTimeline,
    update(timeline, from) {
      showTimeline(timeline, from);
      return scene;
    },
    migrates({ vm }) {
      if (base !== null) offerNumbers(base.scenario, vm, base.seed);
    },
    changed: (shown) => story.runChanged(shown, null),
  });
  const liveLine = liveBar(growing.toEnd);

  const story = createStory({
    scene: () => scene,
    studied,
    showRun,
    traceOf,
    player,
    log: stage.log,
    panel,
    notice,
    changed: addressChanged,
  });

  function draw(): void {
    if (scene === null) return;
    const state = stateAt(scene.timeline, scene.migration, player.state.t);
    if (player.state.playing) zoom.follow(state.t);
    stage.showSpan(zoom.span);
    stage.draw(state);
    bar.draw(state);
    story.moveTo(state.t);
    liveLine.moved(growing.isGrowing(scene.timeline) && state.t >= scene.timeline.endSeconds);
    if (!player.state.playing) addressChanged();
  }

  function seekAndStop(t: number): void {
    player.pause();
    player.seek(t);
  }

  const currentLink = (): PageLink | null =>
    scene === null ? null : linkOf({ scene, player, zoom, story, log: stage.log, theme: theme.theme, base, tried });

  function verdictOf(timeline: Timeline, migration: MigrationTimeline): Verdict {
    if (isMigration(migration)) return verdict(migration);
    return growing.isGrowing(timeline) ? verdictSoFar(timeline) : runVerdict(timeline);
  }

  /** Looks at one migration of the present trace: from its request on, playing where motion is welcome, or as it ended. */
  function showMigration(migration: MigrationTimeline, from: Showing): void {
    if (scene === null) return;
    scene = { ...scene, migration };
    const { timeline } = scene;
    showVerdict(byId("verdict"), verdictOf(timeline, migration));
    choice.show(timeline.migrations, migration.index);
    stage.show(scene);
    const { startSeconds: still, endSeconds } = timeline;
    const starts = { play: migration.requestedSeconds, "at-end": endSeconds, still, here: player.state.t };
    player.load(still, endSeconds, slowMotionOf(migration), starts[from]);
    if (from === "play" && !matchMedia("(prefers-reduced-motion: reduce)").matches) player.play();
  }

  /** Takes a trace in place of the present one; false where it holds nothing to play. */
  function showTrace(trace: Trace, from: Showing, vm: string | null = null): boolean {
    return showTimeline(buildTimeline(trace), from, vm);
  }

  function showTimeline(timeline: Timeline, from: Showing, vm: string | null = null): boolean {
    const { trace } = timeline;
    const index = scene?.migration.index;
    const looked = (vm === null ? timeline.look(index ?? 0) : null) ?? lookAtMachine(timeline, vm);
    shownKey = "";
    if (timeline.eventTimes.length === 0 && !growing.isGrowing(timeline)) {
      notice(NO_EVENTS);
      return false;
    }
    const migration = looked ?? noMigration(trace);
    story.panels.migrates(looked !== null);
    byId("scenario-name").textContent = timeline.name;
    document.title = `${timeline.name} – precopy`;
    if (scene === null) zoom.choose(null);
    const { startSeconds, endSeconds } = timeline;
    scene = { timeline, migration, pageScale: pageScale.value as PageScale, span: { startSeconds, endSeconds } };
    zoom.refit();
    bar.setSpan(timeline.startSeconds, timeline.endSeconds);
    showMigration(migration, from);
    byId("cockpit").dataset.ready = "true";
    return true;
  }

  function openTrace(trace: Trace): void {
    openTimeline(buildTimeline(trace), "play");
  }

  function openTimeline(timeline: Timeline, from: Showing): void {
    scene = null;
    if (!showTimeline(timeline, from) || scene === null) return;
    const { trace } = timeline;
    const { migration } = scene as Scene;
    base = { scenario: trace.scenario, seed: trace.header.seed };
    tried = null;
    if (isMigration(migration)) offerNumbers(trace.scenario, migration.vm, trace.header.seed);
    panel.tell([]);
    player.setSpeed(fittingSpeed(timeline, WHOLE_RUN_WALL_SECONDS));
    story.runChanged(scene, null);
  }

  function offerNumbers(scenario: Scenario, vm: string, seed: string): void {
    panel.show(scenario, vm, seed);
    void warmUp(scenario, vm);
  }

  async function tryNumbers(numbers: WhatIf, from: Showing, field: FieldId | null = null): Promise<void> {
    if (base === null || scene === null || !isMigration(scene.migration)) return;
    if (from === "play") panel.setRunning(true);
    const trace = await simulated({ base: base.scenario, vm: scene.migration.vm, numbers }, numbers.seed);
    if (trace === null) return;
    tried = numbers;
    if (showTrace(trace, from)) story.runChanged(scene, field);
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
    if (isMigration(shown.migration)) offerNumbers(run.scenario, shown.migration.vm, run.seed);
    if (run.numbers !== null) panel.fill(run.numbers);
    panel.tell([]);
    player.setSpeed(fittingSpeed(shown.timeline, WHOLE_RUN_WALL_SECONDS));
    story.runChanged(shown, null);
    return shown;
  }

  /** What is on the page, as something that can be asked again. */
  function studied(): Studied | null {
    if (scene === null || base === null || !isMigration(scene.migration)) return null;
    return { base: base.scenario, vm: scene.migration.vm, numbers: tried, seed: tried?.seed ?? base.seed };
  }

  /** A file: a trace, or else a lesson or a scenario. */
  function openFile(text: string): void {
    if (looksLikeTrace(text)) notice(openText(text));
    else void story.openText(text);
  }

  /** Opens a trace; gives what is to be said of it, or why the page stays as it was. */
  function openText(text: string): string | null {
    const reading = readTrace(text);
    if (!reading.ok) return reading.problem;
    if (reading.trace.events.length === 0) return NO_EVENTS;
    giveUpRun();
    story.lesson.leave();
    panel.setRunning(false);
    openTrace(reading.trace);
    return reading.warning;
  }

  /** False where the trace has no such migration. */
  function lookAt(index: number, from: Showing = "play"): boolean {
    const chosen = scene?.timeline.look(index) ?? null;
    if (chosen === null || base === null || chosen === scene?.migration) return chosen !== null;
    panel.show(base.scenario, chosen.vm, base.seed);
    showMigration(chosen, from);
    if (scene !== null) story.runChanged(scene, null);
    return true;
  }

  const help = byId<HTMLDialogElement>("help");
  const bindings = keyBindings({
    ...commands,
    ...zoom,
    // In a lesson, and with a presenter's remote, these tell the story.
    nextRound: () => (story.lesson.place === null ? commands.nextRound() : story.lesson.next()),
    previousRound: () => (story.lesson.place === null ? commands.previousRound() : story.lesson.back()),
    openLessons: story.chooseLesson,
    switchTheme: theme.turn,
    openHelp: () => help.showModal(),
  });
  fillHelp(byId("help-keys"), bindings);
  listenToKeys(bindings);
  const charts = ["nodes", "sketch", "blackout", "time", "run", "rounds", "memory"].map((name) => `.${name}-panel`);
  offerExports(document.querySelectorAll<HTMLElement>(charts.join()));
  termsDialog(byId<HTMLDialogElement>("terms"), byId("terms-list"));
  byId("open-help").addEventListener("click", () => help.showModal());
  byId("download-trace").addEventListener("click", () => scene !== null && downloadTrace(scene.timeline.trace));
  const files = { open: openFile, beside: story.keepBeside, notice };
  acceptTraceFiles(byId("open-trace"), byId<HTMLInputElement>("trace-file"), files);
  pageScale.addEventListener("change", () => {
    if (scene === null) return;
    scene = { ...scene, pageScale: pageScale.value as PageScale };
    stage.show(scene);
    draw();
  });
  void openAtStart(readPageLink(location.hash), {
    theme,
    pageScale,
    player,
    story,
    panel,
    zoom,
    log: stage.log,
    notice,
    openText,
    opened: () => scene !== null,
    live: (ended) =>
      liveTrace({
        bar: liveLine,
        show: growing.show,
        ended: (said) => ended(growing.isEmpty ? NO_EVENTS : said),
        refused: notice,
      }),
    play: (run) => showRun(run, "play"),
    tryNumbers: (numbers) => tryNumbers(numbers, "play"),
    lookAt,
    seekAndStop,
  });
}
