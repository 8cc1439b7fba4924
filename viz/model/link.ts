/** The migration network's rate over time. */
import type { Scenario, TraceEvent } from "../simulator.ts";
import { bisectRight } from "./bisect.ts";

export interface RateStep {
  startSeconds: number;
  bytesPerSecond: number;
}

export interface LinkTimeline {
  network: string;
  /** Signalling rate of the network; 0 where the scenario does not say. */
  capacityBytesPerSecond: number;
  /** The rate of all flows together from each step's start; before the first it is 0. */
  steps: RateStep[];
  /** Each flow by itself, in the order in which they start. */
  flows: FlowTimeline[];
}

/** A flow's own rate; 0 from its end on. */
export interface FlowTimeline {
  flow: number;
  /** What it carries. */
  kind: string;
  /** The migration that it belongs to; null for other traffic. */
  migration: number | null;
  /** On the wire; 0 where the trace does not hold its end. */
  bytes: number;
  steps: RateStep[];
}

export function linkTimeline(events: readonly TraceEvent[], network: string | null, scenario: Scenario): LinkTimeline {
  const capacity = scenario.networks.find((candidate) => candidate.name === network)?.bytesPerSecond ?? 0;
  const steps: RateStep[] = [];
  const flows = new Map<number, FlowTimeline>();
  const rates = new Map<number, number>();
  // Summed up anew at each step would cost as much as there are flows; what rounding adds up to is taken out when none is left.
  let total = 0;
  for (const event of events) {
    let rate = 0;
    if (event.type === "link.flowStarted") {
      const migration = "migration" in event && typeof event.migration === "number" ? event.migration : null;
      flows.set(event.flow, { flow: event.flow, kind: event.kind, migration, bytes: 0, steps: [] });
      rate = event.bytesPerSecond;
    } else if (event.type === "link.flowRateChanged") rate = event.bytesPerSecond;
    else if (event.type !== "link.flowEnded") continue;
    total += rate - (rates.get(event.flow) ?? 0);
    if (event.type === "link.flowEnded") rates.delete(event.flow);
    else rates.set(event.flow, rate);
    if (rates.size === 0) total = 0;
    addStep(steps, event.t, Math.max(0, total));
    const flow = flows.get(event.flow);
    if (flow !== undefined) addStep(flow.steps, event.t, rate);
    if (flow !== undefined && event.type === "link.flowEnded") flow.bytes = event.bytes;
  }
  return { network: network ?? "", capacityBytesPerSecond: capacity, steps, flows: [...flows.values()] };
}

function addStep(steps: RateStep[], startSeconds: number, bytesPerSecond: number): void {
  const last = steps.at(-1);
  if (last !== undefined && last.startSeconds === startSeconds) last.bytesPerSecond = bytesPerSecond;
  else steps.push({ startSeconds, bytesPerSecond });
}

/**
 * The steps of a stretch of time as they are where they are few; else their mean over each of `columns` equal parts of it,
 * which is all that so many columns of a picture can show. The first begins where the stretch does.
 */
export function drawnRates(
  steps: readonly RateStep[],
  startSeconds: number,
  endSeconds: number,
  columns: number,
): RateStep[] {
  const first = Math.max(0, bisectRight(steps, startSeconds, (step) => step.startSeconds) - 1);
  const last = bisectRight(steps, endSeconds, (step) => step.startSeconds);
  const inside = steps.slice(first, last);
  if (inside.length <= 2 * columns) {
    return inside.map((step) => ({ ...step, startSeconds: Math.max(step.startSeconds, startSeconds) }));
  }
  const means = columnMeans(inside, startSeconds, endSeconds, columns);
  const width = (endSeconds - startSeconds) / columns;
  return Array.from(means, (bytesPerSecond, column) => ({
    startSeconds: startSeconds + column * width,
    bytesPerSecond,
  }));
}

/** The mean rate over each of `columns` equal parts of a stretch of time. */
export function columnMeans(
  steps: readonly RateStep[],
  startSeconds: number,
  endSeconds: number,
  columns: number,
): Float64Array {
  const width = (endSeconds - startSeconds) / columns;
  const means = new Float64Array(columns);
  const first = Math.max(0, bisectRight(steps, startSeconds, (step) => step.startSeconds) - 1);
  for (let index = first; index < steps.length; index += 1) {
    const step = steps[index] as RateStep;
    if (step.startSeconds >= endSeconds) break;
    const until = Math.min(steps[index + 1]?.startSeconds ?? endSeconds, endSeconds);
    let from = Math.max(step.startSeconds, startSeconds);
    for (let column = Math.floor((from - startSeconds) / width); from < until && column < columns; column += 1) {
      const to = Math.min(until, startSeconds + (column + 1) * width);
      means[column] = (means[column] as number) + (step.bytesPerSecond * Math.max(0, to - from)) / width;
      from = Math.max(from, to);
    }
  }
  return means;
}
