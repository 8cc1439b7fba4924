/** The numbers that can be moved: their names, units, ranges, and where a slider puts them. */
import { type LessonNumber, PAGE_BYTES } from "../simulator.ts";
import type { WhatIf } from "./what-if.ts";

/** Lessons offer, and plot the downtime against, what the panel offers. */
export type FieldId = LessonNumber;

export interface WhatIfField {
  id: FieldId;
  label: string;
  unit: string;
  /** What may be typed. */
  least: number;
  greatest: number;
  slider: SliderScale;
  /** Null where the number is the profile's own. */
  read: (numbers: WhatIf) => number | null;
  write: (numbers: WhatIf, value: number) => void;
}

/** Where a slider's ends are, and how it goes from one to the other: by ratio where sizes differ by powers of ten. */
export interface SliderScale {
  from: number;
  to: number;
  kind: "linear" | "ratio";
}

/** Positions of a slider: fine enough to drag, coarse enough for keys. */
export const SLIDER_STEPS = 120;

const GIB = 2 ** 30;

export const WHAT_IF_FIELDS: readonly WhatIfField[] = [
  {
    id: "memory",
    label: "Memory",
    unit: "GiB",
    least: 0.0625,
    greatest: 4096,
    slider: { from: 0.5, to: 64, kind: "ratio" },
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
    slider: { from: 5, to: 100, kind: "linear" },
    read: (numbers) => Number((numbers.usedShare * 100).toFixed(3)),
    write: (numbers, value) => {
      numbers.usedShare = value / 100;
    },
  },
  {
    id: "writes",
    label: "Dirty rate",
    unit: "× its own",
    least: 0,
    greatest: 1000,
    slider: { from: 0.05, to: 50, kind: "ratio" },
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
    slider: { from: 100, to: 100_000, kind: "ratio" },
    read: (numbers) => Number(((numbers.linkBytesPerSecond * 8) / 1e6).toFixed(3)),
    write: (numbers, value) => {
      numbers.linkBytesPerSecond = (value * 1e6) / 8;
    },
  },
  {
    id: "mtu",
    label: "MTU",
    unit: "bytes",
    least: 576,
    greatest: 65_535,
    slider: { from: 576, to: 9000, kind: "linear" },
    read: (numbers) => numbers.mtuBytes ?? null,
    write: (numbers, value) => {
      numbers.mtuBytes = Math.round(value);
    },
  },
  {
    id: "loss",
    label: "Packets lost",
    unit: "%",
    least: 0,
    greatest: 50,
    slider: { from: 0, to: 2, kind: "linear" },
    read: (numbers) =>
      numbers.packetLossShare === undefined ? null : Number((numbers.packetLossShare * 100).toFixed(6)),
    write: (numbers, value) => {
      numbers.packetLossShare = value / 100;
    },
  },
  {
    id: "limit",
    label: "Downtime limit",
    unit: "ms",
    least: 0,
    greatest: 2_000_000,
    slider: { from: 1, to: 10_000, kind: "ratio" },
    read: (numbers) => (numbers.downtimeLimitSeconds === null ? null : numbers.downtimeLimitSeconds * 1000),
    write: (numbers, value) => {
      numbers.downtimeLimitSeconds = value / 1000;
    },
  },
];

export function whatIfField(id: FieldId): WhatIfField {
  return WHAT_IF_FIELDS.find((field) => field.id === id) as WhatIfField;
}

/** The value at a slider's position, 0 to SLIDER_STEPS, in three digits: what a reader would have typed. */
export function valueAtSlider({ from, to, kind }: SliderScale, position: number): number {
  const share = Math.min(Math.max(position / SLIDER_STEPS, 0), 1);
  const exact = kind === "ratio" ? from * (to / from) ** share : from + (to - from) * share;
  return Number(exact.toPrecision(3));
}

/** The position nearest to a value; at an end where the value lies beyond it. */
export function sliderPosition({ from, to, kind }: SliderScale, value: number): number {
  const bounded = Math.min(Math.max(value, from), to);
  const share = kind === "ratio" ? Math.log(bounded / from) / Math.log(to / from) : (bounded - from) / (to - from);
  return Math.round(share * SLIDER_STEPS);
}

/** These numbers with one of them changed. */
export function withField(numbers: WhatIf, field: WhatIfField, value: number): WhatIf {
  const changed = { ...numbers };
  field.write(changed, value);
  return changed;
}

/** Why a value is none for the field; null where it is one. */
export function whyNot(field: WhatIfField, value: number): string | null {
  return value >= field.least && value <= field.greatest
    ? null
    : `${field.label} must be a number from ${field.least} to ${field.greatest} ${field.unit}.`;
}
