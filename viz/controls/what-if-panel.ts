/** The scenario's main numbers as a form. What is moved or typed is tried at once; "Run again" plays it from the start. */

import { type Choices, MODE_TITLES } from "../model/choices.ts";
import { type WhatIf, whatIfOf } from "../model/what-if.ts";
import { type FieldId, WHAT_IF_FIELDS } from "../model/what-if-fields.ts";
import type { MigrationMode, Scenario } from "../simulator.ts";
import { labelled } from "./labelled.ts";
import { type NumberField, numberField } from "./number-field.ts";

export interface WhatIfPanel {
  /** Shows a scenario's own numbers. */
  show(scenario: Scenario, vm: string, seed: string): void;
  /** Puts other numbers into the fields. */
  fill(numbers: WhatIf): void;
  setRunning(running: boolean): void;
  /** Leaves these numbers alone in sight; null: all of them; none hides the form. */
  offer(ids: readonly FieldId[] | null): void;
  tell(problems: readonly string[]): void;
}

export interface WhatIfUses {
  /** The numbers are to be run and played. */
  run(numbers: WhatIf): void;
  /** Something was moved: `moved` names the number, where it is one. */
  moved(numbers: WhatIf, moved: FieldId | null): void;
}

export function whatIfPanel(form: HTMLFormElement, choices: Choices, uses: WhatIfUses): WhatIfPanel {
  let base: WhatIf | null = null;
  /** What the fields were filled with: a field left as it was keeps its number exactly, not as it was rounded to be read. */
  let filled: WhatIf | null = null;

  const profile = choiceOf(choices.profiles.map(({ name, title }) => [name, title]));
  const mode = choiceOf([]);
  const workload = choiceOf([
    ["", "as the scenario has it"],
    ...choices.workloads.map(({ name, title }) => [name, title] as const),
  ]);
  const fields = new Map<FieldId, NumberField>(
    WHAT_IF_FIELDS.map((field) => [field.id, numberField(field, () => moved(field.id))]),
  );
  const seed = document.createElement("input");
  seed.type = "text";
  seed.autocomplete = "off";
  seed.spellcheck = false;
  const grid = document.createElement("div");
  grid.className = "fields";
  const wide = [labelled("profile", "Hypervisor", profile), labelled("workload", "Workload", workload)];
  for (const each of wide) each.classList.add("wide");
  const seedRow = labelled("seed", "Seed", seed);
  const modeRow = labelled("mode", "Mode", mode);
  grid.append(...wide, ...[...fields.values()].map(({ row }) => row), modeRow, seedRow);

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

  let hasLimit = true;
  let offered: readonly FieldId[] | null = null;

  function showRows(): void {
    for (const [id, { row }] of fields) {
      row.hidden = (id === "limit" && !hasLimit) || (offered !== null && !offered.includes(id));
    }
    for (const row of wide) row.hidden = offered !== null;
    seedRow.hidden = offered !== null;
    modeRow.hidden = offered !== null || mode.options.length < 2;
  }

  /** What the chosen profile offers. */
  function followProfile(wanted: string): void {
    const choice = choices.profiles.find((candidate) => candidate.name === profile.value);
    hasLimit = choice === undefined || choice.hasDowntimeLimit;
    const modes = choice?.modes ?? ["live"];
    mode.replaceChildren(...modes.map((each) => new Option(MODE_TITLES[each], each)));
    mode.value = modes.some((each) => each === wanted) ? wanted : (modes[0] as string);
    showRows();
  }

  function fill(numbers: WhatIf): void {
    filled = numbers;
    for (const field of WHAT_IF_FIELDS) (fields.get(field.id) as NumberField).show(field.read(numbers));
    if (![...profile.options].some((option) => option.value === numbers.profile)) {
      profile.append(new Option(numbers.profile, numbers.profile));
    }
    profile.value = numbers.profile;
    workload.value = numbers.workload ?? "";
    seed.value = numbers.seed;
    followProfile(numbers.mode ?? "");
  }

  /** The numbers as they stand; what is wrong with them, a sentence each. */
  function read(): { numbers: WhatIf; wrong: string[] } | null {
    if (filled === null) return null;
    const { workload: _own, ...rest } = filled;
    const numbers: WhatIf = {
      ...rest,
      profile: profile.value,
      mode: mode.value as MigrationMode,
      seed: seed.value.trim(),
      ...(workload.value === "" ? {} : { workload: workload.value }),
    };
    const wrong: string[] = [];
    for (const field of WHAT_IF_FIELDS) {
      const control = fields.get(field.id) as NumberField;
      if (field.id === "limit" && !hasLimit) numbers.downtimeLimitSeconds = null;
      if (control.row.hidden) continue;
      const typed = control.value();
      if (typed.kind === "number") field.write(numbers, typed.value);
      else if (typed.kind === "empty" && field.id === "limit") numbers.downtimeLimitSeconds = null;
      else if (typed.kind === "empty" && field.read(filled) !== null) {
        wrong.push(`${field.label} must be a number from ${field.least} to ${field.greatest} ${field.unit}.`);
      } else if (typed.kind === "wrong") wrong.push(typed.why);
      control.setInvalid(typed.kind === "wrong" || (typed.kind === "empty" && field.id !== "limit"));
    }
    if (numbers.seed === "") wrong.push("The seed is empty. Any text or number will do.");
    return { numbers, wrong };
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

  /** Half-typed numbers are not complained about: only what can be run is tried. */
  function moved(field: FieldId | null): void {
    const found = read();
    if (found === null || found.wrong.length > 0) return;
    tell([]);
    uses.moved(found.numbers, field);
  }

  profile.addEventListener("change", () => {
    followProfile(mode.value);
    moved(null);
  });
  mode.addEventListener("change", () => moved(null));
  workload.addEventListener("change", () => moved(null));
  reset.addEventListener("click", () => {
    tell([]);
    if (base === null) return;
    fill(base);
    moved(null);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const found = read();
    if (found === null) return;
    tell(found.wrong);
    if (found.wrong.length === 0) uses.run(found.numbers);
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
    offer(ids) {
      offered = ids;
      form.hidden = ids?.length === 0;
      showRows();
    },
    tell,
  };
}

function choiceOf(options: readonly (readonly [value: string, title: string])[]): HTMLSelectElement {
  const select = document.createElement("select");
  for (const [value, title] of options) select.append(new Option(title, value));
  return select;
}
