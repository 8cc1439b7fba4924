/** A stream of bytes that shares ports with others, and whoever sends it. */

import type { Simulation } from "../kernel/simulation.ts";
import { type FlowGroup, takeOut } from "./flow-group.ts";
import { RateHistory } from "./rate-history.ts";
import type { Sharing } from "./sharing.ts";

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
  /**
   * Whether its owner is told of changes of its rate; it is at first. One that is not asks for the rate when it needs it: a
   * change then costs nothing for this flow.
   */
  setTold(isTold: boolean): void;
  /** Whether others have changed the rate since this was last asked, were it but for a moment. */
  takeChange(): boolean;
  /** What it gets as long as its cap stays, for an owner that reckons later; null where it has not many like it. */
  historyAmongMany(simulation: Simulation): RateHistory | null;
  /** Ends the flow and leaves its share to the others. Closing twice does nothing. */
  close(): void;
}

/** So many flows alike make it worth while to keep what they were given. */
const MANY = 4;

export class SharedFlow implements Flow {
  readonly id: number;
  readonly owner: FlowOwner;
  group: FlowGroup;
  weight = 1;
  open = true;
  isTold = true;
  /** The rate that the owner knows of. */
  toldBytesPerSecond = 0;
  /** The flow is being opened, changed or closed. */
  calling = false;
  readonly #sharing: Sharing;
  /** The group's changes up to the last that the owner knows of, and whether there were others. */
  #knownChanges = 0;
  #hasChanged = false;

  constructor(sharing: Sharing, id: number, owner: FlowOwner, group: FlowGroup) {
    this.#sharing = sharing;
    this.id = id;
    this.owner = owner;
    this.group = group;
  }

  get capBytesPerSecond(): number {
    return this.group.capBytesPerSecond;
  }

  get rateBytesPerSecond(): number {
    return this.open ? this.group.rateBytesPerSecond : 0;
  }

  setCap(capBytesPerSecond: number): void {
    if (!this.open) throw new Error("a closed flow has no cap to change");
    if (capBytesPerSecond !== this.capBytesPerSecond) this.#sharing.changeCap(this, capBytesPerSecond);
  }

  setWeight(weight: number): void {
    if (!this.open) throw new Error("a closed flow has no weight to change");
    if (weight !== this.weight) this.#sharing.changeWeight(this, weight);
  }

  setTold(isTold: boolean): void {
    if (isTold === this.isTold || !this.open) return;
    this.isTold = isTold;
    this.toldBytesPerSecond = this.rateBytesPerSecond;
    const { told } = this.group;
    if (isTold) told.push(this);
    else takeOut(told, this);
  }

  takeChange(): boolean {
    this.noteChange();
    const hasChanged = this.#hasChanged;
    this.#hasChanged = false;
    return hasChanged;
  }

  historyAmongMany(simulation: Simulation): RateHistory | null {
    const { group } = this;
    if (group.flowCount < MANY) return null;
    group.history ??= new RateHistory(simulation, group);
    return group.history;
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.#sharing.remove(this);
  }

  /** For Sharing: joins its group. */
  enter(): void {
    this.group.count(1, this.weight);
    if (this.isTold) this.group.told.push(this);
    this.#knownChanges = this.group.changes;
  }

  /** For Sharing: leaves it. */
  leave(): void {
    const { told } = this.group;
    this.noteChange();
    this.group.count(-1, -this.weight);
    if (this.isTold) takeOut(told, this);
  }

  /** For Sharing: before the owner itself changes something. */
  noteChange(): void {
    if (this.group.changes !== this.#knownChanges) this.#hasChanged = true;
    this.#knownChanges = this.group.changes;
  }

  /** For Sharing: the owner knows the rate that it has now, having changed it itself. */
  knows(): void {
    this.toldBytesPerSecond = this.rateBytesPerSecond;
    this.#knownChanges = this.group.changes;
  }
}
