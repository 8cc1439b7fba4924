/**
 * Bandwidth shared max-min fairly among flows that each use one or more ports: no flow can have more without another, that
 * has no more than it, having less. Progressive filling (Bertsekas and Gallager, Data Networks, 6.5.2), with caps.
 * A change touches only the flows that are connected with it, by ports in common.
 */

/** Who sends over a flow. */
export interface FlowOwner {
  /**
   * The flow's rate was changed by another flow's opening, closing or change of cap, at the present simulated time.
   * All rates are set when this is called. Progress so far was at the former rate: an owner keeps its own copy.
   */
  onRateChanged(): void;
}

/** A stream of bytes. It does not count them: its owner does, between changes of rate. */
export interface Flow {
  /** 1 for the first flow ever opened among those that share. */
  readonly id: number;
  readonly capBytesPerSecond: number;
  /** What the flow gets now; 0 once it is closed. */
  readonly rateBytesPerSecond: number;
  readonly open: boolean;
  /** Flows that it stands for, each of which gets `rateBytesPerSecond` under `capBytesPerSecond`; a whole number, 1 at first. */
  readonly weight: number;
  /** Stands for so many flows from now on. The flow's own owner is not told, others whose rate changes are. */
  setWeight(weight: number): void;
  /** Changes the cap; the new rate holds at once. The flow's own owner is not told, others whose rate changes are. */
  setCap(capBytesPerSecond: number): void;
  /** Ends the flow and leaves its share to the others. Closing twice does nothing. */
  close(): void;
}

/** What flows go through: one direction of a node's connection to a network. */
export class Port {
  /** Payload that it carries; changed by Sharing's `resize` only. */
  capacityBytesPerSecond: number;
  /** Open now; for Sharing. */
  readonly flows: SharedFlow[] = [];
  /** Their number, with their weights; for Sharing. */
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

/** The flows of one network and the division of its ports' capacity among them. */
export class Sharing {
  #openedEver = 0;
  /** Number of the present division, to mark what it has touched. */
  #division = 0;
  /** Flows and ports that the present division touches. */
  readonly #flows: SharedFlow[] = [];
  readonly #ports: Port[] = [];
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
    const flow = new SharedFlow(this, this.#openedEver, owner, capBytesPerSecond, path);
    for (const port of path) {
      port.flows.push(flow);
      port.weight += 1;
    }
    this.#changed(flow);
    return flow;
  }

  /** Changes what a port carries, 0 for nothing; the new rates hold at once, and owners are told but for one that uses it. */
  resize(port: Port, capacityBytesPerSecond: number): void {
    checkCap(capacityBytesPerSecond);
    port.capacityBytesPerSecond = capacityBytesPerSecond;
    const [user] = port.flows;
    if (user !== undefined) this.#changed(user);
  }

  /** For SharedFlow. */
  changeCap(flow: SharedFlow, capBytesPerSecond: number): void {
    checkCap(capBytesPerSecond);
    flow.capBytesPerSecond = capBytesPerSecond;
    this.#changed(flow);
  }

  /** For SharedFlow. */
  changeWeight(flow: SharedFlow, weight: number): void {
    if (!(weight >= 1 && Number.isInteger(weight))) throw new RangeError(`a flow cannot stand for ${weight} flows`);
    for (const port of flow.path) port.weight += weight - flow.weight;
    flow.weight = weight;
    this.#changed(flow);
  }

  /** For SharedFlow. */
  remove(flow: SharedFlow): void {
    for (const port of flow.path) {
      port.flows.splice(port.flows.indexOf(flow), 1);
      port.weight -= flow.weight;
    }
    flow.rateBytesPerSecond = 0;
    this.#changed(flow);
  }

  #changed(by: SharedFlow): void {
    this.#divide(by);
    // The caller reads its rate when its call returns, so nothing that others do meanwhile needs telling either.
    by.calling = true;
    this.#tell();
    by.calling = false;
    by.toldBytesPerSecond = by.rateBytesPerSecond;
  }

  #divide(by: SharedFlow): void {
    if (isAlone(by)) {
      if (by.open) {
        let rate = by.capBytesPerSecond;
        for (const { capacityBytesPerSecond } of by.path) rate = Math.min(rate, capacityBytesPerSecond / by.weight);
        by.rateBytesPerSecond = rate;
      }
      return;
    }
    this.#collect(by);
    this.#fill();
    for (const flow of this.#flows) if (flow.rateBytesPerSecond !== flow.toldBytesPerSecond) this.#toTell(flow);
  }

  /** The flows that a change of this one can touch, by rising cap, and their ports. */
  #collect(by: SharedFlow): void {
    const flows = this.#flows;
    const ports = this.#ports;
    this.#division += 1;
    flows.length = 0;
    ports.length = 0;
    for (const port of by.path) this.#reach(port);
    // The list grows as it is gone through.
    for (const port of ports) {
      for (const flow of port.flows) {
        if (flow.mark === this.#division) continue;
        flow.mark = this.#division;
        flow.fixed = false;
        flows.push(flow);
        for (const other of flow.path) this.#reach(other);
      }
    }
    // The order of equal caps cannot matter, as equal caps under equal conditions get equal rates.
    flows.sort(byRisingCap);
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
    const flows = this.#flows;
    for (let next = 0; next < flows.length; ) {
      let share = Number.POSITIVE_INFINITY;
      let tightest: Port | null = null;
      for (const port of this.#ports) {
        if (port.unfixed === 0) continue;
        const portsShare = port.left / port.unfixed;
        if (portsShare >= share) continue;
        share = portsShare;
        tightest = port;
      }
      let hasCapped = false;
      for (; next < flows.length; next += 1) {
        const flow = flows[next];
        if (flow.fixed) continue;
        if (flow.capBytesPerSecond >= share) break;
        fix(flow, flow.capBytesPerSecond);
        hasCapped = true;
      }
      // What those with low caps leave raises the share of all others.
      if (hasCapped || tightest === null) continue;
      for (const flow of tightest.flows) if (!flow.fixed) fix(flow, share);
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
        if (flow.calling || !flow.open || flow.rateBytesPerSecond === flow.toldBytesPerSecond) continue;
        flow.toldBytesPerSecond = flow.rateBytesPerSecond;
        flow.owner.onRateChanged();
      }
      this.#round.length = 0;
      [this.#round, this.#nextRound] = [this.#nextRound, this.#round];
    }
    this.#telling = false;
  }
}

export class SharedFlow implements Flow {
  readonly id: number;
  readonly owner: FlowOwner;
  readonly path: readonly Port[];
  capBytesPerSecond: number;
  rateBytesPerSecond = 0;
  weight = 1;
  /** The rate that the owner knows of. */
  toldBytesPerSecond = 0;
  /** The flow is being opened, changed or closed. */
  calling = false;
  open = true;
  /** For Sharing: the division that has touched it, and whether that has settled its rate. */
  mark = 0;
  fixed = false;
  readonly #sharing: Sharing;

  constructor(sharing: Sharing, id: number, owner: FlowOwner, capBytesPerSecond: number, path: readonly Port[]) {
    this.#sharing = sharing;
    this.id = id;
    this.owner = owner;
    this.capBytesPerSecond = capBytesPerSecond;
    this.path = path;
  }

  setCap(capBytesPerSecond: number): void {
    if (!this.open) throw new Error("a closed flow has no cap to change");
    if (capBytesPerSecond !== this.capBytesPerSecond) this.#sharing.changeCap(this, capBytesPerSecond);
  }

  setWeight(weight: number): void {
    if (!this.open) throw new Error("a closed flow has no weight to change");
    if (weight !== this.weight) this.#sharing.changeWeight(this, weight);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.#sharing.remove(this);
  }
}

/** Whether no other flow uses any of its ports. */
function isAlone(flow: SharedFlow): boolean {
  const own = flow.open ? 1 : 0;
  for (const { flows } of flow.path) if (flows.length > own) return false;
  return true;
}

function fix(flow: SharedFlow, bytesPerSecond: number): void {
  flow.fixed = true;
  flow.rateBytesPerSecond = bytesPerSecond;
  for (const port of flow.path) {
    port.left = Math.max(0, port.left - flow.weight * bytesPerSecond);
    port.unfixed -= flow.weight;
  }
}

function byRisingCap(one: SharedFlow, other: SharedFlow): number {
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
