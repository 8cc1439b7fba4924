/** What a sweep would do, and about how long it would take. */
import { setImmediate } from "node:timers/promises";
import { formatCount, formatSeconds } from "../../../sim/index.ts";
import { formatValue } from "../../formats/sweep/sweep-value-text.ts";
import type { SweepAxis } from "../../planning/sweep/sweep-axis.ts";
import { type SweepDefinition, type TaskRange, taskCount } from "../../planning/sweep/sweep-definition.ts";
import { pointCount } from "../../planning/sweep/sweep-design.ts";
import type { SweepTasks } from "../../planning/sweep/sweep-tasks.ts";

/** Tasks are tried for so long; at least two, of which the first is not counted, for it compiles what all others run. */
const TRY_SECONDS = 1;
const MOST_TRIED = 2000;

const MOST_VALUES_SHOWN = 6;

export async function describeSweep(
  definition: SweepDefinition,
  tasks: SweepTasks,
  { range, workers }: { range: TaskRange; workers: number },
): Promise<string> {
  const { axes, design, seeds, seed } = definition;
  const points = pointCount(axes, design);
  const total = taskCount(definition);
  const secondsATask = await timeTasks(tasks, range);
  const count = range.to - range.from;
  const of = count === total ? "" : `, of which ${formatCount(count)} in this shard`;
  const estimate = formatSeconds((secondsATask * count) / Math.max(1, workers));
  const by = workers === 0 ? "in this process" : `with ${workers} ${workers === 1 ? "thread" : "threads"}`;
  return `${[
    ...axes.map((axis) => `${axis.path}: ${describeAxis(axis)}`),
    `design: ${design.kind}, ${formatCount(points)} points; ${formatCount(seeds)} seeds from ${seed} at each`,
    `tasks: ${formatCount(total)}${of}`,
    `estimate: ${estimate} ${by} (${formatSeconds(secondsATask)} a task)`,
  ].join("\n")}\n`;
}

function describeAxis(axis: SweepAxis): string {
  if (axis.kind === "range") {
    const spacing = { lin: "evenly", log: "evenly in its logarithm", int: "whole numbers" }[axis.spacing];
    return `${axis.low} to ${axis.high} ${axis.dimension === "plain" ? "" : `${axis.dimension}, `}drawn ${spacing}`;
  }
  const { values } = axis;
  const shown = values.length <= MOST_VALUES_SHOWN ? values : values.slice(0, MOST_VALUES_SHOWN - 1);
  const list = shown.map(({ setting }) => formatValue(setting)).join(", ");
  const last = values.at(-1);
  const rest = shown.length < values.length && last !== undefined ? `, ... ${formatValue(last.setting)}` : "";
  return `${formatCount(values.length)} ${values.length === 1 ? "value" : "values"}: ${list}${rest}`;
}

/** The mean over tasks spread over the range. */
async function timeTasks(tasks: SweepTasks, { from, to }: TaskRange): Promise<number> {
  const count = Math.min(to - from, MOST_TRIED);
  const at = (index: number) => from + Math.floor(((to - from) * index) / count);
  tasks.do({ from: at(0), to: at(0) + 1 });
  const begun = performance.now();
  let done = 0;
  while (done < count) {
    const task = at(done);
    tasks.do({ from: task, to: task + 1 });
    done += 1;
    if (performance.now() - begun > TRY_SECONDS * 1000) break;
    if (done % 16 === 0) await setImmediate();
  }
  return (performance.now() - begun) / 1000 / done;
}
