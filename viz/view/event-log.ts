/** The list of events: the present one marked, a click seeks. */
import { describeEvent, eventSubject } from "../model/describe.ts";
import { type EventList, listOf } from "../model/event-list.ts";
import { formatMoment } from "../model/format.ts";
import type { View } from "./view.ts";

/** Events in the list at once: a window around the present one, so that a long trace stays quick. */
const WINDOW = 400;

export function eventLogView(list: HTMLElement, seek: (t: number) => void): View {
  let events: EventList = listOf([]);
  let first = 0;
  let current: Element | null = null;
  let shownIndex: number | null = null;

  list.addEventListener("click", (event) => {
    const item = (event.target as Element).closest("button");
    const t = item?.dataset.t;
    if (t !== undefined) seek(Number(t));
  });

  function fill(from: number): void {
    first = from;
    list.replaceChildren(
      ...Array.from({ length: Math.min(WINDOW, events.length - from) }, (_, k) => {
        const event = events.at(from + k);
        const item = document.createElement("li");
        item.className = `subject-${eventSubject(event)}`;
        const button = document.createElement("button");
        button.type = "button";
        button.dataset.t = String(event.t);
        button.tabIndex = -1;
        const time = document.createElement("span");
        time.className = "when";
        time.textContent = formatMoment(event.t, 4);
        const what = document.createElement("span");
        what.className = "what";
        what.textContent = describeEvent(event);
        button.append(time, what);
        item.append(button);
        return item;
      }),
    );
    list.setAttribute("start", String(from + 1));
    current = null;
  }

  return {
    layOut({ timeline }) {
      if (events === timeline.trace.events) return;
      events = timeline.trace.events;
      shownIndex = null;
      fill(0);
    },
    draw(state) {
      if (state.eventIndex === shownIndex) return;
      shownIndex = state.eventIndex;
      // Windows start at multiples, so that the same moment shows the same list however it was reached.
      const wanted = Math.max(0, Math.floor(state.eventIndex / (WINDOW / 2)) * (WINDOW / 2) - WINDOW / 4);
      if (events.length > WINDOW && wanted !== first) fill(wanted);
      current?.removeAttribute("aria-current");
      current = list.children[state.eventIndex - first] ?? null;
      current?.setAttribute("aria-current", "true");
      scrollTo(current);
    },
  };

  /** Scrolls the list alone: scrollIntoView would move the page too. */
  function scrollTo(item: Element | null): void {
    if (item === null) {
      list.scrollTop = 0;
      return;
    }
    const box = item as HTMLElement;
    const middle = box.offsetTop - list.clientHeight / 2 + box.offsetHeight / 2;
    list.scrollTop = Math.max(0, middle);
  }
}
