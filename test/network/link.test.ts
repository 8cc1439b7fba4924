import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Flow, type FlowOwner, Link } from "../../sim/network/link.ts";
import "../support/fixed-seed.ts";

const silentOwner: FlowOwner = { onRateChanged() {} };

function linkOf(capacityBytesPerSecond: number): Link {
  return new Link({ name: "lm", capacityBytesPerSecond, latencySeconds: 0.0001 });
}

function ratesOf(flows: readonly Flow[]): number[] {
  return flows.map((flow) => flow.rateBytesPerSecond);
}

const capacities = fc.double({ min: 1, max: 1e10, noNaN: true });
const caps = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: 0, max: 1e10, noNaN: true }) },
  // Few distinct values, so that equal caps are common.
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 100, 1e6, 1e9) },
  { weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
);

/** What may happen to a link: a flow opens, or an earlier one changes its cap or closes. */
const actions = fc.array(
  fc.record({ kind: fc.constantFrom("open", "open", "setCap", "close"), cap: caps, flow: fc.nat(1000) }),
  { maxLength: 40 },
);
type Action = { kind: string; cap: number; flow: number };

/** Applies actions and gives the flows still open, in opening order. */
function play(link: Link, steps: readonly Action[]): Flow[] {
  const flows: Flow[] = [];
  for (const { kind, cap, flow } of steps) {
    if (kind === "open" || flows.length === 0) flows.push(link.openFlow(silentOwner, cap));
    else if (kind === "setCap") flows[flow % flows.length].setCap(cap);
    else flows.splice(flow % flows.length, 1)[0].close();
  }
  return flows;
}

describe("sharing of a link", () => {
  it("gives a lone flow its cap or the whole link", () => {
    expect(linkOf(100).openFlow(silentOwner, 40).rateBytesPerSecond).toBe(40);
    expect(linkOf(100).openFlow(silentOwner, Number.POSITIVE_INFINITY).rateBytesPerSecond).toBe(100);
  });

  it("gives what capped flows leave to the others in equal parts", () => {
    const link = linkOf(100);
    const flows = [50, 10, 90, 20].map((cap) => link.openFlow(silentOwner, cap));
    expect(ratesOf(flows)).toEqual([35, 10, 35, 20]);
    flows[2].close();
    expect(ratesOf(flows)).toEqual([50, 10, 0, 20]);
    flows[0].setCap(5);
    expect(ratesOf(flows)).toEqual([5, 10, 0, 20]);
    expect(link.flowCount).toBe(3);
  });

  it("is max-min fair, within the caps and the capacity, and wastes nothing", () => {
    fc.assert(
      fc.property(capacities, actions, (capacity, steps) => {
        const flows = play(linkOf(capacity), steps);
        const rates = ratesOf(flows);
        const sum = rates.reduce((total, rate) => total + rate, 0);
        const demand = flows.reduce((total, flow) => total + flow.capBytesPerSecond, 0);
        const largest = Math.max(0, ...rates);
        const slack = capacity * 1e-12;
        expect(sum).toBeLessThanOrEqual(capacity + slack);
        expect(sum).toBeGreaterThanOrEqual(Math.min(capacity, demand) - slack);
        for (const flow of flows) {
          expect(flow.rateBytesPerSecond).toBeLessThanOrEqual(flow.capBytesPerSecond);
          // Max-min: whoever gets less than asked for, nobody gets more.
          if (flow.rateBytesPerSecond < flow.capBytesPerSecond) {
            expect(flow.rateBytesPerSecond).toBeGreaterThanOrEqual(largest - slack);
          }
        }
      }),
    );
  });

  it("depends on the caps alone, to the last bit, not on the order or the past", () => {
    fc.assert(
      fc.property(capacities, actions, (capacity, steps) => {
        const flows = play(linkOf(capacity), steps);
        const fresh = linkOf(capacity);
        const again = [...flows].reverse().map((flow) => fresh.openFlow(silentOwner, flow.capBytesPerSecond));
        expect(ratesOf(again).reverse()).toEqual(ratesOf(flows));
      }),
    );
  });

  it("refuses what is no capacity, latency or cap", () => {
    expect(() => linkOf(0)).toThrow(RangeError);
    expect(() => linkOf(Number.POSITIVE_INFINITY)).toThrow(RangeError);
    expect(() => new Link({ name: "lm", capacityBytesPerSecond: 1, latencySeconds: -1 })).toThrow(RangeError);
    expect(() => linkOf(1).openFlow(silentOwner, Number.NaN)).toThrow(RangeError);
    expect(() => linkOf(1).openFlow(silentOwner, 1).setCap(-1)).toThrow(RangeError);
  });
});

/** An owner that writes down what it is told. */
class Listener implements FlowOwner {
  readonly name: string;
  readonly log: string[];
  flow: Flow | undefined;
  react: (() => void) | undefined;

  constructor(name: string, log: string[]) {
    this.name = name;
    this.log = log;
  }

  open(link: Link, cap: number): this {
    this.flow = link.openFlow(this, cap);
    return this;
  }

  onRateChanged(): void {
    this.log.push(`${this.name} ${this.flow?.rateBytesPerSecond}`);
    this.react?.();
  }
}

describe("owners", () => {
  it("are told of changes that others make, in opening order, once all rates are set", () => {
    const link = linkOf(120);
    const log: string[] = [];
    const a = new Listener("a", log).open(link, 1000);
    const b = new Listener("b", log).open(link, 20);
    expect(log).toEqual(["a 100"]);
    log.length = 0;
    new Listener("c", log).open(link, 1000);
    expect(log).toEqual(["a 50"]);
    log.length = 0;
    a.react = () => log.push(`a sees b at ${b.flow?.rateBytesPerSecond}`);
    b.flow?.close();
    expect(log).toEqual(["a 60", "a sees b at 0", "c 60"]);
  });

  it("are told exactly when their rate differs from the one they know", () => {
    fc.assert(
      fc.property(capacities, actions, (capacity, steps) => {
        const link = linkOf(capacity);
        const owners: { flow: Flow; known: number }[] = [];
        for (const { kind, cap, flow } of steps) {
          if (kind === "open" || owners.length === 0) {
            const opened = link.openFlow(
              {
                onRateChanged: () => {
                  const owner = owners.find((one) => one.flow === opened);
                  if (owner === undefined) throw new Error("told of a flow that is not open");
                  expect(opened.rateBytesPerSecond).not.toBe(owner.known);
                  owner.known = opened.rateBytesPerSecond;
                },
              },
              cap,
            );
            owners.push({ flow: opened, known: opened.rateBytesPerSecond });
          } else if (kind === "setCap") {
            const owner = owners[flow % owners.length];
            owner.flow.setCap(cap);
            owner.known = owner.flow.rateBytesPerSecond;
          } else {
            owners.splice(flow % owners.length, 1)[0].flow.close();
          }
          expect(owners.map((owner) => owner.known)).toEqual(owners.map((owner) => owner.flow.rateBytesPerSecond));
        }
      }),
    );
  });

  it("may change flows while being told", () => {
    const link = linkOf(120);
    const log: string[] = [];
    const a = new Listener("a", log).open(link, 1000);
    const b = new Listener("b", log).open(link, 1000);
    const c = new Listener("c", log).open(link, 1000);
    log.length = 0;
    // As d opens, b gives up: a, told already, hears of that too, and c, which is where it was, hears nothing.
    b.react = () => b.flow?.close();
    const d = new Listener("d", log).open(link, 1000);
    expect(log).toEqual(["a 30", "b 30", "a 40"]);
    expect([a, b, c, d].map((owner) => owner.flow?.rateBytesPerSecond)).toEqual([40, 0, 40, 40]);
    expect(b.flow?.open).toBe(false);
  });

  it("keep their order where an earlier one closes while they are being told", () => {
    const link = linkOf(120);
    const log: string[] = [];
    const [a, b] = ["a", "b", "c", "d"].map((name) => new Listener(name, log).open(link, 1000));
    log.length = 0;
    let closed = false;
    b.react = () => {
      if (closed) return;
      closed = true;
      a.flow?.close();
      log.push("a closes");
    };
    const e = link.openFlow(silentOwner, 10);
    // With e's 10 and a, each of four has 27.5; without a, each of three has 36.67.
    expect(log.map((line) => line.split(".")[0])).toEqual(["a 27", "b 27", "a closes", "c 36", "d 36", "b 36"]);
    expect(e.rateBytesPerSecond).toBe(10);
  });

  it("hear nothing of a cap that stays as it was, of one that is out of reach, or of closing twice", () => {
    const link = linkOf(120);
    const log: string[] = [];
    new Listener("a", log).open(link, 1000);
    const b = new Listener("b", log).open(link, 1000);
    log.length = 0;
    b.flow?.setCap(1000);
    b.flow?.setCap(500);
    expect(log).toEqual([]);
    b.flow?.close();
    b.flow?.close();
    expect(log).toEqual(["a 120"]);
    expect(() => b.flow?.setCap(1)).toThrow("closed");
  });
});
