/** What a sweep would do, and about how long it would take. */
import { setImmediate } from "node:timers/promises";
import { formatCount, formatSeconds } from "../../../sim/index.ts";
import { formatValue } from "../../formats/sweep/sweep-value-text.ts";
import type { SweepAxis } from "../../planning/sweep/sweep-axis.ts";
import { pointOfTask, type SweepDefinition, type TaskRange, taskCount } from "../../planning/sweep/sweep-definition.ts";
import { pointCount } from "../../planning/sweep/sweep-design.ts";
import type { SweepTasks } from "../../planning/sweep/sweep-tasks.ts";

/** Points, and then more seeds of them, are tried for so much processor time. */
const TRY_SECONDS = 2;
const MOST_POINTS_TRIED = 500;
const SEEDS_AT_ONCE = 20;

const MOST_VALUES_SHOWN = 6;

export async function describeSweep(
  definition: SweepDefinition,
  tasks: SweepTasks,
  { range, workers }: { range: TaskRange; workers: number },
): Promise<string> {
  const { axes, design, seeds, seed } = definition;
  const points = pointCount(axes, design);
  const total = taskCount(definition);
  const count = range.to - range.from;
  const seconds = count === 0 ? 0 : await estimateSeconds(definition, tasks, range);
  const of = count === total ? "" : `, of which ${formatCount(count)} in this shard`;
  const estimate = formatSeconds(seconds / Math.max(1, workers));
  const by = workers === 0 ? "in this process" : `with ${workers} ${workers === 1 ? "thread" : "threads"}`;
  return `${[
    ...axes.map((axis) => `${axis.path}: ${describeAxis(axis)}`),
    `design: ${design.kind}, ${formatCount(points)} points; ${formatCount(seeds)} seeds from ${seed} at each`,
    `tasks: ${formatCount(total)}${of}`,
    `estimate: ${estimate} ${by} (${formatSeconds(seconds / Math.max(1, count))} a task)`,
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

/**
 * What the range takes one processor. A point's first task takes longer than its others, for it prepares the scenario: both are
 * timed, at points spread over the range, and only the last quarter counts, for the first compile what all others run.
 */
async function estimateSeconds(definition: SweepDefinition, tasks: SweepTasks, range: TaskRange): Promise<number> {
  const first = pointOfTask(definition, range.from);
  const points = pointOfTask(definition, range.to - 1) - first + 1;
  const tried = Math.min(points, MOST_POINTS_TRIED);
  const begun = processorSeconds();
  const opening: number[] = [];
  const going: number[] = [];
  const time = (from: number, to: number) => {
    const before = { processor: processorSeconds(), clock: performance.now() };
    tasks.do({ from, to });
    return Math.min(processorSeconds() - before.processor, (performance.now() - before.clock) / 1000);
  };
  for (let index = 0; index === 0 || processorSeconds() - begun < TRY_SECONDS; index++) {
    const point = first + Math.floor((points * (index % tried)) / tried);
    const seedsBefore = Math.floor(index / tried) * SEEDS_AT_ONCE;
    const from = Math.max(range.from, point * definition.seeds) + seedsBefore;
    const to = Math.min(range.to, (point + 1) * definition.seeds, from + SEEDS_AT_ONCE);
    if (from >= to) break;
    opening.push(time(from, from + 1));
    if (to - from > 1) going.push(time(from + 1, to) / (to - from - 1));
    if (index % 16 === 15) await setImmediate();
  }
  return points * meanOfLastQuarter(opening) + (range.to - range.from - points) * meanOfLastQuarter(going);
}

/** On a busy machine the clock would tell of little else than waiting; on another it leaves out what compiles beside. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function meanOfLastQuarter(seconds: readonly number[]): number {
  const counted = seconds.slice(Math.floor((seconds.length * 3) / 4));
  return counted.length === 0 ? 0 : counted.reduce((sum, each) => sum + each, 0) / counted.length;
}
