/** The migration network's rate over time. */
import type { Scenario, TraceEvent } from "../simulator.ts";
import { bisectRight } from "./bisect.ts";
import type { TraceIndex } from "./trace-index.ts";

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

/** A network's flows, read as they come. */
export class LinkReader {
  /** Grows with the events. */
  readonly link: LinkTimeline;
  private readonly flows = new Map<number, FlowTimeline>();
  private readonly rates = new Map<number, number>();
  // Summed up anew at each step would cost as much as there are flows; what rounding adds up to is taken out when none is left.
  private total = 0;

  constructor(network: string | null, scenario: Scenario) {
    const capacity = scenario.networks.find((candidate) => candidate.name === network)?.bytesPerSecond ?? 0;
    this.link = { network: network ?? "", capacityBytesPerSecond: capacity, steps: [], flows: [] };
  }

  take(event: TraceEvent): void {
    const { flows, rates, link } = this;
    let rate = 0;
    if (event.type === "link.flowStarted") {
      const migration = "migration" in event && typeof event.migration === "number" ? event.migration : null;
      const flow = { flow: event.flow, kind: event.kind, migration, bytes: 0, steps: [] };
      // A number that is used again is another flow, in the place of the first.
      const before = flows.get(event.flow);
      if (before === undefined) link.flows.push(flow);
      else link.flows[link.flows.indexOf(before)] = flow;
      flows.set(event.flow, flow);
      rate = event.bytesPerSecond;
    } else if (event.type === "link.flowRateChanged") rate = event.bytesPerSecond;
    else if (event.type !== "link.flowEnded") return;
    this.total += rate - (rates.get(event.flow) ?? 0);
    if (event.type === "link.flowEnded") rates.delete(event.flow);
    else rates.set(event.flow, rate);
    if (rates.size === 0) this.total = 0;
    addStep(link.steps, event.t, Math.max(0, this.total));
    const flow = flows.get(event.flow);
    if (flow !== undefined) addStep(flow.steps, event.t, rate);
    if (flow !== undefined && event.type === "link.flowEnded") flow.bytes = event.bytes;
  }
}

/** The links of a trace that may grow: each network's is made when it is first asked for. */
export class Links {
  private readonly index: TraceIndex;
  private readonly scenario: Scenario;
  private readonly readers = new Map<string, { reader: LinkReader; taken: number }>();

  constructor(index: TraceIndex, scenario: Scenario) {
    this.index = index;
    this.scenario = scenario;
  }

  /** The network's flows so far; null stands for no network. */
  of(network: string | null): LinkTimeline {
    if (network === null) return new LinkReader(null, this.scenario).link;
    let known = this.readers.get(network);
    if (known === undefined) {
      known = { reader: new LinkReader(network, this.scenario), taken: 0 };
      this.readers.set(network, known);
    }
    const places = this.index.ofNetwork(network);
    for (; known.taken < places.length; known.taken += 1) {
      known.reader.take(this.index.events.at(places[known.taken] as number));
    }
    return known.reader.link;
  }
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
