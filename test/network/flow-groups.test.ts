/** Flows alike are divided among as groups: each gets, to the last bit, what dividing among single flows gives it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Port } from "../../sim/network/flow-group.ts";
import type { Flow, FlowOwner } from "../../sim/network/shared-flow.ts";
import { Sharing } from "../../sim/network/sharing.ts";
import "../support/fixed-seed.ts";

const PORTS = 6;
/** None too small for its flows' caps to count. */
const capacity = fc.oneof(fc.double({ min: 0.5, max: 4, noNaN: true }), fc.constantFrom(0, 1, 10));
const capacities = fc.array(capacity, { minLength: PORTS, maxLength: PORTS });
/** Few caps and few paths, so that many flows are alike. */
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom("open", "open", "open", "setCap", "close", "resize", "setTold"),
    cap: fc.constantFrom(0, 0.1, 0.1, 0.3, 0.7, Number.POSITIVE_INFINITY),
    flow: fc.nat(1000),
    path: fc.constantFrom([0], [0, 1], [1, 2, 3], [0, 3], [4, 5]),
    isTold: fc.boolean(),
  }),
  { minLength: 1, maxLength: 80 },
);

class Watcher implements FlowOwner {
  flow: Flow | null = null;
  readonly path: readonly Port[];
  isTold = true;
  /** What it was told last, or knows by itself. */
  knownBytesPerSecond = 0;
  timesTold = 0;

  constructor(path: readonly Port[]) {
    this.path = path;
  }

  onRateChanged(): void {
    this.timesTold += 1;
    this.knownBytesPerSecond = (this.flow as Flow).rateBytesPerSecond;
  }
}

/** Progressive filling, flow by flow: the rates in the flows' order. */
function divided(watchers: readonly Watcher[], ports: readonly Port[]): number[] {
  const rates = new Map<Watcher, number>();
  const left = new Map(ports.map((port) => [port, port.capacityBytesPerSecond]));
  const caps = new Map(watchers.map((watcher) => [watcher, (watcher.flow as Flow).capBytesPerSecond]));
  const fix = (watcher: Watcher, rate: number) => {
    rates.set(watcher, rate);
    for (const port of watcher.path) left.set(port, Math.max(0, (left.get(port) as number) - rate));
  };
  while (rates.size < watchers.length) {
    const waiting = watchers.filter((watcher) => !rates.has(watcher));
    const shares = ports
      .map((port) => ({ port, users: waiting.filter(({ path }) => path.includes(port)) }))
      .filter(({ users }) => users.length > 0)
      .map(({ port, users }) => ({ users, share: (left.get(port) as number) / users.length }));
    const tightest = shares.reduce((least, one) => (one.share < least.share ? one : least));
    const capped = waiting.filter((watcher) => (caps.get(watcher) as number) < tightest.share);
    capped.sort((one, other) => (caps.get(one) as number) - (caps.get(other) as number));
    if (capped.length > 0) for (const watcher of capped) fix(watcher, caps.get(watcher) as number);
    else for (const watcher of tightest.users) fix(watcher, tightest.share);
  }
  return watchers.map((watcher) => rates.get(watcher) as number);
}

describe("flows in groups", () => {
  it("get what dividing flow by flow gives; who is told knows it, who is not can ask whether it changed", () => {
    fc.assert(
      fc.property(capacities, steps, (sizes, script) => {
        const ports = sizes.map((size) => new Port(size));
        const sharing = new Sharing();
        const watchers: Watcher[] = [];
        for (const { kind, cap, flow, path, isTold } of script) {
          const before = watchers.map((watcher) => watcher.flow?.rateBytesPerSecond);
          const chosen = watchers[flow % Math.max(1, watchers.length)];
          let changedByItself: Watcher | undefined = chosen;
          if (kind === "open" || chosen === undefined) {
            const watcher = new Watcher(path.map((port) => ports[port] as Port));
            watcher.flow = sharing.open(watcher, cap, watcher.path);
            watchers.push(watcher);
            changedByItself = watcher;
          } else if (kind === "setCap") chosen.flow?.setCap(cap);
          else if (kind === "setTold") {
            chosen.isTold = isTold;
            chosen.flow?.setTold(isTold);
          } else if (kind === "close") {
            chosen.flow?.close();
            expect(chosen.flow?.rateBytesPerSecond).toBe(0);
            watchers.splice(watchers.indexOf(chosen), 1);
            before.splice(flow % (watchers.length + 1), 1);
          } else {
            sharing.resize(ports[flow % PORTS] as Port, (flow % 7) / 2);
            changedByItself = undefined;
          }
          const rates = divided(watchers, ports);
          for (const [index, watcher] of watchers.entries()) {
            const now = watcher.flow as Flow;
            expect(now.rateBytesPerSecond).toBe(rates[index]);
            const hasChanged = now.takeChange();
            if (watcher === changedByItself) watcher.knownBytesPerSecond = now.rateBytesPerSecond;
            else expect(hasChanged).toBe(now.rateBytesPerSecond !== before[index]);
            if (watcher.isTold) expect(watcher.knownBytesPerSecond).toBe(now.rateBytesPerSecond);
            else watcher.knownBytesPerSecond = now.rateBytesPerSecond;
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("tell only those who want to be told", () => {
    const sharing = new Sharing();
    const path = [new Port(120)];
    const watchers = [0, 1, 2].map(() => new Watcher(path));
    for (const watcher of watchers) watcher.flow = sharing.open(watcher, Number.POSITIVE_INFINITY, path);
    const [first, second, third] = watchers as [Watcher, Watcher, Watcher];
    expect(watchers.map(({ timesTold }) => timesTold)).toEqual([2, 1, 0]);
    second.flow?.setTold(false);
    third.flow?.close();
    expect([first.knownBytesPerSecond, second.knownBytesPerSecond]).toEqual([60, 40]);
    expect(second.flow?.rateBytesPerSecond).toBe(60);
    second.flow?.setTold(true);
    first.flow?.close();
    expect([second.knownBytesPerSecond, second.timesTold]).toEqual([120, 2]);
  });
});
