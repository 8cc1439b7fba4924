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
