/** The verdict as a line of text in which each number can be asked what it is. */
import type { Verdict } from "../model/verdict.ts";
import { explainElement } from "./explain-card.ts";

export function showVerdict(line: HTMLElement, { good, text, numbers }: Verdict): void {
  line.dataset.good = String(good);
  const parts: (string | HTMLElement)[] = [];
  let told = 0;
  for (const number of numbers) {
    parts.push(text.slice(told, number.start), numberButton(number));
    told = number.start + number.text.length;
  }
  line.replaceChildren(...parts, text.slice(told));
}

function numberButton({ text, title, term }: Verdict["numbers"][number]): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "term number";
  button.textContent = text;
  explainElement(button, () => ({ title, rows: [["in this run", text]], term }));
  return button;
}
