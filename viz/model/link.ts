/** The migration network's rate over time. */
import type { Scenario, TraceEvent } from "../simulator.ts";

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
}

export function linkTimeline(events: readonly TraceEvent[], network: string | null, scenario: Scenario): LinkTimeline {
  const capacity = scenario.networks.find((candidate) => candidate.name === network)?.bytesPerSecond ?? 0;
  const steps: RateStep[] = [];
  const rates = new Map<number, number>();
  for (const event of events) {
    if (!("network" in event) || event.network !== network) continue;
    if (event.type === "link.flowStarted" || event.type === "link.flowRateChanged") {
      rates.set(event.flow, event.bytesPerSecond);
    } else if (event.type === "link.flowEnded") rates.delete(event.flow);
    else continue;
    let bytesPerSecond = 0;
    for (const rate of rates.values()) bytesPerSecond += rate;
    const last = steps.at(-1);
    if (last !== undefined && last.startSeconds === event.t) last.bytesPerSecond = bytesPerSecond;
    else steps.push({ startSeconds: event.t, bytesPerSecond });
  }
  return { network: network ?? "", capacityBytesPerSecond: capacity, steps };
}

/**
 * The steps as they are where they are few; else their mean over each of `columns` equal spans of time, which is all that
 * so many columns of a picture can show.
 */
export function drawnRates(
  steps: readonly RateStep[],
  startSeconds: number,
  endSeconds: number,
  columns: number,
): RateStep[] {
  if (steps.length <= 2 * columns) return [...steps];
  const width = (endSeconds - startSeconds) / columns;
  const bytes = new Float64Array(columns);
  for (const [index, step] of steps.entries()) {
    const until = Math.min(steps[index + 1]?.startSeconds ?? endSeconds, endSeconds);
    let from = Math.max(step.startSeconds, startSeconds);
    for (let column = Math.floor((from - startSeconds) / width); from < until && column < columns; column += 1) {
      const to = Math.min(until, startSeconds + (column + 1) * width);
      bytes[column] = (bytes[column] as number) + step.bytesPerSecond * Math.max(0, to - from);
      from = to;
    }
  }
  return Array.from(bytes, (sum, column) => ({
    startSeconds: startSeconds + column * width,
    bytesPerSecond: sum / width,
  }));
}
