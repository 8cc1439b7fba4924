/** What happens, as two lists to choose from: every event of the trace, or what the hypervisors' own logs would hold of it. */
import { byId } from "../controls/elements.ts";
import { bisectRight } from "../model/bisect.ts";
import { describeEvent, eventSubject } from "../model/describe.ts";
import type { EventList } from "../model/event-list.ts";
import type { MigrationState } from "../model/state-at.ts";
import { type EventLogEntry, eventLogOf } from "../simulator.ts";
import { type Lines, lineList } from "./line-list.ts";
import type { View } from "./view.ts";

/** Which of the two lists is shown. */
export interface LogChoice {
  /** The event log of the hypervisors, not all events. */
  readonly hypervisors: boolean;
  choose(hypervisors: boolean): void;
}

/** @param changed called when a reader chooses the other list */
export function whatHappensView(seek: (t: number) => void, changed: () => void): View & { readonly log: LogChoice } {
  const all = { list: byId("event-log"), choice: byId("choose-events") };
  const logged = { list: byId("hypervisor-log"), choice: byId("choose-hypervisor-log") };
  const nothing = byId("hypervisor-log-nothing");
  const allLines = lineList(all.list, seek);
  const loggedLines = lineList(logged.list, seek);
  let events: EventList | null = null;
  let shown = 0;
  let state: MigrationState | null = null;
  /** Made when it is first looked at: it takes the whole trace. */
  let entries: EventLogEntry[] | null = null;
  let chosen = all;

  function choose(which: typeof all): void {
    chosen = which;
    for (const each of [all, logged]) each.choice.setAttribute("aria-pressed", String(each === which));
    lay();
    if (state !== null) draw(state);
    (which === all ? allLines : loggedLines).scroll();
  }

  function lay(): void {
    if (chosen === logged && entries === null && events !== null) {
      entries = eventLogOf(events);
      loggedLines.show(linesOfLog(entries));
    }
    const empty = entries?.length === 0;
    all.list.hidden = chosen !== all;
    logged.list.hidden = chosen !== logged || empty;
    nothing.hidden = chosen !== logged || !empty;
  }

  function draw(next: MigrationState): void {
    state = next;
    allLines.mark(next.eventIndex);
    if (chosen === logged) loggedLines.mark(bisectRight(entries ?? [], next.t, (entry) => entry.t) - 1);
  }

  for (const each of [all, logged]) {
    each.choice.addEventListener("click", () => {
      choose(each);
      changed();
    });
  }
  return {
    log: {
      get hypervisors() {
        return chosen === logged;
      },
      choose: (hypervisors) => choose(hypervisors ? logged : all),
    },
    layOut({ timeline }) {
      const { events: next } = timeline.trace;
      // A trace that is still being written keeps its list, which grows.
      if (events === next && shown === next.length) return;
      events = next;
      shown = next.length;
      entries = null;
      allLines.show(linesOfEvents(events));
      lay();
    },
    draw,
  };
}

function linesOfEvents(events: EventList): Lines {
  return {
    length: events.length,
    timeAt: (index) => events.timeAt(index),
    write(index, what, item) {
      const event = events.at(index);
      item.className = `subject-${eventSubject(event)}`;
      what.textContent = describeEvent(event);
    },
  };
}

function linesOfLog(entries: readonly EventLogEntry[]): Lines {
  const at = (index: number): EventLogEntry => entries[index] as EventLogEntry;
  return {
    length: entries.length,
    timeAt: (index) => at(index).t,
    write(index, what, item) {
      const { node, source, id, level, text } = at(index);
      item.className = `level-${level}`;
      const origin = document.createElement("span");
      origin.className = "origin";
      const said = [node, id === null ? source : `${source} ${id}`, ...(level === "information" ? [] : [level])];
      origin.textContent = said.join(" · ");
      what.append(text, origin);
    },
  };
}
