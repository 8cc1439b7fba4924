/** What the page opens with: the trace that is embedded in it, what the command line serves, or what the address names. */
import { byId } from "./controls/elements.ts";
import { type Follower, followTrace } from "./controls/follow-trace.ts";
import type { Notice } from "./controls/notice.ts";
import { pageSource } from "./controls/page-source.ts";
import { isPanel } from "./controls/panels.ts";
import type { Player } from "./controls/player.ts";
import type { ThemeSwitch } from "./controls/theme.ts";
import type { WhatIfPanel } from "./controls/what-if-panel.ts";
import type { Zoom } from "./controls/zoom-bar.ts";
import type { WantedRun } from "./model/lesson-run.ts";
import { type LinkReading, type PageLink, unusableSentence } from "./model/page-link.ts";
import type { WhatIf } from "./model/what-if.ts";
import type { Scenario } from "./simulator.ts";
import { firstScenario, type Story } from "./story.ts";
import type { LogChoice } from "./view/what-happens.ts";

/** What opening sets and calls. */
export interface OpeningPage {
  readonly theme: ThemeSwitch;
  readonly pageScale: HTMLSelectElement;
  readonly player: Player;
  readonly story: Story;
  readonly panel: WhatIfPanel;
  readonly zoom: Zoom;
  readonly log: LogChoice;
  readonly notice: Notice;
  /** Opens a trace; gives what is to be said of it, or why there is nothing to see. */
  openText(text: string): string | null;
  /**
   * What shows a trace that is still being written.
   * @param ended told at its end what there is to say of it
   */
  live(ended: (said: string | null) => void): Follower;
  /** Whether there is a run to look at. */
  opened(): boolean;
  play(run: WantedRun): Promise<unknown>;
  tryNumbers(numbers: WhatIf): Promise<void>;
  /** False where the trace has no such migration. */
  lookAt(migration: number): boolean;
  seekAndStop(t: number): void;
}

/** Opens what there is, then brings it to where the link left it. */
export async function openAtStart({ link, problem }: LinkReading, page: OpeningPage): Promise<void> {
  setLooks(link, page);
  if (!(await openSource(link, page))) return;
  const unusable = await restore(link, page);
  const said = [problem, unusable.length === 0 ? null : unusableSentence(unusable)].filter((each) => each !== null);
  // What is wrong with the trace matters more.
  if (said.length > 0 && byId("notice").hidden) page.notice(said.join(" "));
}

/** Brings what was opened to where the link left it; gives the fields that cannot be used with it. */
async function restore(link: PageLink, page: OpeningPage): Promise<string[]> {
  const unusable: string[] = [];
  if (link.scenario !== undefined && page.story.scenarioNamed(link.scenario) === null) unusable.push("scenario");
  if (link.lesson !== undefined) unusable.push("lesson");
  if (link.migration !== undefined && !page.lookAt(link.migration)) unusable.push("migration");
  if (link.whatIf !== undefined) {
    page.panel.fill(link.whatIf);
    await page.tryNumbers(link.whatIf);
  }
  unusable.push(...(await page.story.bring(link)));
  if (link.eventLog === true) page.log.choose(true);
  if (link.zoom !== undefined && !page.zoom.restore(link.zoom)) unusable.push("zoom");
  if (link.speedIndex !== undefined) page.player.setSpeed(link.speedIndex);
  // A link to a moment shows that moment.
  if (link.t !== undefined) page.seekAndStop(link.t);
  return unusable;
}

function setLooks(link: PageLink, { theme, pageScale, player, story }: OpeningPage): void {
  if (link.theme !== undefined) theme.set(link.theme);
  if (link.pageScale !== undefined) pageScale.value = link.pageScale;
  if (link.slowMotion !== undefined) player.setSlowMotion(link.slowMotion);
  if (link.hide !== undefined) story.panels.hide(link.hide.filter(isPanel));
  if (link.embed === true) document.documentElement.dataset.embed = "true";
}

/** False where what was opened says by itself which moment is shown: a step of a lesson, a trace that still grows. */
async function openSource(link: PageLink, page: OpeningPage): Promise<boolean> {
  const { story } = page;
  const embedded = byId("precopy-trace").textContent ?? "";
  const source = pageSource();
  if (embedded.trim() !== "") {
    await tell(page.openText(embedded), page);
  } else if (source?.kind === "lesson") story.openOwnLesson(source.lesson);
  else if (source?.kind === "follow") {
    void followTrace(
      source.path,
      page.live((said) => void tell(said, page)),
    );
    return false;
  } else if (source?.kind === "scenario") {
    const { scenario, seed } = source;
    await page.play({ scenario, seed, vm: null, numbers: null });
  } else {
    if (link.lesson !== undefined && (await story.openLesson(link.lesson, link.step ?? 0))) return false;
    const scenario = story.scenarioNamed(link.scenario ?? "") ?? firstScenario;
    await page.play(runOf(scenario));
  }
  return true;
}

/** Says what there is to say of a trace; whatever is wrong with it, there is something to look at. */
async function tell(said: string | null, page: OpeningPage): Promise<void> {
  if (!page.opened()) await page.play(runOf(firstScenario));
  page.notice(said);
}

/** A scenario as it is written. */
function runOf(scenario: Scenario): WantedRun {
  return { scenario, seed: scenario.seed, vm: null, numbers: null };
}
