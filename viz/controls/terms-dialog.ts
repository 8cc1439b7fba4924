/** All terms of the page with their laws, as a list that each explanation leads to. */
import { TERMS, type Term } from "../model/terms.ts";

/** Fills the dialog, and opens it at the term that a card names. */
export function termsDialog(dialog: HTMLDialogElement, list: HTMLElement): void {
  list.replaceChildren(
    ...Object.entries(TERMS).map(([id, term]: [string, Term]) => {
      const item = document.createElement("div");
      item.id = `term-${id}`;
      item.tabIndex = -1;
      const name = document.createElement("dt");
      name.textContent = term.name;
      const law = document.createElement("dd");
      law.textContent = term.law;
      const where = document.createElement("dd");
      where.className = "where";
      where.textContent = `${term.page}, “${term.heading}”`;
      item.append(name, law, where);
      return item;
    }),
  );
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLElement>(".card button.link");
    const term = link?.dataset.term;
    if (term === undefined) return;
    dialog.showModal();
    const item = document.getElementById(`term-${term}`);
    item?.scrollIntoView({ block: "center" });
    item?.focus();
  });
}
