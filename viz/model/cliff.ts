/** The downtime against one number: which values to try, and where the migration stops completing. */
import { SLIDER_STEPS, valueAtSlider, type WhatIfField } from "./what-if-fields.ts";

export interface CurvePoint {
  value: number;
  /** Null where the migration did not complete. */
  downtimeSeconds: number | null;
  /** How it ended. */
  outcome: string;
}

/** Between these two values the migration stops completing, or starts to. */
export interface Cliff {
  completes: number;
  fails: number;
}

/** Values over the slider's range, the far apart ones first: a picture is there at once, and gets finer. */
export function curveValues(field: WhatIfField): number[] {
  const positions: number[] = [];
  for (const step of [60, 30, 15, 5]) {
    for (let position = 0; position <= SLIDER_STEPS; position += step) {
      if (!positions.includes(position)) positions.push(position);
    }
  }
  const least = Math.max(field.least, Math.min(field.slider.from, field.slider.to));
  const values = positions.map((position) => Math.max(least, valueAtSlider(field.slider, position)));
  return [...new Set(values.map((value) => (field.id === "mtu" ? Math.round(value) : value)))];
}

/** Neighbours of which one completes and the other does not; in the order of their values. */
export function cliffs(points: readonly CurvePoint[]): Cliff[] {
  const sorted = [...points].sort((a, b) => a.value - b.value);
  const found: Cliff[] = [];
  for (let k = 1; k < sorted.length; k += 1) {
    const [one, other] = [sorted[k - 1] as CurvePoint, sorted[k] as CurvePoint];
    const completes = (point: CurvePoint): boolean => point.downtimeSeconds !== null;
    if (completes(one) !== completes(other)) {
      found.push(
        completes(one) ? { completes: one.value, fails: other.value } : { completes: other.value, fails: one.value },
      );
    }
  }
  return found;
}

/** Between the two, where the slider's own scale has its middle. */
export function between({ completes, fails }: Cliff, field: WhatIfField): number {
  const positive = completes > 0 && fails > 0;
  const middle = field.slider.kind === "ratio" && positive ? Math.sqrt(completes * fails) : (completes + fails) / 2;
  return field.id === "mtu" ? Math.round(middle) : Number(middle.toPrecision(4));
}
