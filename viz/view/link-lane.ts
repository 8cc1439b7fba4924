/** The migration network over time: the rates of its flows, one upon the other. */
import { formatBytes, formatRate } from "../model/format.ts";
import { columnMeans, type FlowTimeline } from "../model/link.ts";
import type { MigrationTimeline } from "../model/migration-timeline.ts";
import type { MigrationSummary } from "../model/migrations.ts";
import type { Lane, LaneGround } from "./lane.ts";
import { px } from "./svg.ts";

/** Flows drawn by themselves, the migration's own first; the rest is one area. */
const MOST_FLOWS = 4;
/** Pixels of a column: narrower than this, steps are not told apart. */
const COLUMN_PIXELS = 1.5;

export function linkLane(migration: MigrationTimeline, migrations: readonly MigrationSummary[]): Lane {
  const { link } = migration;
  const several = link.flows.length > 1;
  return {
    name: link.network === "" ? "Link" : link.network,
    detail: link.capacityBytesPerSecond > 0 ? `up to ${formatRate(link.capacityBytesPerSecond)}` : "link",
    height: several ? 3.4 : 2,
    draw(ground) {
      const { frame, shapes, height } = ground;
      const [start = 0, end = 1] = frame.x.domain();
      const columns = Math.max(1, Math.round((frame.right - frame.left) / COLUMN_PIXELS));
      const total = columnMeans(link.steps, start, end, columns);
      const most = total.reduce((top, rate) => Math.max(top, rate), Math.max(link.capacityBytesPerSecond, 1));
      const named = namedFlows(migration, start, end);
      let below = new Float64Array(columns);
      const area = (upper: Float64Array, kind: string): void => {
        const y = (rate: number): number => px(height - (rate / most) * (height - 2));
        shapes
          .append("path")
          .attr("class", kind)
          .attr("d", stepArea(below, upper, frame.left, frame.right, y));
        below = upper as Float64Array<ArrayBuffer>;
      };
      for (const [layer, flow] of named.entries()) {
        const own = columnMeans(flow.steps, start, end, columns);
        area(
          own.map((rate, column) => Math.min(rate + (below[column] as number), total[column] as number)),
          `link-area flow-${layer}`,
        );
        tellFlow(ground, flow, migration, migrations);
      }
      if (named.length < link.flows.length) area(total, "link-area flow-rest");
      shapes
        .append("line")
        .attr("class", "capacity")
        .attr("x1", frame.left)
        .attr("x2", frame.right)
        .attr("y1", 2)
        .attr("y2", 2);
    },
  };
}

/** The migration's own flow, and the others of the stretch that carry most. */
function namedFlows(migration: MigrationTimeline, start: number, end: number): FlowTimeline[] {
  const inside = migration.link.flows.filter((flow) => {
    const first = flow.steps[0]?.startSeconds ?? end;
    const last = flow.steps.at(-1);
    return first < end && (last === undefined || last.bytesPerSecond > 0 || last.startSeconds > start);
  });
  const own = inside.filter((flow) => flow.migration === migration.index);
  const others = inside.filter((flow) => flow.migration !== migration.index);
  others.sort((a, b) => b.bytes - a.bytes || a.flow - b.flow);
  return [...own, ...others].slice(0, Math.max(MOST_FLOWS, 1));
}

function tellFlow(
  ground: LaneGround,
  flow: FlowTimeline,
  migration: MigrationTimeline,
  migrations: readonly MigrationSummary[],
): void {
  const summary = migrations.find((each) => each.index === flow.migration);
  const start = flow.steps[0]?.startSeconds ?? 0;
  const end = flow.steps.at(-1)?.startSeconds ?? start;
  const fastest = flow.steps.reduce((top, step) => Math.max(top, step.bytesPerSecond), 0);
  ground.tell(start, end, {
    title: summary === undefined ? `${flow.kind} flow` : `Flow of ${summary.vm}`,
    rows: [
      ["up to", formatRate(fastest)],
      ...(flow.bytes > 0 ? ([["in all", formatBytes(flow.bytes)]] as const) : []),
      ...(flow.migration === migration.index ? ([["this", "migration"]] as const) : []),
    ],
    term: "link",
  });
}

/** The area between two curves of steps, one value a column. */
function stepArea(
  lower: Float64Array,
  upper: Float64Array,
  left: number,
  right: number,
  y: (rate: number) => number,
): string {
  const width = (right - left) / upper.length;
  const forth: string[] = [];
  const back: string[] = [];
  for (let column = 0; column < upper.length; column += 1) {
    // A run of equal columns is one step.
    let until = column;
    while (upper[until + 1] === upper[column] && lower[until + 1] === lower[column]) until += 1;
    const from = px(left + column * width);
    const to = px(left + (until + 1) * width);
    forth.push(`L${from},${y(upper[column] as number)}H${to}`);
    back.unshift(`L${to},${y(lower[column] as number)}H${from}`);
    column = until;
  }
  return forth.length === 0 ? "" : `M${forth.join("").slice(1)}${back.join("")}Z`;
}
