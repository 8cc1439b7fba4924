/** Joins the parts of the page: one scene, one clock, and the views that draw them. */
import exampleScenario from "../examples/hyper-v-2008r2-web-server.yaml?scenario";
import { createCommands } from "./controls/commands.ts";
import { byId } from "./controls/elements.ts";
import { fillHelp, keyBindings, listenToKeys } from "./controls/keyboard.ts";
import { createPlayer } from "./controls/player.ts";
import { playerBar } from "./controls/player-bar.ts";
import { themeSwitch } from "./controls/theme.ts";
import { acceptTraceFiles, downloadTrace } from "./controls/trace-files.ts";
import { whatIfPanel } from "./controls/what-if-panel.ts";
import { verdict } from "./model/describe.ts";
import { fittingSpeed, slowMotionOf } from "./model/playback.ts";
import { stateAt } from "./model/state-at.ts";
import { buildTimeline, type MigrationTimeline } from "./model/timeline.ts";
import { readTrace, type Trace } from "./model/trace-reader.ts";
import { applyWhatIf } from "./model/what-if.ts";
import { profileChoices } from "./profile-choices.ts";
import { SCHEMA_VERSION, type Scenario } from "./simulator.ts";
import { blackoutView } from "./view/blackout.ts";
import { clusterSketchView } from "./view/cluster-sketch.ts";
import { dirtyPagesView } from "./view/dirty-pages.ts";
import { eventLogView } from "./view/event-log.ts";
import { lanesView } from "./view/lanes.ts";
import type { PageScale } from "./view/page-scale.ts";
import { readoutsView } from "./view/readouts.ts";
import { roundsView } from "./view/rounds.ts";
import { remPixels } from "./view/svg.ts";
import type { Scene, View } from "./view/view.ts";
import { runInWorker } from "./worker/run-in-worker.ts";

/** Wall time in which a whole timeline plays, slow motion apart. */
const WHOLE_RUN_WALL_SECONDS = 20;

export function createApp(): void {
  let scene: Scene | null = null;
  /** The scenario that "run again" starts from: what was opened, not what was last tried. */
  let base: { scenario: Scenario; seed: string } | null = null;

  const player = createPlayer(() => draw());
  const commands = createCommands(player, () => scene);
  const bar = playerBar(player, commands);
  const seek = (t: number): void => player.seek(t);
  const seekAndStop = (t: number): void => {
    player.pause();
    player.seek(t);
  };
  const placed: [View, HTMLElement][] = [
    [readoutsView(byId("readouts")), byId("readouts")],
    [clusterSketchView(byId("sketch")), byId("sketch")],
    [blackoutView(byId("blackout"), seekAndStop), byId("blackout")],
    [lanesView(byId("lanes"), seekAndStop), byId("lanes")],
    [dirtyPagesView(byId("dirty-pages"), seekAndStop), byId("dirty-pages")],
    [roundsView(byId("rounds")), byId("rounds")],
    [eventLogView(byId("event-log"), seek), byId("event-log")],
  ];
  const panel = whatIfPanel(byId<HTMLFormElement>("what-if"), profileChoices, (numbers) => {
    if (base === null || scene === null) return;
    void simulateAndShow(applyWhatIf(base.scenario, scene.migration.vm, numbers), numbers.seed, "rerun");
  });

  function draw(): void {
    if (scene === null) return;
    const state = stateAt(scene.timeline, scene.migration, player.state.t);
    for (const [view] of placed) view.draw(state);
    bar.draw(state);
  }

  let laidOut = "";
  /** Lays the charts out at their present sizes; `force` where what they show has changed. */
  function layOut(force: boolean): void {
    if (scene === null) return;
    const rem = remPixels();
    const widths = placed.map(([, element]) => element.clientWidth);
    const key = `${rem} ${widths.join(" ")}`;
    if (!force && key === laidOut) return;
    laidOut = key;
    for (const [index, [view]] of placed.entries())
      view.layOut(scene, { width: Math.max(widths[index] ?? 0, 200), rem });
    draw();
  }

  function showMigration(migration: MigrationTimeline): void {
    if (scene === null) return;
    scene = { ...scene, migration };
    const { good, text } = verdict(migration);
    const line = byId("verdict");
    line.textContent = text;
    line.dataset.good = String(good);
    const { timeline } = scene;
    player.load(timeline.startSeconds, timeline.endSeconds, slowMotionOf(migration));
    player.seek(migration.requestedSeconds);
    layOut(true);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) player.play();
  }

  function show(trace: Trace, from: "opened" | "rerun"): void {
    const timeline = buildTimeline(trace);
    const migration = timeline.migrations[0];
    if (migration === undefined) {
      notice("The trace holds no migration: nothing to play. Add a migrate entry to the scenario's timeline.");
      return;
    }
    if (from === "opened") base = { scenario: trace.scenario, seed: trace.header.seed };
    byId("scenario-name").textContent = timeline.name;
    document.title = `${timeline.name} – precopy`;
    scene = { timeline, migration, pageScale: byId<HTMLSelectElement>("page-scale").value as PageScale };
    bar.setSpan(timeline.startSeconds, timeline.endSeconds);
    offerMigrations(timeline.migrations);
    if (from === "opened") {
      panel.show(trace.scenario, migration.vm, trace.header.seed);
      player.setSpeed(fittingSpeed(timeline, WHOLE_RUN_WALL_SECONDS));
    }
    showMigration(migration);
    byId("cockpit").dataset.ready = "true";
  }

  function offerMigrations(migrations: readonly MigrationTimeline[]): void {
    const choice = byId<HTMLSelectElement>("migration");
    choice.replaceChildren(
      ...migrations.map((each) => new Option(`${each.vm}: ${each.from} → ${each.to}`, String(each.index))),
    );
    byId("migration-choice").hidden = migrations.length < 2;
  }

  async function simulateAndShow(scenario: Scenario, seed: string, from: "opened" | "rerun"): Promise<void> {
    panel.setRunning(true);
    notice(null);
    const answer = await runInWorker({ scenario, seed });
    if (answer === null) return;
    panel.setRunning(false);
    if (answer.kind === "refused") panel.tell(answer.problems);
    else if (answer.kind === "broken") notice(`The simulation failed: ${answer.message}. This is a defect of precopy.`);
    else {
      const { result, events } = answer;
      const t = events.at(-1)?.t ?? 0;
      const header = {
        type: "header" as const,
        schemaVersion: SCHEMA_VERSION as 1,
        engineVersion: result.engineVersion,
        scenario: { ...answer.scenario },
        seed: answer.seed,
      };
      show({ header, scenario: answer.scenario, events, end: { type: "end", t, result } }, from);
    }
  }

  function openText(text: string): void {
    const reading = readTrace(text);
    if (!reading.ok) {
      notice(reading.problem);
      return;
    }
    notice(reading.warning);
    show(reading.trace, "opened");
  }

  function notice(text: string | null): void {
    const place = byId("notice");
    place.textContent = text ?? "";
    place.hidden = text === null;
  }

  const help = byId<HTMLDialogElement>("help");
  const switchTheme = themeSwitch(byId("theme"));
  const bindings = keyBindings({ ...commands, switchTheme, openHelp: () => help.showModal() });
  fillHelp(byId("help-keys"), bindings);
  listenToKeys(bindings);
  byId("open-help").addEventListener("click", () => help.showModal());
  byId("download-trace").addEventListener("click", () => scene !== null && downloadTrace(scene.timeline.trace));
  acceptTraceFiles(byId("open-trace"), byId<HTMLInputElement>("trace-file"), openText);
  byId("page-scale").addEventListener("change", (event) => {
    if (scene === null) return;
    scene = { ...scene, pageScale: (event.target as HTMLSelectElement).value as PageScale };
    layOut(true);
  });
  byId("migration").addEventListener("change", (event) => {
    const index = Number((event.target as HTMLSelectElement).value);
    const chosen = scene?.timeline.migrations.find((each) => each.index === index);
    if (chosen === undefined || base === null) return;
    panel.show(base.scenario, chosen.vm, base.seed);
    showMigration(chosen);
  });
  const watcher = new ResizeObserver(() => layOut(false));
  for (const [, element] of placed) watcher.observe(element);

  const embedded = byId("precopy-trace").textContent ?? "";
  if (embedded.trim() !== "") openText(embedded);
  else void simulateAndShow(exampleScenario, exampleScenario.seed, "opened");
}
