/**
 * Senders that rest while others change their rate send what they would have sent, turn by turn: the same scenario, with them
 * and with every sender told of everything, gives the same result and trace to the last bit.
 * No two set out at the same moment here: machines in step end their rounds at the very moment of others' turns, and then either
 * order is as good.
 */
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Resting } from "../../sim/migration/resting.ts";
import { WindowedSender } from "../../sim/migration/windowed-sender.ts";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { PreparedScenario } from "../../sim/simulate.ts";
import { openWorld } from "../support/open-world.ts";
import "../support/fixed-seed.ts";

const KINDS = [
  ...[{ profile: "qemu-7.2" }, { profile: "qemu-7.2" }, { profile: "qemu-7.2", maxBandwidth: "400 Mbit/s" }],
  ...[{ profile: "qemu-10" }, { profile: "qemu-10", autoConverge: true }, { profile: "qemu-7.2", autoConverge: true }],
  ...[
    { profile: "qemu-7.2", multifd: true },
    { profile: "qemu-7.2", xbzrle: true },
    { profile: "qemu-7.2", compress: true },
  ],
  ...[
    { profile: "qemu-7.2", downtimeLimit: "2 s" },
    { profile: "qemu-7.2", mode: "post-copy", postcopyAfterRounds: 1 },
  ],
  ...[{ profile: "qemu-7.2", pauseBeforeSwitchover: true }, { profile: "hyper-v-2012r2" }],
] as const;

const pick = fc.nat({ max: 1000 });
const moment = fc.integer({ min: 0, max: 900 }).map((tenths) => tenths / 10);

const cluster = fc.record({
  seed: fc.nat({ max: 1e6 }),
  vms: fc.array(
    fc.record({
      memoryMib: fc.constantFrom(256, 512, 512, 2048),
      used: fc.constantFrom("40 %", "100 %"),
      rate: fc.constantFrom(0, 200, 200, 5000),
      to: fc.constantFrom("B", "B", "B", "C"),
      at: fc.oneof(fc.constant(0), moment),
      // Half of them alike, so that they share.
      kind: fc.oneof(fc.constant(0), pick),
    }),
    { minLength: 6, maxLength: 20 },
  ),
  timeline: fc
    .array(
      fc.record({
        at: moment,
        what: fc.constantFrom("cancel", "set", "cutLink", "fail", "continue"),
        one: pick,
        two: pick,
      }),
      { maxLength: 5 },
    )
    .filter((entries) => entries.filter(({ what }) => what === "fail").length < 2),
});

type Cluster = typeof cluster extends fc.Arbitrary<infer Value> ? Value : never;

function scenarioOf({ seed, vms, timeline }: Cluster): Scenario {
  const parsed = parseScenario({
    schemaVersion: 1,
    name: "many that share",
    seed,
    horizon: "150 s",
    environment: "qemu-kvm-hosts",
    nodes: ["A", "B", "C"].map((name) => ({ name, memory: "1 TiB" })),
    networks: [{ name: "lan", bandwidth: "2 Gbit/s", latency: "0.2 ms", carries: ["migration"] }],
    vms: vms.map(({ memoryMib, used, rate }, index) => ({
      name: `vm${index}`,
      node: "A",
      memory: `${memoryMib} MiB`,
      used,
      workload: { classes: [{ pages: memoryMib * 64, rate }] },
    })),
    timeline: [
      ...vms.map(({ at, to, kind }, index) => ({
        at: at + 0.0371 * index,
        migrate: { vm: `vm${index}`, to, ...KINDS[kind % KINDS.length] },
      })),
      ...timeline.map(({ at, what, one, two }) => {
        const vm = `vm${one % vms.length}`;
        if (what === "set") return { at, set: { vm, downtimeLimit: "1 s", maxBandwidth: `${200 + two} Mbit/s` } };
        if (what === "cutLink") return { at, cutLink: { network: "lan", for: 0.1 + (two % 40) / 10 } };
        if (what === "fail") return { at, fail: { node: "C" } };
        return { at, [what]: { vm } };
      }),
    ],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

/** What the run gives, and how often a sender set out to rest. */
function played(scenario: Scenario) {
  let rests = 0;
  const { begin } = Resting.prototype;
  const spy = vi.spyOn(Resting.prototype, "begin").mockImplementation(function (this: Resting, ...given) {
    const until = begin.apply(this, given);
    if (until !== null) rests += 1;
    return until;
  });
  const open = openWorld(scenario);
  const recorded = open.run();
  const result = new PreparedScenario(scenario).run();
  spy.mockRestore();
  return { rests, result: JSON.stringify([result, recorded]), trace: JSON.stringify(open.events) };
}

/** The same with every sender told of all, and taking its turns when they are due. */
function playedByTurns(scenario: Scenario) {
  vi.spyOn(WindowedSender.prototype, "isCommitted", "get").mockReturnValue(false);
  vi.spyOn(WindowedSender.prototype, "undecidedUntilSeconds").mockImplementation((nowSeconds) => nowSeconds);
  const byTurns = played(scenario);
  vi.restoreAllMocks();
  return byTurns;
}

/** What follows the first character in which they differ. */
function firstDifference(one: string, other: string): string {
  let index = 0;
  while (index < one.length && one[index] === other[index]) index += 1;
  return one === other ? "" : `${one.slice(index - 80, index + 80)} / ${other.slice(index - 80, index + 80)}`;
}

afterEach(() => void vi.restoreAllMocks());

describe("senders that rest", () => {
  it("send what they would have sent turn by turn, with limits, faults, cancellations and throttling", () => {
    let rests = 0;
    fc.assert(
      fc.property(cluster, (given) => {
        const scenario = scenarioOf(given);
        const resting = played(scenario);
        const byTurns = playedByTurns(scenario);
        expect(byTurns.rests).toBe(0);
        expect(firstDifference(resting.trace, byTurns.trace)).toBe("");
        expect(firstDifference(resting.result, byTurns.result)).toBe("");
        rests += resting.rests;
      }),
      { numRuns: 30 },
    );
    expect(rests).toBeGreaterThan(200);
  });
});
