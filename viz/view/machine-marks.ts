/** The signs of machines: a shape for each status, so that none is told by its colour alone. */
import type { MachineStatus } from "../model/machine-status.ts";
import { px } from "./svg.ts";

/** What each is called where it is explained and counted. */
export const STATUS_WORDS: Readonly<Record<MachineStatus, string>> = {
  runs: "runs",
  waits: "waits to move",
  still: "stands still",
  hung: "hangs",
  starts: "is being started",
  queued: "is to be started",
  down: "down",
  moving: "is on its way from here",
};

/** A square with its corner at (x, y), `side` long, as a path that can be one of many. */
type Shape = (x: number, y: number, side: number) => string;

const square: Shape = (x, y, side) => `M${px(x)},${px(y)}h${px(side)}v${px(side)}h${px(-side)}z`;

const frame: Shape = (x, y, side) => {
  const edge = Math.max(1, side * 0.2);
  return square(x, y, side) + reversedSquare(x + edge, y + edge, side - 2 * edge);
};

/** The other way round, so that it is a hole. */
const reversedSquare: Shape = (x, y, side) => `M${px(x)},${px(y)}v${px(side)}h${px(side)}v${px(-side)}z`;

const bars: Shape = (x, y, side) => {
  const bar = `v${px(side)}h${px(side * 0.36)}v${px(-side)}z`;
  return `M${px(x)},${px(y)}${bar}M${px(x + side * 0.64)},${px(y)}${bar}`;
};

const diamond: Shape = (x, y, side) => {
  const half = side / 2;
  return `M${px(x + half)},${px(y)}l${px(half)},${px(half)}l${px(-half)},${px(half)}l${px(-half)},${px(-half)}z`;
};

const triangle: Shape = (x, y, side) => `M${px(x + side / 2)},${px(y)}L${px(x + side)},${px(y + side)}H${px(x)}z`;

const hollowTriangle: Shape = (x, y, side) => {
  const inner = side * 0.36;
  const left = x + side / 2 - inner / 2;
  return `${triangle(x, y, side)}M${px(left)},${px(y + side * 0.84)}h${px(inner)}l${px(-inner / 2)},${px(-inner)}z`;
};

const cross: Shape = (x, y, side) => {
  const arm = side * 0.22;
  const half = side / 2;
  const corners = [
    [0, arm],
    [arm, 0],
    [half, half - arm],
    [side - arm, 0],
    [side, arm],
    [half + arm, half],
    [side, side - arm],
    [side - arm, side],
    [half, half + arm],
    [arm, side],
    [0, side - arm],
    [half - arm, half],
  ] as const;
  return `M${corners.map(([dx, dy]) => `${px(x + dx)},${px(y + dy)}`).join("L")}z`;
};

export const circle: Shape = (x, y, side) => {
  const r = px(side / 2);
  return `M${px(x)},${px(y + side / 2)}a${r},${r} 0 1 1 ${px(side)},0a${r},${r} 0 1 1 ${px(-side)},0z`;
};

const ring: Shape = (x, y, side) => {
  const inner = px(side * 0.23);
  const left = px(x + side * 0.27);
  return `${circle(x, y, side)}M${left},${px(y + side / 2)}a${inner},${inner} 0 1 0 ${px(inner * 2)},0a${inner},${inner} 0 1 0 ${px(-inner * 2)},0z`;
};

/** What tells machines on their way apart, in the middle of their marks. */
export function movingSign(kind: "runs" | "still" | "arrived", side: number): string {
  const small = side * 0.42;
  return kind === "runs" ? "" : (kind === "still" ? bars : circle)(-small / 2, -small / 2, small);
}

export const STATUS_SHAPES: Readonly<Record<MachineStatus, Shape>> = {
  runs: square,
  waits: frame,
  still: bars,
  hung: diamond,
  starts: triangle,
  queued: hollowTriangle,
  down: cross,
  moving: ring,
};
