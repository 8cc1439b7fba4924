/** A list of lines that follows the playhead: the present line is marked, a click seeks. */
import { formatMoment } from "../model/format.ts";
import { measureLater } from "./measured-later.ts";

/** What a list is filled from: lines in order of time, written when they come into sight. */
export interface Lines {
  readonly length: number;
  timeAt(index: number): number;
  /** Writes into the item what the line says, beside its time. */
  write(index: number, what: HTMLElement, item: HTMLElement): void;
}

export interface LineList {
  show(lines: Lines): void;
  /** Marks the line as the present one; -1 marks none. */
  mark(index: number): void;
  /** Brings the marked line into sight, as after the list was hidden. */
  scroll(): void;
}

/** Lines in the list at once: a window around the present one, so that a long trace stays quick. */
const WINDOW = 400;

export function lineList(list: HTMLElement, seek: (t: number) => void): LineList {
  let lines: Lines = { length: 0, timeAt: () => 0, write() {} };
  let first = 0;
  let current: Element | null = null;
  let shownIndex: number | null = null;

  list.addEventListener("click", (event) => {
    const item = (event.target as Element).closest("button");
    const t = item?.dataset.t;
    if (t !== undefined) seek(Number(t));
  });

  function itemOf(index: number): HTMLElement {
    const t = lines.timeAt(index);
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.t = String(t);
    button.tabIndex = -1;
    const time = document.createElement("span");
    time.className = "when";
    time.textContent = formatMoment(t, 4);
    const what = document.createElement("span");
    what.className = "what";
    lines.write(index, what, item);
    button.append(time, what);
    item.append(button);
    return item;
  }

  function fill(from: number): void {
    first = from;
    list.replaceChildren(...Array.from({ length: Math.min(WINDOW, lines.length - from) }, (_, k) => itemOf(from + k)));
    list.setAttribute("start", String(from + 1));
    current = null;
  }

  /** Scrolls the list alone: scrollIntoView would move the page too. */
  function toCurrent(): () => void {
    const box = current as HTMLElement | null;
    const middle = box === null ? 0 : box.offsetTop - list.clientHeight / 2 + box.offsetHeight / 2;
    return () => {
      list.scrollTop = Math.max(0, middle);
    };
  }

  const scroll = (): void => measureLater(toCurrent);

  return {
    show(next) {
      lines = next;
      shownIndex = null;
      fill(0);
    },
    mark(index) {
      if (index === shownIndex) return;
      shownIndex = index;
      // Windows start at multiples, so that the same moment shows the same list however it was reached.
      const wanted = Math.max(0, Math.floor(index / (WINDOW / 2)) * (WINDOW / 2) - WINDOW / 4);
      if (lines.length > WINDOW && wanted !== first) fill(wanted);
      current?.removeAttribute("aria-current");
      current = list.children[index - first] ?? null;
      current?.setAttribute("aria-current", "true");
      scroll();
    },
    scroll,
  };
}
