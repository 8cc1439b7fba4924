/** The scenario's main numbers as a form: change them and run again. */

import { type WhatIf, whatIfOf } from "../model/what-if.ts";
import type { Scenario } from "../simulator.ts";
import { PAGE_BYTES } from "../simulator.ts";

export interface ProfileChoice {
  name: string;
  title: string;
  hasDowntimeLimit: boolean;
}

export interface WhatIfPanel {
  /** Shows a scenario's own numbers. */
  show(scenario: Scenario, vm: string, seed: string): void;
  /** Puts other numbers into the fields. */
  fill(numbers: WhatIf): void;
  setRunning(running: boolean): void;
  tell(problems: readonly string[]): void;
}

interface NumberField {
  id: string;
  label: string;
  unit: string;
  least: number;
  greatest: number;
  read: (numbers: WhatIf) => number | null;
  write: (numbers: WhatIf, value: number) => void;
}

const GIB = 2 ** 30;

const NUMBERS: readonly NumberField[] = [
  {
    id: "memory",
    label: "Memory",
    unit: "GiB",
    least: 0.0625,
    greatest: 4096,
    read: (numbers) => numbers.memoryBytes / GIB,
    write: (numbers, value) => {
      numbers.memoryBytes = Math.round((value * GIB) / PAGE_BYTES) * PAGE_BYTES;
    },
  },
  {
    id: "used",
    label: "Of it in use",
    unit: "%",
    least: 0,
    greatest: 100,
    read: (numbers) => Number((numbers.usedShare * 100).toFixed(3)),
    write: (numbers, value) => {
      numbers.usedShare = value / 100;
    },
  },
  {
    id: "writes",
    label: "Write rate",
    unit: "× its own",
    least: 0,
    greatest: 1000,
    read: (numbers) => numbers.writeRateFactor,
    write: (numbers, value) => {
      numbers.writeRateFactor = value;
    },
  },
  {
    id: "link",
    label: "Migration link",
    unit: "Mbit/s",
    least: 1,
    greatest: 1_000_000,
    read: (numbers) => Number(((numbers.linkBytesPerSecond * 8) / 1e6).toFixed(3)),
    write: (numbers, value) => {
      numbers.linkBytesPerSecond = (value * 1e6) / 8;
    },
  },
  {
    id: "limit",
    label: "Downtime limit",
    unit: "ms",
    least: 0,
    greatest: 2_000_000,
    read: (numbers) => (numbers.downtimeLimitSeconds === null ? null : numbers.downtimeLimitSeconds * 1000),
    write: (numbers, value) => {
      numbers.downtimeLimitSeconds = value / 1000;
    },
  },
];

export function whatIfPanel(
  form: HTMLFormElement,
  profiles: readonly ProfileChoice[],
  run: (numbers: WhatIf) => void,
): WhatIfPanel {
  let base: WhatIf | null = null;
  const inputs = new Map<string, HTMLInputElement>();
  /** What the fields were filled with: a field left as it was keeps its number exactly, not as it was rounded to be read. */
  const shown = new Map<string, string>();
  let filled: WhatIf | null = null;
  const grid = document.createElement("div");
  grid.className = "fields";
  const profile = document.createElement("select");
  for (const choice of profiles) profile.append(new Option(choice.title, choice.name));
  const profileField = labelled("profile", "Hypervisor", profile, "");
  profileField.classList.add("wide");
  grid.append(profileField);
  for (const field of NUMBERS) {
    const input = document.createElement("input");
    input.type = "number";
    input.min = String(field.least);
    input.max = String(field.greatest);
    input.step = "any";
    input.inputMode = "decimal";
    inputs.set(field.id, input);
    grid.append(labelled(field.id, field.label, input, field.unit));
  }
  const seed = document.createElement("input");
  seed.type = "text";
  seed.autocomplete = "off";
  seed.spellcheck = false;
  grid.append(labelled("seed", "Seed", seed, ""));

  const alert = document.createElement("div");
  alert.setAttribute("role", "alert");
  const problems = document.createElement("ul");
  problems.className = "problems";
  problems.hidden = true;
  alert.append(problems);
  const actions = document.createElement("div");
  actions.className = "actions";
  const submit = document.createElement("button");
  submit.type = "submit";
  submit.className = "primary";
  submit.textContent = "Run again";
  const reset = document.createElement("button");
  reset.type = "button";
  reset.className = "quiet";
  reset.textContent = "Back to the scenario's own";
  actions.append(submit, reset);
  form.replaceChildren(grid, alert, actions);

  const limitRow = inputs.get("limit")?.closest(".field") as HTMLElement;
  const showLimit = (): void => {
    const choice = profiles.find((candidate) => candidate.name === profile.value);
    limitRow.hidden = choice !== undefined && !choice.hasDowntimeLimit;
  };
  profile.addEventListener("change", showLimit);

  function fill(numbers: WhatIf): void {
    filled = numbers;
    for (const field of NUMBERS) {
      const value = field.read(numbers);
      const input = inputs.get(field.id) as HTMLInputElement;
      input.value = value === null ? "" : String(value);
      input.removeAttribute("aria-invalid");
      shown.set(field.id, input.value);
    }
    if (![...profile.options].some((option) => option.value === numbers.profile)) {
      profile.append(new Option(numbers.profile, numbers.profile));
    }
    profile.value = numbers.profile;
    seed.value = numbers.seed;
    showLimit();
  }

  function tell(sentences: readonly string[]): void {
    problems.hidden = sentences.length === 0;
    problems.replaceChildren(
      ...sentences.map((sentence) => {
        const item = document.createElement("li");
        item.textContent = sentence;
        return item;
      }),
    );
  }

  reset.addEventListener("click", () => {
    if (base !== null) fill(base);
    tell([]);
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (filled === null) return;
    const numbers: WhatIf = { ...filled, profile: profile.value, seed: seed.value.trim(), downtimeLimitSeconds: null };
    const found: string[] = [];
    for (const field of NUMBERS) {
      const input = inputs.get(field.id) as HTMLInputElement;
      const untouched = input.value === shown.get(field.id) && !input.validity.badInput && field.id !== "limit";
      const wrong = untouched ? null : readNumber(field, input, limitRow.hidden === true, numbers);
      input.setAttribute("aria-invalid", wrong === null ? "false" : "true");
      if (wrong !== null) found.push(wrong);
    }
    if (numbers.seed === "") found.push("The seed is empty. Any text or number will do.");
    tell(found);
    if (found.length === 0) run(numbers);
  });

  return {
    show(scenario, vm, used) {
      base = whatIfOf(scenario, vm, used);
      fill(base);
    },
    fill,
    setRunning(running) {
      submit.disabled = running;
      submit.textContent = running ? "Running…" : "Run again";
    },
    tell,
  };
}

/** Reads one field into `numbers`; a sentence where that cannot be. */
function readNumber(field: NumberField, input: HTMLInputElement, limitHidden: boolean, numbers: WhatIf): string | null {
  if (field.id === "limit" && (limitHidden || (input.value === "" && !input.validity.badInput))) return null;
  const value = input.value === "" ? Number.NaN : Number(input.value);
  if (!(value >= field.least && value <= field.greatest)) {
    return `${field.label} must be a number from ${field.least} to ${field.greatest} ${field.unit}.`;
  }
  field.write(numbers, value);
  return null;
}

function labelled(id: string, text: string, control: HTMLElement, unit: string): HTMLElement {
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
