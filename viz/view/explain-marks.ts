/** Marks of a chart explained: under the pointer, under a finger, and by keys, which walk from mark to mark. */
import { enterCard, hideCard, hideCardSoon, showCard } from "./explain-card.ts";
import { type Mark, markAt, markText } from "./mark.ts";

/** Marks are small: so many pixels beside one still mean it. */
const SLACK = 4;

export interface MarkLayer {
  set(marks: readonly Mark[]): void;
}

/** Lays the marks over the chart in `container`: one stop for the Tab key, Up and Down walk through them, Enter opens. */
export function markLayer(container: HTMLElement): MarkLayer {
  let marks: readonly Mark[] = [];
  let current = 0;
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "mark-stop";
  stop.hidden = true;
  container.classList.add("has-marks");
  container.prepend(stop);

  const chart = (): Element | null => container.querySelector(":scope > svg, :scope > canvas");

  /** The mark's place in the window. */
  function boxOf(mark: Mark): DOMRect {
    const origin = chart()?.getBoundingClientRect() ?? container.getBoundingClientRect();
    return new DOMRect(origin.left + mark.x, origin.top + mark.y, mark.width, mark.height);
  }

  function label(): void {
    const mark = marks[current];
    stop.hidden = mark === undefined;
    if (mark === undefined) return;
    stop.setAttribute("aria-label", `${current + 1} of ${marks.length}: ${markText(mark)}`);
    const origin = chart()?.getBoundingClientRect();
    const own = container.getBoundingClientRect();
    stop.style.left = `${mark.x + (origin?.left ?? own.left) - own.left - 2}px`;
    stop.style.top = `${mark.y + (origin?.top ?? own.top) - own.top - 2}px`;
    stop.style.width = `${Math.max(mark.width, 6) + 4}px`;
    stop.style.height = `${Math.max(mark.height, 6) + 4}px`;
  }

  function show(): void {
    label();
    const mark = marks[current];
    if (mark !== undefined) showCard(mark, boxOf(mark));
  }

  stop.addEventListener("focus", show);
  stop.addEventListener("blur", hideCardSoon);
  stop.addEventListener("click", () => {
    show();
    enterCard(stop);
  });
  stop.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || marks.length === 0) return;
    event.preventDefault();
    current = (current + step + marks.length) % marks.length;
    show();
  });

  const hover = (event: PointerEvent): void => {
    const origin = chart()?.getBoundingClientRect();
    if (origin === undefined || event.target === stop) return;
    const mark = markAt(marks, event.clientX - origin.left, event.clientY - origin.top, SLACK);
    if (mark === null) hideCardSoon();
    else showCard(mark, boxOf(mark));
  };
  container.addEventListener("pointermove", (event) => {
    // Whoever drags is seeking.
    if (event.buttons === 0 && event.pointerType !== "touch") hover(event);
  });
  container.addEventListener("pointerup", hover);
  container.addEventListener("pointerleave", hideCardSoon);

  return {
    set(next) {
      marks = next;
      current = Math.min(current, Math.max(0, marks.length - 1));
      if (document.activeElement !== stop) hideCard();
      label();
    },
  };
}
