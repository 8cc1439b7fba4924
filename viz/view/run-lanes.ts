/** The lanes of the whole run: migrations that wait and that are under way, and what nodes, links and volumes go through. */
import { group } from "d3";
import type { Condition } from "../model/conditions.ts";
import { formatCount } from "../model/format.ts";
import { columnMeans, type RateStep } from "../model/link.ts";
import type { LoadStep } from "../model/migration-load.ts";
import type { Timeline } from "../model/timeline.ts";
import { bar, barText, type Lane, type LaneGround } from "./lane.ts";
import { px } from "./svg.ts";

/** Lanes of conditions drawn one by one; more subjects than that are counted. */
const MOST_SUBJECTS = 10;
const COLUMN_PIXELS = 2;

export function runLanes(timeline: Timeline): Lane[] {
  const lanes: Lane[] = [];
  if (timeline.migrations.length > 1) {
    lanes.push(
      countLane("Waiting", timeline.load, (step) => step.waiting, "load waiting"),
      countLane("Under way", timeline.load, (step) => step.underWay, "load under-way"),
    );
  }
  const bySubject = group(timeline.conditions, (condition) => condition.subject);
  if (bySubject.size <= MOST_SUBJECTS) {
    for (const [subject, conditions] of bySubject) lanes.push(conditionLane(subject, conditions));
    return lanes;
  }
  const byKind = group(timeline.conditions, (condition) => condition.kind);
  for (const [kind, conditions] of byKind) {
    const name = kind.charAt(0).toUpperCase() + kind.slice(1);
    lanes.push(countLane(name, stepsOf(conditions), (step) => step.underWay, `load ${conditions[0]?.weight ?? ""}`));
  }
  return lanes;
}

function stepsOf(conditions: readonly Condition[]): LoadStep[] {
  const changes = conditions.flatMap((each) => [
    { t: each.startSeconds, by: 1 },
    { t: each.endSeconds, by: -1 },
  ]);
  changes.sort((a, b) => a.t - b.t);
  let underWay = 0;
  return changes.map(({ t, by }) => {
    underWay += by;
    return { startSeconds: t, waiting: 0, underWay, done: 0 };
  });
}

function countLane(name: string, load: readonly LoadStep[], count: (step: LoadStep) => number, kind: string): Lane {
  const most = load.reduce((top, step) => Math.max(top, count(step)), 0);
  const steps: RateStep[] = load.map((step) => ({ startSeconds: step.startSeconds, bytesPerSecond: count(step) }));
  return {
    name,
    detail: `at most ${formatCount(most)}`,
    height: 2.4,
    draw(ground) {
      drawCounts(ground, steps, Math.max(most, 1), kind);
      const first = load.find((step) => count(step) > 0)?.startSeconds;
      if (first === undefined) return;
      const last = load.findLast((step) => count(step) === 0)?.startSeconds ?? ground.frame.x.domain()[1] ?? first;
      ground.tell(first, Math.max(first, last), { title: name, rows: [["at most", formatCount(most)]], term: "queue" });
    },
  };
}

function drawCounts({ shapes, frame, height }: LaneGround, steps: RateStep[], most: number, kind: string): void {
  const [start = 0, end = 1] = frame.x.domain();
  const columns = Math.max(1, Math.round((frame.right - frame.left) / COLUMN_PIXELS));
  const means = columnMeans(steps, start, end, columns);
  const width = (frame.right - frame.left) / columns;
  const path: string[] = [`M${px(frame.left)},${px(height)}`];
  let before = Number.NaN;
  for (const [column, mean] of means.entries()) {
    if (mean !== before) path.push(`H${px(frame.left + column * width)}V${px(height - (mean / most) * (height - 2))}`);
    before = mean;
  }
  path.push(`H${px(frame.right)}V${px(height)}Z`);
  shapes.append("path").attr("class", kind).attr("d", path.join(""));
}

function conditionLane(subject: string, conditions: readonly Condition[]): Lane {
  return {
    name: subject,
    detail: [...new Set(conditions.map((each) => each.kind))].join(", "),
    height: 1.5,
    draw(ground) {
      for (const { kind, weight, startSeconds, endSeconds } of conditions) {
        const rect = bar(ground, startSeconds, endSeconds, `condition ${weight}`);
        if (weight === "down") rect?.attr("fill", "url(#run-standstill)");
        if (weight === "slow") rect?.attr("fill", "url(#run-receiving)");
        barText(ground, startSeconds, endSeconds, [kind]);
        ground.tell(startSeconds, endSeconds, {
          title: `${subject}: ${kind}`,
          rows: [],
          term: kind === "I/O waits" || kind === "redirected" ? "volume" : "node",
        });
      }
    },
  };
}
