/** A run that is kept beside the present one. */
import type { ComparisonForm } from "../model/page-link.ts";
import { type ComparedRun, drawComparison } from "../view/comparison.ts";
import { watchedPlace } from "../view/place-of.ts";
import { byId } from "./elements.ts";
import { type FileText, textOf } from "./file-text.ts";

export interface ComparePanel {
  /** Keeps a run, or lets go of the one that is kept. */
  pin(run: ComparedRun | null): void;
  readonly pinned: ComparedRun | null;
  /** How both are shown, while there are two. */
  readonly form: ComparisonForm;
  setForm(form: ComparisonForm): void;
  /** The present run is another. */
  present(run: ComparedRun): void;
  moveTo(t: number): void;
}

export interface CompareUses {
  /** Another run is kept, or none, or both are shown in another way. */
  changed(): void;
  /** The present run is to be kept. */
  pinPresent(): void;
  /** A file is to be kept beside it. */
  openFile(file: FileText): void;
}

export function comparePanel(uses: CompareUses): ComparePanel {
  const place = byId("comparison");
  const letGo = byId("let-go");
  const form = byId<HTMLSelectElement>("comparison-form");
  const file = byId<HTMLInputElement>("compare-file");
  let pinned: ComparedRun | null = null;
  let present: ComparedRun | null = null;
  let moveHead: (t: number) => void = () => {};
  let now = 0;

  function draw(): void {
    const both = pinned !== null && present !== null;
    place.hidden = !both;
    byId("comparison-choices").hidden = !both;
    letGo.hidden = pinned === null;
    byId("compare-hint").hidden = both;
    moveHead = () => {};
    if (pinned === null || present === null) return;
    moveHead = drawComparison(place, present, pinned, form.value as ComparisonForm, placeNow());
    moveHead(now);
  }

  byId("pin").addEventListener("click", uses.pinPresent);
  byId("compare-open").addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    if (chosen !== undefined) void textOf(chosen).then(uses.openFile);
    file.value = "";
  });
  form.addEventListener("change", () => {
    draw();
    uses.changed();
  });
  const placeNow = watchedPlace(place, draw);
  letGo.addEventListener("click", () => {
    pinned = null;
    draw();
    uses.changed();
    byId("pin").focus();
  });
  draw();
  return {
    get pinned() {
      return pinned;
    },
    get form() {
      return form.value as ComparisonForm;
    },
    setForm(wanted) {
      form.value = wanted;
      draw();
    },
    pin(run) {
      pinned = run;
      draw();
      uses.changed();
    },
    present(run) {
      present = run;
      draw();
    },
    moveTo(t) {
      now = t;
      moveHead(t);
    },
  };
}
