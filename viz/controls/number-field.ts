/** One number that can be typed or moved: a field, its unit, and a slider under it. */
import { SLIDER_STEPS, sliderPosition, valueAtSlider, type WhatIfField, whyNot } from "../model/what-if-fields.ts";
import { labelled } from "./labelled.ts";

export interface NumberField {
  readonly row: HTMLElement;
  /** Shows a value; null shows an empty field. */
  show(value: number | null): void;
  /** What was typed or moved: `untouched` is what was shown, to the last bit; a sentence is why it is no number for this field. */
  value():
    | { kind: "untouched" }
    | { kind: "empty" }
    | { kind: "number"; value: number }
    | { kind: "wrong"; why: string };
  setInvalid(invalid: boolean): void;
}

/** @param changed called at once when something that is a number was typed or moved */
export function numberField(field: WhatIfField, changed: () => void): NumberField {
  const input = document.createElement("input");
  input.type = "number";
  input.min = String(field.least);
  input.max = String(field.greatest);
  input.step = "any";
  input.inputMode = "decimal";
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = "0";
  slider.max = String(SLIDER_STEPS);
  slider.step = "1";
  slider.id = `what-if-${field.id}-slider`;
  slider.setAttribute("aria-label", `${field.label}, slider`);
  const row = labelled(field.id, field.label, input, field.unit);
  row.append(slider);
  let shown = "";

  function follow(): void {
    const value = Number(input.value);
    if (input.value !== "" && Number.isFinite(value)) slider.value = String(sliderPosition(field.slider, value));
    slider.setAttribute("aria-valuetext", input.value === "" ? "the profile's own" : `${input.value} ${field.unit}`);
  }

  const read: NumberField["value"] = () => {
    if (input.value === shown && !input.validity.badInput) return { kind: shown === "" ? "empty" : "untouched" };
    if (input.value === "" && !input.validity.badInput) return { kind: "empty" };
    const value = input.value === "" ? Number.NaN : Number(input.value);
    const why = whyNot(field, value);
    return why === null ? { kind: "number", value } : { kind: "wrong", why };
  };

  input.addEventListener("input", () => {
    follow();
    if (read().kind !== "wrong") changed();
  });
  slider.addEventListener("input", () => {
    input.value = String(valueAtSlider(field.slider, Number(slider.value)));
    follow();
    changed();
  });

  return {
    row,
    show(value) {
      input.value = value === null ? "" : String(value);
      shown = input.value;
      input.removeAttribute("aria-invalid");
      follow();
    },
    value: read,
    setInvalid: (invalid) => input.setAttribute("aria-invalid", String(invalid)),
  };
}
