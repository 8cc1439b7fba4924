/** Transfers of a pool against flows of their own, which share the same ports one by one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EventTicket, Simulation } from "../../sim/kernel/simulation.ts";
import { Port } from "../../sim/network/flow-group.ts";
import type { Flow } from "../../sim/network/shared-flow.ts";
import { Sharing } from "../../sim/network/sharing.ts";
import { Transfer, TransferPool } from "../../sim/network/transfer-pool.ts";

/** A transfer that counts its own bytes, and plans its end anew with each change of rate. */
class OwnFlow {
  leftBytes: number;
  private readonly simulation: Simulation;
  private readonly flow: Flow;
  private readonly over: () => void;
  private asOfSeconds: number;
  private rate: number;
  private ticket: EventTicket | null = null;

  constructor(simulation: Simulation, open: (owner: OwnFlow) => Flow, bytes: number, over: () => void) {
    this.simulation = simulation;
    this.leftBytes = bytes;
    this.over = over;
    this.asOfSeconds = simulation.now;
    this.flow = open(this);
    this.rate = this.flow.rateBytesPerSecond;
    this.plan();
  }

  onRateChanged(): void {
    this.settle();
    this.plan();
  }

  onEvent(): void {
    this.ticket = null;
    this.flow.close();
    this.over();
  }

  cut(): number {
    this.settle();
    if (this.ticket !== null) this.simulation.cancel(this.ticket);
    this.flow.close();
    return this.leftBytes;
  }

  private settle(): void {
    const { now } = this.simulation;
    this.leftBytes = Math.max(0, this.leftBytes - (now - this.asOfSeconds) * this.rate);
    this.asOfSeconds = now;
    this.rate = this.flow.rateBytesPerSecond;
  }

  private plan(): void {
    if (this.ticket !== null) this.simulation.cancel(this.ticket);
    this.ticket = null;
    if (this.rate > 0)
      this.ticket = this.simulation.schedule(this.simulation.now + this.leftBytes / this.rate, this, 0);
  }
}

interface Step {
  at: number;
  bytes: number;
  cap: number;
  cutAfter: number | null;
  /** A flow without end, on one of the ports. */
  disturbs: number | null;
}

const steps = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 50, noNaN: true }),
    bytes: fc.oneof(fc.constantFrom(0, 1000), fc.double({ min: 1, max: 1e4, noNaN: true })),
    cap: fc.constantFrom(60, Number.POSITIVE_INFINITY),
    cutAfter: fc.option(fc.double({ min: 0.01, max: 30, noNaN: true }), { freq: 3 }),
    disturbs: fc.option(fc.constantFrom(0, 1), { freq: 5 }),
  }),
  { minLength: 1, maxLength: 25 },
);

type Ends = Map<number, { seconds: number; leftBytes: number }>;

/** Plays the steps, with each transfer's way to begin; gives when each ended, and what it had left. */
function play(script: readonly Step[], pooled: boolean): Ends {
  const simulation = new Simulation("transfers");
  const sharing = new Sharing();
  const ports = [new Port(100), new Port(250)];
  const pools = new Map<number, TransferPool>();
  const ends: Ends = new Map();
  const begin = ({ bytes, cap, cutAfter }: Step, index: number) => {
    const over = (leftBytes: number) => ends.set(index, { seconds: simulation.now, leftBytes });
    let cut: () => void;
    if (pooled) {
      const pool = pools.get(cap) ?? new TransferPool(simulation, (owner) => sharing.open(owner, cap, ports));
      pools.set(cap, pool);
      const transfer = new Transfer({ onTransferOver: () => over(0) });
      pool.begin(transfer, bytes);
      cut = () => transfer.isUnderWay && over(pool.cut(transfer));
    } else {
      const own = new OwnFlow(
        simulation,
        (owner) => sharing.open(owner, cap, ports),
        bytes,
        () => over(0),
      );
      cut = () => ends.has(index) || over(own.cut());
    }
    if (cutAfter !== null) simulation.schedule(simulation.now + cutAfter, { onEvent: () => cut() }, 0, 1);
  };
  for (const [index, step] of script.entries()) {
    const { at, disturbs } = step;
    const event =
      disturbs === null
        ? { onEvent: () => begin(step, index) }
        : { onEvent: () => sharing.open({ onRateChanged() {} }, 40, [ports[disturbs]]) };
    simulation.schedule(at, event, 0);
  }
  simulation.run(1e6);
  return ends;
}

describe("a pool of transfers", () => {
  it("ends each when a flow of its own would, whatever comes and goes", () => {
    fc.assert(
      fc.property(steps, (script) => {
        const ends = play(script, true);
        const wanted = play(script, false);
        expect([...ends.keys()].sort()).toEqual([...wanted.keys()].sort());
        for (const [index, { seconds, leftBytes }] of wanted) {
          const end = ends.get(index) ?? { seconds: Number.NaN, leftBytes: Number.NaN };
          expect(Math.abs(end.seconds - seconds)).toBeLessThan(1e-6);
          expect(Math.abs(end.leftBytes - leftBytes)).toBeLessThan(1e-6);
        }
      }),
      { seed: 20, numRuns: 400 },
    );
  });

  it("waits for one event, however many are under way", () => {
    const simulation = new Simulation("one");
    const sharing = new Sharing();
    const pool = new TransferPool(simulation, (owner) =>
      sharing.open(owner, Number.POSITIVE_INFINITY, [new Port(100)]),
    );
    let over = 0;
    for (let index = 0; index < 50; index += 1) {
      pool.begin(new Transfer({ onTransferOver: () => (over += 1) }), 100 + index);
    }
    expect(simulation.pendingEvents).toBe(1);
    simulation.run(1e6);
    expect(over).toBe(50);
  });

  it("ends those that end at once in the order in which they began", () => {
    const simulation = new Simulation("ties");
    const sharing = new Sharing();
    const port = new Port(100);
    const pool = new TransferPool(simulation, (owner) => sharing.open(owner, Number.POSITIVE_INFINITY, [port]));
    const order: number[] = [];
    for (let index = 0; index < 9; index += 1) {
      pool.begin(new Transfer({ onTransferOver: () => order.push(index) }), 500);
    }
    simulation.run(1e6);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(simulation.now).toBe(45);
    expect(port.groups).toEqual([]);
  });

  it("stands still while its flow gets nothing", () => {
    const simulation = new Simulation("held");
    const sharing = new Sharing();
    const flows: Flow[] = [];
    const pool = new TransferPool(simulation, (owner) => {
      flows.push(sharing.open(owner, 10, [new Port(100)]));
      return flows[0];
    });
    const transfer = new Transfer({ onTransferOver() {} });
    pool.begin(transfer, 100);
    const cap = (bytesPerSecond: number) => ({
      onEvent() {
        flows[0].setCap(bytesPerSecond);
        pool.onRateChanged();
      },
    });
    simulation.schedule(4, cap(0), 0);
    simulation.schedule(9, cap(30), 0);
    simulation.run(1e6);
    expect(simulation.now).toBeCloseTo(11, 12);
    expect(transfer.seconds).toBeCloseTo(11, 12);
  });
});
