/** The numbers that stay in sight: time, round, dirty pages, link, blackout and client outage so far. */
import { formatBytes, formatCount, formatMoment, formatRate, formatSeconds, formatShare } from "../model/format.ts";
import type { MigrationState, Phase } from "../model/state-at.ts";
import type { TermId } from "../model/terms.ts";
import { wordsFor } from "../model/words-for.ts";
import { explainElement } from "./explain-card.ts";
import { PART_NAMES } from "./part-names.ts";
import type { View } from "./view.ts";

const PHASES: Readonly<Record<Phase, string>> = {
  waiting: "not started",
  setup: "setting up",
  round: "pre-copy",
  blackout: "blackout",
  "post-copy": "post-copy",
  cleanup: "cleaning up",
  ended: "ended",
  none: "nothing migrates",
};

interface Readout {
  id: string;
  name: string;
  term: TermId;
  /** Says something of a run without a migration too. */
  ofEveryRun?: true;
  value(state: MigrationState): string;
  detail(state: MigrationState): string;
  alarm?(state: MigrationState): boolean;
}

const READOUTS: readonly Readout[] = [
  {
    id: "time",
    term: "time",
    ofEveryRun: true,
    name: "Simulated time",
    value: (state) => formatMoment(state.t),
    detail: (state) => (state.part === null ? PHASES[state.phase] : wordsFor(PART_NAMES, state.part)),
  },
  {
    id: "round",
    term: "round",
    name: "Round",
    value: (state) => (state.round === null ? "—" : state.round.final ? "final" : String(state.round.round)),
    detail: (state) => `${formatBytes(state.transferredBytes)} sent`,
  },
  {
    id: "dirty",
    term: "dirty",
    name: "Dirty pages",
    value: (state) => formatCount(state.dirtyPages),
    detail: (state) => (state.dirtyPages > 0 ? `${formatBytes(state.dirtyBytes)} to send` : "none to send"),
  },
  {
    id: "link",
    term: "link",
    name: "Link use",
    value: (state) => formatShare(state.linkShare),
    detail: (state) => formatRate(state.linkBytesPerSecond),
  },
  {
    id: "blackout",
    term: "blackout",
    name: "Blackout so far",
    value: (state) => formatSeconds(state.blackoutSeconds),
    detail: (state) => (state.stopped ? "guest stands still" : "guest runs"),
    alarm: (state) => state.stopped,
  },
  {
    id: "outage",
    term: "outage",
    name: "Client outage so far",
    value: (state) => formatSeconds(state.clientOutageSeconds),
    detail: (state) =>
      state.clientsWaiting.length > 0 ? `${formatCount(state.lostPings)} lost, waiting` : "answers arrive",
    alarm: (state) => state.clientsWaiting.length > 0,
  },
];

export function readoutsView(list: HTMLElement): View {
  const cells = READOUTS.map((readout) => {
    const item = document.createElement("div");
    item.id = `readout-${readout.id}`;
    // There from the start, so that a moment's picture does not tell whether there was an alarm before.
    item.className = "";
    item.toggleAttribute("data-of-migration", readout.ofEveryRun !== true);
    const name = document.createElement("dt");
    const term = document.createElement("button");
    term.type = "button";
    term.className = "term";
    term.textContent = readout.name;
    name.append(term);
    const value = document.createElement("dd");
    value.className = "value";
    const detail = document.createElement("dd");
    detail.className = "detail";
    item.append(name, value, detail);
    explainElement(term, () => ({
      title: readout.name,
      rows: [["now", `${value.textContent}, ${detail.textContent}`]],
      term: readout.term,
    }));
    return { readout, item, value, detail };
  });
  list.replaceChildren(...cells.map((cell) => cell.item));
  return {
    layOut() {},
    draw(state) {
      for (const { readout, item, value, detail } of cells) {
        value.textContent = readout.value(state);
        detail.textContent = readout.detail(state);
        item.classList.toggle("alarm", readout.alarm?.(state) ?? false);
      }
    },
  };
}
