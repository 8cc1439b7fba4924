/** A chart's data as a table that can be unfolded below it. */
export function fillTable(
  container: HTMLElement,
  summary: string,
  head: readonly string[],
  rows: readonly string[][],
): void {
  let details = container.querySelector<HTMLDetailsElement>(":scope > details");
  if (details === null) {
    details = document.createElement("details");
    details.className = "data";
    container.append(details);
  }
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
  for (const row of rows) {
    const line = body.insertRow();
    for (const text of row) line.insertCell().textContent = text;
  }
  scroller.append(table);
  details.replaceChildren(title, scroller);
}
