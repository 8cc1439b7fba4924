/** The card that explains a number: its values, its law, and where the documentation has it. One for the whole page. */
import { TERMS, type TermId } from "../model/terms.ts";
import type { Numbers } from "./mark.ts";

export interface Explanation {
  title: string;
  rows: Numbers;
  term: TermId;
}

/** The pointer may travel from a mark to the card in this time. */
const LINGER_MILLIS = 250;

let card: HTMLElement | null = null;
let leaving = 0;
/** Where the focus goes back to when the card is closed from within. */
let opener: HTMLElement | null = null;

function theCard(): HTMLElement {
  if (card !== null) return card;
  card = document.createElement("aside");
  card.className = "card";
  card.setAttribute("aria-label", "Explanation");
  card.hidden = true;
  card.addEventListener("pointerenter", () => clearTimeout(leaving));
  card.addEventListener("pointerleave", () => hideCardSoon());
  // The focus that came in from what is explained has left that.
  card.addEventListener("focusin", () => clearTimeout(leaving));
  card.addEventListener("focusout", (event) => {
    if (card !== null && !card.contains(event.relatedTarget as Node | null)) hideCard();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || card === null || card.hidden) return;
    event.preventDefault();
    const back = card.contains(document.activeElement) ? opener : null;
    hideCard();
    back?.focus();
  });
  // A finger has no way to leave: it taps elsewhere.
  document.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" && card?.contains(event.target as Node) === false) hideCard();
  });
  document.body.append(card);
  return card;
}

/** What the card shows, and of whom. */
let shown: { explanation: Explanation; owner: HTMLElement } | null = null;

/** Shows the card beside a place of the window, given in its pixels. `owner`: the chart or element that it explains. */
export function showCard(explanation: Explanation, at: DOMRect, owner: HTMLElement): void {
  clearTimeout(leaving);
  const place = theCard();
  const values = [...place.querySelectorAll("dd")];
  // A link that is about to be clicked stays the same link while numbers change.
  if (shown !== null && shown.owner === owner && sameButValues(shown.explanation, explanation)) {
    for (const [index, [, value]] of explanation.rows.entries()) {
      const text = values[index];
      if (text !== undefined && text.textContent !== value) text.textContent = value;
    }
  } else place.replaceChildren(...contentOf(explanation));
  shown = { explanation, owner };
  place.hidden = false;
  const { width, height } = place.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left + at.width / 2 - width / 2), innerWidth - width - 8);
  const below = at.bottom + 10;
  const top = below + height <= innerHeight ? below : Math.max(8, at.top - height - 10);
  place.style.left = `${Math.max(8, left)}px`;
  place.style.top = `${top}px`;
}

/** Whether what the card shows is of this chart or element. */
export function isShowing(owner: HTMLElement): boolean {
  return shown?.owner === owner;
}

function sameButValues(one: Explanation, other: Explanation): boolean {
  const shape = ({ title, rows, term }: Explanation): string => [title, term, ...rows.map(([name]) => name)].join("\n");
  return shape(one) === shape(other);
}

function contentOf({ title, rows, term }: Explanation): HTMLElement[] {
  const { law, page, heading } = TERMS[term];
  const head = document.createElement("h3");
  head.textContent = title;
  const list = document.createElement("dl");
  for (const [name, value] of rows) {
    const key = document.createElement("dt");
    key.textContent = name;
    const text = document.createElement("dd");
    text.textContent = value;
    list.append(key, text);
  }
  const told = document.createElement("p");
  told.className = "law";
  told.textContent = law;
  const link = document.createElement("button");
  link.type = "button";
  link.className = "link";
  link.dataset.term = term;
  link.textContent = `${page}: ${heading}`;
  return [head, ...(rows.length > 0 ? [list] : []), told, link];
}

/** Puts the focus into the card, where its link is. */
export function enterCard(from: HTMLElement): void {
  opener = from;
  card?.querySelector("button")?.focus();
}

export function hideCardSoon(): void {
  clearTimeout(leaving);
  leaving = window.setTimeout(hideCard, LINGER_MILLIS);
}

export function hideCard(): void {
  clearTimeout(leaving);
  shown = null;
  if (card !== null) card.hidden = true;
}

/** Explains an element of the page whenever it is hovered or focused. */
export function explainElement(element: HTMLElement, explanation: () => Explanation): void {
  const show = (): void => showCard(explanation(), element.getBoundingClientRect(), element);
  element.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && show());
  element.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && hideCardSoon());
  element.addEventListener("focus", show);
  element.addEventListener("blur", hideCardSoon);
  element.addEventListener("click", () => {
    show();
    enterCard(element);
  });
}
