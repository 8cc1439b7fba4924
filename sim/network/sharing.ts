/**
 * Bandwidth shared max-min fairly among flows that each use one or more ports: no flow can have more without another, that
 * has no more than it, having less. Progressive filling (Bertsekas and Gallager, Data Networks, 6.5.2), with caps.
 * A change touches only the flows that are connected with it, by ports in common, and costs by their groups (flow-group.ts):
 * beside them only by those whose owners have to be told.
 */
import { FlowGroup, groupFor, type Port } from "./flow-group.ts";
import { type Flow, type FlowOwner, SharedFlow } from "./shared-flow.ts";

/** The flows of one network and the division of its ports' capacity among them. */
export class Sharing {
  #openedEver = 0;
  /** Number of the present division, to mark what it has touched. */
  #division = 0;
  /** Groups and ports that the present division touches. */
  readonly #groups: FlowGroup[] = [];
  readonly #ports: Port[] = [];
  /** Those whose rate the present step of it has settled. */
  readonly #fixed: FlowGroup[] = [];
  /** Flows to be told, in opening order: in the round under way from the cursor on, and in the next one. */
  #round: SharedFlow[] = [];
  #nextRound: SharedFlow[] = [];
  #cursor = 0;
  #telling = false;

  /**
   * Starts a flow; its rate holds at once. Owners of other flows whose rate changes are told before this returns, in
   * the order in which their flows were opened.
   *
   * @param path The ports that it uses, each once; at least one.
   */
  open(owner: FlowOwner, capBytesPerSecond: number, path: readonly Port[]): Flow {
    checkCap(capBytesPerSecond);
    this.#openedEver += 1;
    const flow = new SharedFlow(this, this.#openedEver, owner, groupFor(path, capBytesPerSecond));
    flow.enter();
    this.#changed(flow);
    return flow;
  }

  /** Changes what a port carries, 0 for nothing; the new rates hold at once, and owners are told of them. */
  resize(port: Port, capacityBytesPerSecond: number): void {
    checkCap(capacityBytesPerSecond);
    port.capacityBytesPerSecond = capacityBytesPerSecond;
    const [group] = port.groups;
    if (group === undefined) return;
    this.#divide(group);
    this.#tell();
  }

  /** For SharedFlow. */
  changeCap(flow: SharedFlow, capBytesPerSecond: number): void {
    checkCap(capBytesPerSecond);
    const { path, isOfOne } = flow.group;
    flow.leave();
    flow.group = isOfOne ? new FlowGroup(path, capBytesPerSecond, true) : groupFor(path, capBytesPerSecond);
    flow.enter();
    this.#changed(flow);
  }

  /** For SharedFlow. */
  changeWeight(flow: SharedFlow, weight: number): void {
    if (!(weight >= 1 && Number.isInteger(weight))) throw new RangeError(`a flow cannot stand for ${weight} flows`);
    const { group } = flow;
    if (group.isOfOne) group.count(0, weight - flow.weight);
    else {
      flow.leave();
      flow.group = new FlowGroup(group.path, group.capBytesPerSecond, true);
    }
    const isNew = flow.group !== group;
    flow.weight = weight;
    if (isNew) flow.enter();
    this.#changed(flow);
  }

  /** For SharedFlow. */
  remove(flow: SharedFlow): void {
    flow.leave();
    this.#changed(flow);
  }

  #changed(by: SharedFlow): void {
    // The caller reads its rate when its call returns, so nothing that others do meanwhile needs telling either.
    by.calling = true;
    by.noteChange();
    this.#divide(by.group);
    this.#tell();
    by.calling = false;
    by.knows();
  }

  #divide(by: FlowGroup): void {
    if (by.isAlone) {
      if (by.flowCount === 0) return;
      by.rateBefore = by.rateBytesPerSecond;
      by.rateBytesPerSecond = by.aloneBytesPerSecond;
      this.#noteRate(by);
      if (by.rateBytesPerSecond !== by.rateBefore) by.history?.onChanged();
      return;
    }
    this.#collect(by);
    this.#fill();
    for (const group of this.#groups) this.#noteRate(group);
    for (const group of this.#groups) if (group.rateBytesPerSecond !== group.rateBefore) group.history?.onChanged();
  }

  /** It has another rate, or may have; one who is changing a flow of his own needs no telling. */
  #noteRate(group: FlowGroup): void {
    const { rateBytesPerSecond } = group;
    if (rateBytesPerSecond !== group.rateBefore) group.changes += 1;
    for (const flow of group.told) {
      if (rateBytesPerSecond !== flow.toldBytesPerSecond && !flow.calling) this.#toTell(flow);
    }
  }

  /** The groups that a change of this one can touch, by rising cap, and their ports. */
  #collect(by: FlowGroup): void {
    const groups = this.#groups;
    const ports = this.#ports;
    this.#division += 1;
    groups.length = 0;
    ports.length = 0;
    for (const port of by.path) this.#reach(port);
    // The list grows as it is gone through.
    for (const port of ports) {
      for (const group of port.groups) {
        if (group.mark === this.#division) continue;
        group.mark = this.#division;
        group.fixed = false;
        group.rateBefore = group.rateBytesPerSecond;
        groups.push(group);
        for (const other of group.path) this.#reach(other);
      }
    }
    // The order of equal caps cannot matter, as equal caps under equal conditions get equal rates.
    if (groups.length > 1) groups.sort(byRisingCap);
  }

  #reach(port: Port): void {
    if (port.mark === this.#division) return;
    port.mark = this.#division;
    port.left = port.capacityBytesPerSecond;
    port.unfixed = port.weight;
    this.#ports.push(port);
  }

  /** Progressive filling: all rates rise together; a flow stops at its cap, or when a port of its has nothing left. */
  #fill(): void {
    const groups = this.#groups;
    const fixed = this.#fixed;
    for (let next = 0; next < groups.length; ) {
      let share = Number.POSITIVE_INFINITY;
      let tightest: Port | null = null;
      for (const port of this.#ports) {
        if (port.unfixed === 0) continue;
        const portsShare = port.left / port.unfixed;
        if (portsShare >= share) continue;
        share = portsShare;
        tightest = port;
      }
      for (; next < groups.length; next += 1) {
        const group = groups[next] as FlowGroup;
        if (group.fixed) continue;
        if (group.capBytesPerSecond >= share) break;
        group.fix(group.capBytesPerSecond);
        fixed.push(group);
      }
      // What those with low caps leave raises the share of all others.
      if (fixed.length === 0 && tightest !== null) {
        for (const group of tightest.groups) {
          if (group.fixed) continue;
          group.fix(share);
          fixed.push(group);
        }
      }
      for (const group of fixed) group.take();
      fixed.length = 0;
    }
  }

  /** Whoever comes after the one being told is told in the same round, the others in the next. */
  #toTell(flow: SharedFlow): void {
    const told = this.#telling ? this.#round[this.#cursor] : undefined;
    if (told !== undefined && flow.id <= told.id) insert(this.#nextRound, flow, 0);
    else insert(this.#round, flow, told === undefined ? 0 : this.#cursor + 1);
  }

  /** Tells owners in opening order. An owner may change flows meanwhile: then it goes round again until all know. */
  #tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    while (this.#round.length > 0) {
      for (this.#cursor = 0; this.#cursor < this.#round.length; this.#cursor += 1) {
        const flow = this.#round[this.#cursor];
        if (flow.calling || !flow.isTold || flow.rateBytesPerSecond === flow.toldBytesPerSecond) continue;
        flow.toldBytesPerSecond = flow.rateBytesPerSecond;
        flow.owner.onRateChanged();
      }
      this.#round.length = 0;
      [this.#round, this.#nextRound] = [this.#nextRound, this.#round];
    }
    this.#telling = false;
  }
}

function byRisingCap(one: FlowGroup, other: FlowGroup): number {
  if (one.capBytesPerSecond === other.capBytesPerSecond) return 0;
  return one.capBytesPerSecond < other.capBytesPerSecond ? -1 : 1;
}

/** Inserts by opening order, from an index on, where it is not in the list yet. */
function insert(flows: SharedFlow[], flow: SharedFlow, from: number): void {
  let index = flows.length;
  while (index > from && flows[index - 1].id > flow.id) index -= 1;
  if (index > from && flows[index - 1] === flow) return;
  flows.splice(index, 0, flow);
}

function checkCap(capBytesPerSecond: number): void {
  if (!(capBytesPerSecond >= 0)) throw new RangeError(`a cap of ${capBytesPerSecond} bytes per second is not a rate`);
}
