/** Connections over several paths as one flow: closed forms, and alike to a plain flow where there is one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Port } from "../../sim/network/flow-group.ts";
import type { FlowOwner } from "../../sim/network/shared-flow.ts";
import { Sharing } from "../../sim/network/sharing.ts";
import { aloneBytesPerSecond, SplitFlow } from "../../sim/network/split-flow.ts";
import "../support/fixed-seed.ts";

const silent: FlowOwner = { onRateChanged() {} };
const path = (connections: number, ...ports: Port[]) => ({ ports, connections });

describe("a flow over several paths", () => {
  it("gets what its paths carry together, and no more than its sender gives or each connection carries", () => {
    const [one, two] = [new Port(100), new Port(60)];
    const flow = new SplitFlow(new Sharing(), silent, [path(1, one), path(1, two)], Infinity, Infinity);
    expect(flow.rateBytesPerSecond).toBe(160);
    flow.setCap(150);
    expect([flow.rateBytesPerSecond, flow.capBytesPerSecond]).toEqual([150, 150]);
    flow.setCap(0);
    expect(flow.rateBytesPerSecond).toBe(0);
    flow.setCap(Infinity);
    expect(flow.rateBytesPerSecond).toBe(160);
    flow.close();
    expect([flow.open, flow.rateBytesPerSecond]).toEqual([false, 0]);
    const limited = new SplitFlow(new Sharing(), silent, [path(3, one), path(1, two)], Infinity, 20);
    expect(limited.rateBytesPerSecond).toBe(80);
  });

  it("shifts to the path that is free what another takes of the first", () => {
    const sharing = new Sharing();
    const [one, two] = [new Port(100), new Port(100)];
    const told: number[] = [];
    const flow: SplitFlow = new SplitFlow(
      sharing,
      { onRateChanged: () => told.push(flow.rateBytesPerSecond) },
      [path(1, one), path(1, two)],
      120,
      Infinity,
    );
    const other = sharing.open(silent, Infinity, [one]);
    // Half of the first path is the other's: 50 and 70 make 120 still, and nobody needs to be told.
    expect([flow.rateBytesPerSecond, other.rateBytesPerSecond]).toEqual([120, 50]);
    expect(told).toEqual([]);
  });

  it("shares a path with others connection by connection, and is told once of each change", () => {
    const sharing = new Sharing();
    const [one, two] = [new Port(100), new Port(100)];
    const told: number[] = [];
    const flow: SplitFlow = new SplitFlow(
      sharing,
      { onRateChanged: () => told.push(flow.rateBytesPerSecond) },
      [path(4, one), path(1, two)],
      Infinity,
      Infinity,
    );
    const other = sharing.open(silent, Infinity, [one, two]);
    // The first path divides by five, so that the second has 80 left for its connection.
    expect(other.rateBytesPerSecond).toBe(20);
    expect(flow.rateBytesPerSecond).toBe(160);
    other.close();
    expect(flow.rateBytesPerSecond).toBe(200);
    expect(told).toEqual([160, 200]);
  });

  it("alone comes to what the ends that connections meet at let through", () => {
    const [s1, s2, t1, t2] = [new Port(90), new Port(90), new Port(90), new Port(90)] as const;
    expect(aloneBytesPerSecond([path(1, s1, t1)])).toBe(90);
    expect(aloneBytesPerSecond([path(1, s1, t1), path(1, s2, t2)])).toBe(180);
    expect(aloneBytesPerSecond([path(1, s1, t1), path(1, s2, t1)])).toBe(90);
    // Three arrive by one adapter at 30 each; what is left for the fourth is what its sending side has left.
    const four = [path(1, s2, t2), path(1, s1, t1), path(1, s1, t2), path(1, s2, t2)];
    expect(aloneBytesPerSecond(four)).toBe(150);
    for (const port of [s1, s2, t1, t2]) expect(port.groups).toEqual([]);
  });

  it("of one connection is a plain flow", () => {
    const action = fc.record({
      kind: fc.constantFrom("cap", "open", "close"),
      cap: fc.oneof(fc.double({ min: 0, max: 200, noNaN: true }), fc.constant(Infinity)),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 20 }), (actions) => {
        const rates = [true, false].map((isSplit) => {
          const sharing = new Sharing();
          const port = new Port(100);
          const flow = isSplit
            ? new SplitFlow(sharing, silent, [path(1, port)], 70, Infinity)
            : sharing.open(silent, 70, [port]);
          const others: { close(): void }[] = [];
          return actions.map(({ kind, cap }) => {
            if (kind === "cap") flow.setCap(cap);
            else if (kind === "open") others.push(sharing.open(silent, cap, [port]));
            else others.pop()?.close();
            return flow.rateBytesPerSecond;
          });
        });
        for (const [index, rate] of (rates[0] as number[]).entries()) {
          expect(rate).toBeCloseTo((rates[1] as number[])[index] as number, 9);
        }
      }),
    );
  });
});
