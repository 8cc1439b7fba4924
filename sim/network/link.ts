/**
 * One direction of a network as a fluid: its goodput is shared max-min fairly among flows with caps. Rates change only
 * when a flow opens, closes or changes its cap, so owners compute their progress in closed form between such moments.
 */

/** Who sends over a flow. */
export interface FlowOwner {
  /**
   * The flow's rate was changed by another flow's opening, closing or change of cap, at the present simulated time.
   * All rates are set when this is called. Progress so far was at the former rate: an owner keeps its own copy.
   */
  onRateChanged(): void;
}

/** A stream of bytes over a link. It does not count them: its owner does, between changes of rate. */
export interface Flow {
  /** 1 for the first flow ever opened on the link. */
  readonly id: number;
  readonly capBytesPerSecond: number;
  /** What the flow gets now; 0 once it is closed. */
  readonly rateBytesPerSecond: number;
  readonly open: boolean;
  /** Changes the cap; the new rate holds at once. The flow's own owner is not told, others whose rate changes are. */
  setCap(capBytesPerSecond: number): void;
  /** Ends the flow and leaves its share to the others. Closing twice does nothing. */
  close(): void;
}

export interface LinkOptions {
  readonly name: string;
  /** Payload bytes per second that the link carries in this direction, framing taken off; finite, above 0. */
  readonly capacityBytesPerSecond: number;
  /** One way; 0 or more. */
  readonly latencySeconds: number;
  /** What waits before the link; absent or Infinity where it is not known. */
  readonly queueBytes?: number;
  /** Share of packets lost at random, 0 to below 1. */
  readonly lossShare?: number;
}

export class Link {
  readonly name: string;
  readonly capacityBytesPerSecond: number;
  readonly latencySeconds: number;
  readonly queueBytes: number;
  readonly lossShare: number;
  readonly #sharing: Sharing;

  constructor(options: LinkOptions) {
    const { name, capacityBytesPerSecond, latencySeconds, queueBytes, lossShare } = options;
    if (!(capacityBytesPerSecond > 0 && capacityBytesPerSecond < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`link ${name}: a capacity of ${capacityBytesPerSecond} bytes per second is not above 0`);
    }
    if (!(latencySeconds >= 0 && latencySeconds < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`link ${name}: a latency of ${latencySeconds} seconds is not a time`);
    }
    this.name = name;
    this.capacityBytesPerSecond = capacityBytesPerSecond;
    this.latencySeconds = latencySeconds;
    this.queueBytes = queueBytes ?? Number.POSITIVE_INFINITY;
    this.lossShare = lossShare ?? 0;
    this.#sharing = new Sharing(capacityBytesPerSecond);
  }

  /** Flows open now. */
  get flowCount(): number {
    return this.#sharing.flowCount;
  }

  /**
   * Starts a flow; its rate holds at once. Owners of other flows whose rate changes are told before this returns, in
   * the order in which their flows were opened.
   *
   * @param capBytesPerSecond Most that the flow may get; 0 pauses it, Infinity leaves it to the link.
   */
  openFlow(owner: FlowOwner, capBytesPerSecond: number): Flow {
    return this.#sharing.add(owner, capBytesPerSecond);
  }
}

/** The flows of one link and the division of its capacity among them. */
class Sharing {
  readonly #capacity: number;
  /** In opening order: the order in which owners are told. */
  readonly #opened: SharedFlow[] = [];
  /** By rising cap: the order in which progressive filling serves them. */
  readonly #byCap: SharedFlow[] = [];
  #openedEver = 0;
  /** Index in #opened of the flow being told; -1 while none is. */
  #telling = -1;
  #changedWhileTelling = false;

  constructor(capacityBytesPerSecond: number) {
    this.#capacity = capacityBytesPerSecond;
  }

  get flowCount(): number {
    return this.#opened.length;
  }

  add(owner: FlowOwner, cap: number): SharedFlow {
    checkCap(cap);
    this.#openedEver += 1;
    const flow = new SharedFlow(this, this.#openedEver, owner, cap);
    this.#opened.push(flow);
    this.#place(flow);
    this.#changed(flow);
    return flow;
  }

  changeCap(flow: SharedFlow, cap: number): void {
    checkCap(cap);
    this.#byCap.splice(this.#byCap.indexOf(flow), 1);
    flow.capBytesPerSecond = cap;
    this.#place(flow);
    this.#changed(flow);
  }

  remove(flow: SharedFlow): void {
    this.#byCap.splice(this.#byCap.indexOf(flow), 1);
    const index = this.#opened.indexOf(flow);
    this.#opened.splice(index, 1);
    // A flow may close while owners are being told: keep the place in the list.
    if (index <= this.#telling) this.#telling -= 1;
    flow.rateBytesPerSecond = 0;
    this.#changed(flow);
  }

  #changed(by: SharedFlow): void {
    this.#shareOut();
    // The caller reads its rate when its call returns, so nothing that others do meanwhile needs telling either.
    by.calling = true;
    this.#tell();
    by.calling = false;
    by.toldBytesPerSecond = by.rateBytesPerSecond;
  }

  /** Inserts after those with an equal cap; their order cannot matter, as equal caps get equal rates. */
  #place(flow: SharedFlow): void {
    let low = 0;
    let high = this.#byCap.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#byCap[middle].capBytesPerSecond <= flow.capBytesPerSecond) low = middle + 1;
      else high = middle;
    }
    this.#byCap.splice(low, 0, flow);
  }

  /** Progressive filling: by rising cap, each gets its cap or an equal share of what is left, whichever is less. */
  #shareOut(): void {
    const flows = this.#byCap;
    let left = this.#capacity;
    let index = 0;
    for (; index < flows.length; index += 1) {
      const flow = flows[index];
      // Once one flow gets no more than the equal share, so do all after it, the same to the last bit.
      if (flow.capBytesPerSecond >= left / (flows.length - index)) break;
      flow.rateBytesPerSecond = flow.capBytesPerSecond;
      left -= flow.capBytesPerSecond;
    }
    if (index === flows.length) return;
    const share = left / (flows.length - index);
    for (; index < flows.length; index += 1) flows[index].rateBytesPerSecond = share;
  }

  /** Tells owners in opening order. An owner may change flows meanwhile: then it goes round again until all know. */
  #tell(): void {
    if (this.#telling >= 0) {
      this.#changedWhileTelling = true;
      return;
    }
    do {
      this.#changedWhileTelling = false;
      for (this.#telling = 0; this.#telling < this.#opened.length; this.#telling += 1) {
        const flow = this.#opened[this.#telling];
        if (flow.calling || flow.rateBytesPerSecond === flow.toldBytesPerSecond) continue;
        flow.toldBytesPerSecond = flow.rateBytesPerSecond;
        flow.owner.onRateChanged();
      }
    } while (this.#changedWhileTelling);
    this.#telling = -1;
  }
}

class SharedFlow implements Flow {
  readonly id: number;
  readonly owner: FlowOwner;
  capBytesPerSecond: number;
  rateBytesPerSecond = 0;
  /** The rate that the owner knows of. */
  toldBytesPerSecond = 0;
  /** The flow is being opened, changed or closed. */
  calling = false;
  open = true;
  readonly #sharing: Sharing;

  constructor(sharing: Sharing, id: number, owner: FlowOwner, capBytesPerSecond: number) {
    this.#sharing = sharing;
    this.id = id;
    this.owner = owner;
    this.capBytesPerSecond = capBytesPerSecond;
  }

  setCap(capBytesPerSecond: number): void {
    if (!this.open) throw new Error("a closed flow has no cap to change");
    if (capBytesPerSecond !== this.capBytesPerSecond) this.#sharing.changeCap(this, capBytesPerSecond);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.#sharing.remove(this);
  }
}

function checkCap(capBytesPerSecond: number): void {
  if (!(capBytesPerSecond >= 0)) throw new RangeError(`a cap of ${capBytesPerSecond} bytes per second is not a rate`);
}
