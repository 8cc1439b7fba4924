/** Flows over two ports each: max-min fair, within caps and capacities; only what is connected is touched. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Port } from "../../sim/network/flow-group.ts";
import type { Flow, FlowOwner } from "../../sim/network/shared-flow.ts";
import { Sharing } from "../../sim/network/sharing.ts";
import "../support/fixed-seed.ts";

const silent: FlowOwner = { onRateChanged() {} };

interface Placed {
  readonly flow: Flow;
  readonly path: readonly Port[];
}

const PORTS = 5;
const capacities = fc.array(fc.double({ min: 1, max: 1e10, noNaN: true }), {
  minLength: 2 * PORTS,
  maxLength: 2 * PORTS,
});
const caps = fc.oneof(
  fc.double({ min: 0, max: 1e10, noNaN: true }),
  fc.constantFrom(0, 1e6, 1e9, Number.POSITIVE_INFINITY),
);
const actions = fc.array(
  fc.record({
    kind: fc.constantFrom("open", "open", "open", "setCap", "close"),
    cap: caps,
    flow: fc.nat(1000),
    from: fc.nat(PORTS - 1),
    to: fc.nat(PORTS - 1),
  }),
  { maxLength: 60 },
);
type Action = { kind: string; cap: number; flow: number; from: number; to: number };

/** Applies actions; half the ports send, the other half receive. Gives the flows still open. */
function play(sharing: Sharing, ports: readonly Port[], steps: readonly Action[]): Placed[] {
  const placed: Placed[] = [];
  for (const { kind, cap, flow, from, to } of steps) {
    if (kind === "open" || placed.length === 0) {
      const path = [ports[from], ports[PORTS + to]];
      placed.push({ flow: sharing.open(silent, cap, path), path });
    } else if (kind === "setCap") placed[flow % placed.length].flow.setCap(cap);
    else placed.splice(flow % placed.length, 1)[0].flow.close();
  }
  return placed;
}

const usedOf = (port: Port, placed: readonly Placed[]) =>
  placed.filter(({ path }) => path.includes(port)).reduce((sum, { flow }) => sum + flow.rateBytesPerSecond, 0);

describe("sharing over several ports", () => {
  it("never exceeds a port or a cap, and is max-min fair", () => {
    fc.assert(
      fc.property(capacities, actions, (sizes, steps) => {
        const ports = sizes.map((size) => new Port(size));
        const placed = play(new Sharing(), ports, steps);
        for (const port of ports) {
          expect(usedOf(port, placed)).toBeLessThanOrEqual(port.capacityBytesPerSecond * (1 + 1e-9));
        }
        for (const { flow, path } of placed) {
          const rate = flow.rateBytesPerSecond;
          expect(rate).toBeLessThanOrEqual(flow.capBytesPerSecond);
          if (rate === flow.capBytesPerSecond) continue;
          // It can gain only at the cost of one with as little: some port of its is full, and nobody gets more there.
          const bottleneck = path.find((port) => {
            const others = placed.filter((other) => other.path.includes(port));
            const largest = Math.max(...others.map((other) => other.flow.rateBytesPerSecond));
            const isFull = usedOf(port, placed) >= port.capacityBytesPerSecond * (1 - 1e-9);
            return isFull && rate >= largest * (1 - 1e-9);
          });
          expect(bottleneck).toBeDefined();
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("gives what opening all anew would give, whatever happened before", () => {
    fc.assert(
      fc.property(capacities, actions, (sizes, steps) => {
        const ports = sizes.map((size) => new Port(size));
        const placed = play(new Sharing(), ports, steps);
        const fresh = sizes.map((size) => new Port(size));
        const sharing = new Sharing();
        const again = placed.map(({ flow, path }) =>
          sharing.open(
            silent,
            flow.capBytesPerSecond,
            path.map((port) => fresh[ports.indexOf(port)] as Port),
          ),
        );
        for (const [index, { flow }] of placed.entries()) {
          const expected = again[index].rateBytesPerSecond;
          expect(Math.abs(flow.rateBytesPerSecond - expected)).toBeLessThanOrEqual(1e-9 * expected);
        }
      }),
    );
  });

  it("counts the receiver: two senders to one node get half of its side each, a third elsewhere gets all", () => {
    const sharing = new Sharing();
    const senders = [new Port(100), new Port(100), new Port(100)];
    const [busy, idle] = [new Port(100), new Port(100)];
    const rates = [busy, busy, idle].map((to, index) =>
      sharing.open(silent, Number.POSITIVE_INFINITY, [senders[index] as Port, to]),
    );
    expect(rates.map(({ rateBytesPerSecond }) => rateBytesPerSecond)).toEqual([50, 50, 100]);
    rates[0]?.close();
    expect(rates.map(({ rateBytesPerSecond }) => rateBytesPerSecond)).toEqual([0, 100, 100]);
  });

  it("tells those whose rate changes, and nobody else", () => {
    const told: string[] = [];
    const owner = (name: string): FlowOwner => ({ onRateChanged: () => told.push(name) });
    const sharing = new Sharing();
    const [a, b, c, d] = [new Port(100), new Port(100), new Port(100), new Port(100)];
    sharing.open(owner("a to c"), Number.POSITIVE_INFINITY, [a, c]);
    sharing.open(owner("b to d"), Number.POSITIVE_INFINITY, [b, d]);
    expect(told).toEqual([]);
    sharing.open(owner("a to d"), Number.POSITIVE_INFINITY, [a, d]);
    expect(told).toEqual(["a to c", "b to d"]);
    sharing.open(owner("elsewhere"), 10, [new Port(100), new Port(100)]);
    expect(told).toHaveLength(2);
  });
});
