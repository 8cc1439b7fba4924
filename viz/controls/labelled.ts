/** A control of the what-if form under its label, with its unit beside it. */
export function labelled(id: string, text: string, control: HTMLElement, unit = ""): HTMLElement {
  const field = document.createElement("div");
  field.className = "field";
  control.id = `what-if-${id}`;
  const label = document.createElement("label");
  label.htmlFor = control.id;
  label.textContent = text;
  const row = document.createElement("div");
  row.className = "with-unit";
  row.append(control);
  if (unit !== "") {
    const tail = document.createElement("span");
    tail.id = `${control.id}-unit`;
    tail.textContent = unit;
    control.setAttribute("aria-describedby", tail.id);
    row.append(tail);
  }
  field.append(label, row);
  return field;
}
