/** Marks of a chart explained: under the pointer, under a finger, and by keys, which walk from mark to mark. */
import { enterCard, hideCard, hideCardSoon, isShowing, showCard } from "./explain-card.ts";
import { type Mark, markAt, markText, numbersOf } from "./mark.ts";

/** Marks are small: so many pixels beside one still mean it. */
const SLACK = 4;

export interface MarkLayer {
  /**
   * Lays out other marks. Who stands on one stays on it where it has an id and is among them.
   * @param under of charts of more parts than anyone walks through: the one at a point, in the chart's pixels, for the pointer alone
   */
  set(marks: readonly Mark[], under?: (x: number, y: number) => Mark | null): void;
  /** The run has moved on: what is shown of a mark is written anew. */
  refresh(): void;
}

/** A chart that is drawn anew keeps its layer. */
const layers = new WeakMap<HTMLElement, MarkLayer>();

/** The marks over the chart in `container`: one stop for the Tab key, Up and Down walk through them, Enter opens. */
export function markLayer(container: HTMLElement): MarkLayer {
  const known = layers.get(container);
  if (known !== undefined) return known;
  const made = makeLayer(container);
  layers.set(container, made);
  return made;
}

function makeLayer(container: HTMLElement): MarkLayer {
  let marks: readonly Mark[] = [];
  let under: (x: number, y: number) => Mark | null = () => null;
  let current = 0;
  /** Where the pointer is, in the chart's pixels; null while it is elsewhere. */
  let pointer: { x: number; y: number } | null = null;
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "mark-stop";
  stop.hidden = true;
  container.classList.add("has-marks");
  container.prepend(stop);

  const chart = (): Element => container.querySelector(":scope > svg, :scope > canvas") ?? container;

  function showMark(mark: Mark): void {
    const origin = chart().getBoundingClientRect();
    const at = new DOMRect(origin.left + mark.x, origin.top + mark.y, mark.width, mark.height);
    showCard({ title: mark.title, rows: numbersOf(mark), term: mark.term }, at, container);
  }

  /** Away from the focus the stop says how much there is: what it stood at last is nobody's concern. */
  function rest(): void {
    const text = `${marks.length} parts of this chart, each with its numbers`;
    if (stop.getAttribute("aria-label") !== text) stop.setAttribute("aria-label", text);
  }

  function showCurrent(): void {
    const mark = marks[current];
    if (mark === undefined) return;
    stop.setAttribute("aria-label", `${current + 1} of ${marks.length}: ${markText(mark)}`);
    const origin = chart().getBoundingClientRect();
    const own = container.getBoundingClientRect();
    stop.style.left = `${mark.x + origin.left - own.left - 2}px`;
    stop.style.top = `${mark.y + origin.top - own.top - 2}px`;
    stop.style.width = `${Math.max(mark.width, 6) + 4}px`;
    stop.style.height = `${Math.max(mark.height, 6) + 4}px`;
    showMark(mark);
  }

  /** Walking brings the mark into sight, as the focus would. */
  function walkTo(index: number): void {
    current = (index + marks.length) % marks.length;
    showCurrent();
    stop.scrollIntoView({ block: "nearest" });
    showCurrent();
  }

  stop.addEventListener("focus", () => walkTo(current));
  stop.addEventListener("blur", () => {
    rest();
    // Whoever taps a part of the chart takes the focus away and sees that part.
    if (pointedAt() === null) hideCardSoon();
  });
  stop.addEventListener("click", () => {
    const choose = marks[current]?.choose;
    if (choose !== undefined) {
      choose();
      return;
    }
    showCurrent();
    enterCard(stop);
  });
  stop.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || marks.length === 0) return;
    event.preventDefault();
    walkTo(current + step);
  });

  function pointedAt(): Mark | null {
    if (pointer === null) return null;
    const mark = markAt(marks, pointer.x, pointer.y, SLACK);
    return mark?.choose === undefined ? (under(pointer.x, pointer.y) ?? mark) : mark;
  }

  const point = (event: PointerEvent): void => {
    const origin = chart().getBoundingClientRect();
    pointer = { x: event.clientX - origin.left, y: event.clientY - origin.top };
    const mark = pointedAt();
    if (mark === null) hideCardSoon();
    else showMark(mark);
  };
  container.addEventListener("pointermove", (event) => {
    // Whoever drags is seeking.
    if (event.buttons === 0 && event.pointerType !== "touch") point(event);
  });
  container.addEventListener("pointerup", point);
  container.addEventListener("click", (event) => {
    if (event.target instanceof Element && chart().contains(event.target)) pointedAt()?.choose?.();
  });
  container.addEventListener("pointerleave", (event) => {
    // A finger leaves as it lifts: what it has opened stays until it taps elsewhere.
    if (event.pointerType === "touch") return;
    pointer = null;
    hideCardSoon();
  });

  function refresh(): void {
    if (!isShowing(container)) return;
    const mark = pointedAt();
    if (document.activeElement === stop) showCurrent();
    else if (mark !== null) showMark(mark);
    // On its way to the card the pointer is over neither.
    else if (pointer !== null) hideCard();
  }

  return {
    set(next, underPointer = () => null) {
      const id = marks[current]?.id;
      const same = id === undefined ? -1 : next.findIndex((mark) => mark.id === id);
      marks = next;
      under = underPointer;
      current = same < 0 ? Math.min(current, Math.max(0, marks.length - 1)) : same;
      stop.hidden = marks.length === 0;
      if (marks.length === 0 && isShowing(container)) hideCard();
      if (document.activeElement !== stop) rest();
      refresh();
    },
    refresh,
  };
}
