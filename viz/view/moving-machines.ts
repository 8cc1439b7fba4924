/** Machines on their way between tiles: an arc for each, and on it a mark where the share of its memory at the target puts it. */
import type { Move } from "../model/cluster-at.ts";
import { circle, movingSign } from "./machine-marks.ts";
import type { NodesLayout } from "./nodes-layout.ts";
import { fitText, type GroupSelection, px } from "./svg.ts";

export interface Point {
  x: number;
  y: number;
}

/** A quadratic curve. */
export interface Arc {
  from: Point;
  over: Point;
  to: Point;
}

/** With more than so many on the way, lines would cover everything: the marks are left. */
const MOST_ARCS = 240;
/** Names are written at so many at most. */
const MOST_NAMED = 10;

const SIDES = { large: 0.95, medium: 0.8, small: 0.6, tiny: 0.5 } as const;

export interface MovingMachines {
  draw(moves: readonly Move[], looked: number): void;
  /** Where a machine's mark stands; null where its way is not drawn. */
  boxOf(migration: number): { x: number; y: number; width: number; height: number } | null;
}

export function movingMachines(
  lines: GroupSelection,
  marks: GroupSelection,
  layout: NodesLayout,
  names: readonly string[],
  rem: number,
): MovingMachines {
  const side = SIDES[layout.size] * rem;
  const shown = new Map<number, Drawn>();
  let places = new Map<number, Point>();

  /** As the trace counts them, in whatever order they came into the picture; the one that is looked at is over all others. */
  function inOrder(moves: readonly Move[], looked: number): void {
    const last = moves.filter(({ migration }) => migration.index === looked);
    for (const { migration } of [...moves, ...last]) {
      const drawn = shown.get(migration.index);
      if (drawn === undefined) continue;
      lines.node()?.append(drawn.line);
      marks.node()?.append(drawn.mark);
    }
  }

  return {
    draw(moves, looked) {
      const arcs = arcsOf(moves, layout, rem);
      const gone = new Set(shown.keys());
      let added = false;
      const named = moves.length <= MOST_NAMED && layout.size !== "small" && layout.size !== "tiny";
      places = new Map();
      for (const [index, move] of moves.entries()) {
        const arc = arcs[index];
        if (arc === undefined || arc === null) continue;
        const key = move.migration.index;
        gone.delete(key);
        let drawn = shown.get(key);
        if (drawn === undefined) {
          drawn = newDrawn(lines, marks);
          shown.set(key, drawn);
          added = true;
        }
        const at = pointOn(arc, move.share);
        places.set(key, at);
        const name = named ? fitText(names[move.machine] ?? "", rem * 9, rem * 0.42) : "";
        update(drawn, {
          arc,
          at,
          side,
          kind: kindOf(move),
          looked: key === looked,
          name,
          line: moves.length <= MOST_ARCS,
        });
      }
      for (const key of gone) {
        const drawn = shown.get(key);
        drawn?.line.remove();
        drawn?.mark.remove();
        shown.delete(key);
      }
      if (added) inOrder(moves, looked);
    },
    boxOf(migration) {
      const at = places.get(migration);
      return at === undefined
        ? null
        : { x: px(at.x - side / 2), y: px(at.y - side / 2), width: px(side), height: px(side) };
    },
  };
}

interface Drawn {
  line: SVGPathElement;
  mark: SVGGElement;
  shape: SVGPathElement;
  sign: SVGPathElement;
  label: SVGTextElement;
  written: string;
}

function newDrawn(lines: GroupSelection, marks: GroupSelection): Drawn {
  const mark = marks.append("g");
  return {
    line: lines.append("path").node() as SVGPathElement,
    mark: mark.node() as SVGGElement,
    shape: mark.append("path").node() as SVGPathElement,
    sign: mark.append("path").attr("class", "moving-sign").node() as SVGPathElement,
    label: mark.append("text").attr("class", "moving-name").attr("text-anchor", "middle").node() as SVGTextElement,
    written: "",
  };
}

interface Look {
  arc: Arc;
  at: Point;
  side: number;
  kind: "runs" | "still" | "arrived";
  looked: boolean;
  name: string;
  line: boolean;
}

/** The guest runs at the source, stands still, or runs at the target. */
export function kindOf({ guest, arrived }: Pick<Move, "guest" | "arrived">): Look["kind"] {
  return guest !== "runs" ? "still" : arrived ? "arrived" : "runs";
}

function update(drawn: Drawn, { arc, at, side, kind, looked, name, line }: Look): void {
  drawn.mark.setAttribute("transform", `translate(${px(at.x)},${px(at.y)})`);
  const path = `M${px(arc.from.x)},${px(arc.from.y)}Q${px(arc.over.x)},${px(arc.over.y)} ${px(arc.to.x)},${px(arc.to.y)}`;
  const written = `${path} ${kind} ${looked} ${name} ${side} ${line}`;
  if (written === drawn.written) return;
  drawn.written = written;
  drawn.line.setAttribute("d", line ? path : "");
  drawn.line.setAttribute("class", looked ? "way looked" : "way");
  drawn.shape.setAttribute("class", `moving ${kind}${looked ? " looked" : ""}`);
  drawn.shape.setAttribute("d", circle(-side / 2, -side / 2, side));
  drawn.sign.setAttribute("d", movingSign(kind, side));
  drawn.label.setAttribute("y", String(px(-side * 0.75)));
  if (drawn.label.textContent !== name) drawn.label.textContent = name;
}

/** An arc for each move; those of the same pair of nodes are spread, so that their marks are apart. Null where a node is unknown. */
function arcsOf(moves: readonly Move[], layout: NodesLayout, rem: number): (Arc | null)[] {
  const ofPair = new Map<string, number>();
  for (const { from, to } of moves) ofPair.set(`${from} ${to}`, (ofPair.get(`${from} ${to}`) ?? 0) + 1);
  const nth = new Map<string, number>();
  return moves.map(({ from, to }) => {
    const pair = `${from} ${to}`;
    const index = nth.get(pair) ?? 0;
    nth.set(pair, index + 1);
    const start = anchorOf(layout, from, 0.58);
    const end = anchorOf(layout, to, 0.42);
    if (start === null || end === null) return null;
    const many = ofPair.get(pair) ?? 1;
    return arcBetween(start, end, { spread: many === 1 ? 0.5 : index / (many - 1), top: layout.top, rem });
  });
}

function anchorOf({ corners, width }: NodesLayout, node: number, share: number): Point | null {
  const corner = corners[node];
  return corner === undefined ? null : { x: corner.x + width * share, y: corner.y };
}

/** `spread` is 0 to 1: how high among its like; nothing is to be above `top`. */
function arcBetween(from: Point, to: Point, { spread, top, rem }: { spread: number; top: number; rem: number }): Arc {
  const distance = Math.sqrt((to.x - from.x) ** 2 + (to.y - from.y) ** 2);
  const rise = Math.min(distance * 0.32 + rem * 1.2, rem * 9) * (0.55 + 0.75 * spread);
  const middleY = (from.y + to.y) / 2;
  // The curve is half as high as its control point, and stays in the picture.
  const y = Math.max(middleY - rise * 1.4, (top + rem * (0.9 - 0.5 * spread)) * 2 - middleY);
  return { from, over: { x: (from.x + to.x) / 2, y: Math.min(y, middleY - rem * 0.4) }, to };
}

function pointOn({ from, over, to }: Arc, share: number): Point {
  const rest = 1 - share;
  const at = (a: number, b: number, c: number): number => rest * rest * a + 2 * rest * share * b + share * share * c;
  return { x: at(from.x, over.x, to.x), y: at(from.y, over.y, to.y) };
}
