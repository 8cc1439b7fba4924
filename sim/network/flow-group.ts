/**
 * Flows that go the same way under the same cap: each gets what the others get, so that bandwidth is divided among groups,
 * not flows. A thousand machines that leave one node for another are one group.
 */
import type { RateHistory } from "./rate-history.ts";
import type { SharedFlow } from "./shared-flow.ts";

/** What flows go through: one direction of a node's connection to a network. */
export class Port {
  /** Payload that it carries; changed by Sharing's `resize` only. */
  capacityBytesPerSecond: number;
  /** With open flows through it; for Sharing. */
  readonly groups: FlowGroup[] = [];
  /** The number of its flows, with their weights; for Sharing. */
  weight = 0;
  /** For Sharing, while it fills: what is left, for how many. */
  left = 0;
  unfixed = 0;
  mark = 0;

  /** @param capacityBytesPerSecond Finite and above 0 on one port at least of each flow. */
  constructor(capacityBytesPerSecond: number) {
    this.capacityBytesPerSecond = capacityBytesPerSecond;
  }
}

export class FlowGroup {
  readonly path: readonly Port[];
  readonly capBytesPerSecond: number;
  /** Holds one flow only, which stands for several. */
  readonly isOfOne: boolean;
  flowCount = 0;
  /** Flows that they stand for together. */
  weight = 0;
  /** What each gets. */
  rateBytesPerSecond = 0;
  /** How often that has changed. */
  changes = 0;
  /** Flows whose owners are told of every change. */
  readonly told: SharedFlow[] = [];
  /** Where owners rest. */
  history: RateHistory | null = null;
  /** For Sharing: the division that has touched it, whether that has settled its rate, and the rate before. */
  mark = 0;
  fixed = false;
  rateBefore = 0;

  constructor(path: readonly Port[], capBytesPerSecond: number, isOfOne: boolean) {
    this.path = path;
    this.capBytesPerSecond = capBytesPerSecond;
    this.isOfOne = isOfOne;
  }

  /** Flows come in, one that stands for several or one after the other, or leave again (below 0). */
  count(flows: number, weight: number): void {
    for (const port of this.path) {
      if (this.flowCount === 0) port.groups.push(this);
      port.weight += weight;
    }
    this.flowCount += flows;
    this.weight += weight;
    if (this.flowCount > 0) return;
    for (const { groups } of this.path) takeOut(groups, this);
  }

  /** Whether nothing else uses any of its ports. */
  get isAlone(): boolean {
    const own = this.flowCount > 0 ? 1 : 0;
    for (const { groups } of this.path) if (groups.length > own) return false;
    return true;
  }

  /** What each gets where nothing else uses its ports. */
  get aloneBytesPerSecond(): number {
    let rate = this.capBytesPerSecond;
    for (const { capacityBytesPerSecond } of this.path) rate = Math.min(rate, capacityBytesPerSecond / this.weight);
    return rate;
  }

  /** The division settles its rate; the ports have so many flows less to divide the rest among. */
  fix(bytesPerSecond: number): void {
    this.fixed = true;
    this.rateBytesPerSecond = bytesPerSecond;
    for (const port of this.path) port.unfixed -= this.weight;
  }

  /** Its ports have what it takes no more. A port that has no flow left to divide among needs no reckoning. */
  take(): void {
    const each = this.isOfOne ? this.weight : 1;
    for (const port of this.path) {
      if (port.unfixed === 0) continue;
      // Flow by flow: the rounding is that of flows which are not grouped, and a rate does not depend on how they are.
      for (let flow = 0; flow < this.flowCount; flow += 1) {
        port.left = Math.max(0, port.left - each * this.rateBytesPerSecond);
      }
    }
  }
}

/** A splice for one that is the last, as it mostly is, would cost ten times as much: it makes an array of what it takes out. */
export function takeOut<T>(list: T[], item: T): void {
  if (list[list.length - 1] === item) list.pop();
  else list.splice(list.indexOf(item), 1);
}

/** The group for a flow: one that there is already, or a new one. */
export function groupFor(path: readonly Port[], capBytesPerSecond: number): FlowGroup {
  for (const group of (path[0] as Port).groups) {
    if (group.capBytesPerSecond === capBytesPerSecond && !group.isOfOne && isSamePath(group.path, path)) return group;
  }
  return new FlowGroup(path, capBytesPerSecond, false);
}

function isSamePath(one: readonly Port[], other: readonly Port[]): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
