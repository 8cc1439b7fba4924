/** A chart's data as a table that can be unfolded below it. */
export function fillTable(
  container: HTMLElement,
  summary: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const body = bodyOf(container, summary, head);
  // What stays is left alone: a reader may stand in it while the run is played.
  while (body.rows.length > rows.length) body.deleteRow(-1);
  for (const [index, texts] of rows.entries()) {
    const line = body.rows[index] ?? body.insertRow();
    for (const [column, text] of texts.entries()) {
      const cell = line.cells[column] ?? line.insertCell();
      if (cell.textContent !== text) cell.textContent = text;
    }
  }
}

/** The body of the table that is there with these headings, or of a new one. */
function bodyOf(container: HTMLElement, summary: string, head: readonly string[]): HTMLTableSectionElement {
  let details = container.querySelector<HTMLDetailsElement>(":scope > details");
  if (details === null) {
    details = document.createElement("details");
    details.className = "data";
    container.append(details);
  }
  const known = details.querySelector("tbody");
  const headings = [...details.querySelectorAll("summary, th")].map((each) => each.textContent);
  if (known !== null && headings.join("\n") === [summary, ...head].join("\n")) return known;
  const title = document.createElement("summary");
  title.textContent = summary;
  const scroller = document.createElement("div");
  scroller.className = "scroller";
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", summary);
  const table = document.createElement("table");
  const headRow = table.createTHead().insertRow();
  for (const text of head) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = text;
    headRow.append(cell);
  }
  const body = table.createTBody();
  scroller.append(table);
  details.replaceChildren(title, scroller);
  return body;
}

/** A table that follows the playhead: written while it is unfolded. */
export interface LiveTable {
  show(rows: () => readonly string[][]): void;
}

/** Such a table in a place of its own at the end of `container`. */
export function liveTable(container: HTMLElement, summary: string, head: readonly string[]): LiveTable {
  const place = document.createElement("div");
  container.append(place);
  fillTable(place, summary, head, []);
  const details = place.querySelector("details");
  let rows: () => readonly string[][] = () => [];
  const write = (): void => {
    if (details?.open === true) fillTable(place, summary, head, rows());
  };
  details?.addEventListener("toggle", write);
  return {
    show(next) {
      rows = next;
      write();
    },
  };
}
