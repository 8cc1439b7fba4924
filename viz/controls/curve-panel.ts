/** The curve under the what-if form: downtime against the number just moved. */
import type { CurvePoint } from "../model/cliff.ts";
import { whatIfOf } from "../model/what-if.ts";
import { type FieldId, whatIfField } from "../model/what-if-fields.ts";
import { drawDowntimeCurve } from "../view/downtime-curve.ts";
import { watchedPlace } from "../view/place-of.ts";
import { byId } from "./elements.ts";
import type { Studied, Study } from "./study.ts";

/** The curve is begun when nothing has moved for so long. */
const QUIET_MILLIS = 120;

export interface CurvePanel {
  /** Something was moved, or a lesson asks for this number. */
  show(studied: Studied, id: FieldId): void;
  clear(): void;
}

export function curvePanel(study: Study): CurvePanel {
  const container = byId("curve");
  const place = byId("curve-place");
  let timer = 0;
  let shown: { studied: Studied; id: FieldId; points: readonly CurvePoint[] } | null = null;

  function draw(): void {
    if (shown === null) return;
    const { studied, id, points } = shown;
    const field = whatIfField(id);
    const numbers = studied.numbers ?? whatIfOf(studied.base, studied.vm, studied.seed);
    drawDowntimeCurve(place, { field, points, present: field.read(numbers) }, placeNow());
  }

  /** All numbers but the moved one, which the curve has at every value. */
  function question({ base, vm, numbers, seed }: Studied, id: FieldId): string {
    const rest = { ...(numbers ?? whatIfOf(base, vm, seed)) };
    whatIfField(id).write(rest, 1);
    return JSON.stringify([base.name, vm, rest, id]);
  }

  const placeNow = watchedPlace(place, draw);
  return {
    show(studied, id) {
      clearTimeout(timer);
      container.hidden = false;
      byId("curve-heading").textContent = `Downtime against ${whatIfField(id).label.toLowerCase()}`;
      const same = shown !== null && question(shown.studied, shown.id) === question(studied, id);
      // Only the marker moves: the curve stands for every value of this number.
      if (same && shown !== null) {
        shown = { ...shown, studied };
        if (shown.points.length > 0) draw();
        if (container.dataset.done === "true") return;
      } else shown = { studied, id, points: [] };
      container.dataset.done = "false";
      timer = window.setTimeout(() => {
        void study.curve(studied, id, (points, done) => {
          if (shown === null || shown.id !== id) return;
          shown = { ...shown, points: [...points] };
          container.dataset.done = String(done);
          draw();
        });
      }, QUIET_MILLIS);
    },
    clear() {
      clearTimeout(timer);
      shown = null;
      container.hidden = true;
    },
  };
}
