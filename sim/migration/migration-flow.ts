/** A migration's flow over its link, and what the trace tells of it. */
import type { FlowOwner } from "../network/link.ts";
import type { RateHistory } from "../network/rate-history.ts";
import type { SteadyFlow } from "../network/split-flow.ts";
import type { MigrationContext } from "./migration-context.ts";

export class MigrationFlow implements FlowOwner {
  private readonly context: MigrationContext;
  private readonly owner: FlowOwner;
  private readonly flow: SteadyFlow;
  /** The cap that it has again once its connection goes on; NaN while it does. */
  private capToComeBytesPerSecond = Number.NaN;
  /** Whether its owner does without being told of changes. */
  private isQuiet = false;

  constructor(context: MigrationContext, owner: FlowOwner, capBytesPerSecond: number) {
    this.context = context;
    this.owner = owner;
    const streams = context.setup.streams ?? 1;
    this.flow = context.link.openConnections(this, this.carried(capBytesPerSecond), streams, this.connectionLimit);
    const { recorder, simulation, migration, link } = context;
    if (!recorder.recording) return;
    recorder.record({
      t: simulation.now,
      type: "link.flowStarted",
      network: link.name,
      flow: this.flow.id,
      kind: "migration",
      migration,
      bytesPerSecond: this.flow.rateBytesPerSecond,
    });
  }

  get rateBytesPerSecond(): number {
    return this.flow.rateBytesPerSecond;
  }

  setCap(capBytesPerSecond: number): void {
    const carried = this.carried(capBytesPerSecond);
    if (!Number.isNaN(this.capToComeBytesPerSecond)) {
      this.capToComeBytesPerSecond = carried;
      return;
    }
    if (this.flow.capBytesPerSecond === carried) return;
    this.flow.setCap(carried);
    this.tellRate();
  }

  /** Nothing gets through: it stands still, and leaves its share to others. */
  hold(): void {
    if (!this.flow.open) return;
    this.capToComeBytesPerSecond = this.flow.capBytesPerSecond;
    this.flow.setCap(0);
    this.tellRate();
  }

  release(): void {
    const carried = this.capToComeBytesPerSecond;
    this.capToComeBytesPerSecond = Number.NaN;
    if (!this.flow.open || Number.isNaN(carried)) return;
    this.flow.setCap(carried);
    this.tellRate();
  }

  /** From now on its owner asks for changes, or is told of them. A trace tells of each either way. */
  setQuiet(isQuiet: boolean): void {
    if (isQuiet === this.isQuiet) return;
    this.isQuiet = isQuiet;
    this.flow.takeChange();
    if (!this.context.recorder.recording) this.flow.setTold(!isQuiet);
  }

  /** Whether the rate has changed since this was last asked, or since the owner was no longer told. */
  takeChange(): boolean {
    return this.isQuiet && this.flow.takeChange();
  }

  /** See Flow. */
  historyAmongMany(): RateHistory | null {
    return this.flow.historyAmongMany(this.context.simulation);
  }

  /** For the link: its owner hears of it once the trace has it. */
  onRateChanged(): void {
    this.tellRate();
    if (!this.isQuiet) this.owner.onRateChanged();
  }

  /** What the connections carry of it. */
  private carried(capBytesPerSecond: number): number {
    return Math.min(capBytesPerSecond, this.connectionLimit * (this.context.setup.streams ?? 1));
  }

  /** Bytes per second. */
  private get connectionLimit(): number {
    const { link, setup } = this.context;
    return link.connectionLimitBytesPerSecond(setup.isSentByAdapters ?? false);
  }

  /** Records the rate that the flow has from now on. */
  private tellRate(): void {
    const { recorder, simulation, link } = this.context;
    if (!recorder.recording) return;
    const { id, rateBytesPerSecond } = this.flow;
    recorder.record({
      t: simulation.now,
      type: "link.flowRateChanged",
      network: link.name,
      flow: id,
      bytesPerSecond: rateBytesPerSecond,
    });
  }

  /** Closes the flow, over which so many bytes went in all; does nothing where it is closed. */
  close(bytes: number): void {
    if (!this.flow.open) return;
    const { recorder, simulation, link } = this.context;
    if (recorder.recording) {
      recorder.record({ t: simulation.now, type: "link.flowEnded", network: link.name, flow: this.flow.id, bytes });
    }
    this.flow.close();
  }
}
