/** A policy of one's own: followed, checked, and without effect where it agrees. */
import { describe, expect, test } from "vitest";
import { definePolicy, type PolicyDefinition, PolicyFault, type PolicyView } from "../../sim/index.ts";
import { simulate } from "../../sim/simulate.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import { GIB, migrate, smallWorld, writes } from "../support/small-world.ts";

/** A guest that does not converge at QEMU's defaults, and one that does. */
function scenario(writesPerSecond: number, profile = "qemu-7.2") {
  return smallWorld({
    vms: [
      { name: "vm", memoryBytes: GIB, usedBytes: GIB / 2, classes: [writes(0, 100_000, writesPerSecond)] },
      { name: "other", node: "HV02", memoryBytes: GIB, usedBytes: GIB / 4 },
    ],
    timeline: [migrate("vm", 0, profile), migrate("other", 90, profile, {}, "HV01")],
    horizonSeconds: 120,
  });
}

const BUSY = scenario(300_000);
const CALM = scenario(5000);

function run(policy: PolicyDefinition, busy = true) {
  const events: TraceEvent[] = [];
  const result = simulate(busy ? BUSY : CALM, { policy, onEvent: (event) => events.push(event) });
  return { ...result, events, first: result.migrations[0] as (typeof result.migrations)[0] };
}

function policyOf(rule: (view: PolicyView) => unknown): PolicyDefinition {
  return { name: "own", begin: () => rule as ReturnType<PolicyDefinition["begin"]> };
}

describe("a policy of one's own", () => {
  test("that agrees with the hypervisor changes nothing but the result's policy", () => {
    for (const each of [BUSY, CALM, scenario(50_000, "hyper-v-2008r2")]) {
      const events: TraceEvent[] = [];
      const own: TraceEvent[] = [];
      const without = simulate(each, { onEvent: (event) => events.push(event) });
      const policy = definePolicy({ name: "agrees", begin: () => (view) => view.proposed });
      const { policy: name, ...rest } = simulate(each, { policy, onEvent: (event) => own.push(event) });
      expect(name).toBe("agrees");
      expect(rest).toEqual(without);
      expect(own).toEqual(events);
    }
  });

  test("begins anew with each migration and knows which it is", () => {
    const begun: unknown[] = [];
    const policy: PolicyDefinition = {
      name: "counts",
      begin(migration) {
        begun.push(migration);
        return ({ proposed }) => proposed;
      },
    };
    run(policy, false);
    expect(begun).toMatchObject([
      { vm: "vm", from: "HV01", to: "HV02", profile: "qemu-7.2", canPostCopy: false },
      { vm: "other", from: "HV02", to: "HV01", profile: "qemu-7.2", canPostCopy: false },
    ]);
  });

  test("sees each round as the result tells it", () => {
    const seen: PolicyView[] = [];
    const { first } = run(
      policyOf((view) => {
        seen.push(view);
        return view.round < 4 ? view.proposed : { kind: "stop-guest", rule: "four", reason: "round 4" };
      }),
    );
    expect(seen.map(({ round }) => round).slice(0, 4)).toEqual([1, 2, 3, 4]);
    for (const [index, view] of seen.slice(0, 4).entries()) {
      const round = first.rounds[index] as (typeof first.rounds)[0];
      expect(view.roundSeconds).toBe(round.durationSeconds);
      expect(view.roundBytes).toBe(round.bytesSent);
      expect(view.pendingPages).toBe(round.dirtyPagesAtEnd);
      expect(view.unsentPages + view.newlyDirtyPages).toBe(view.pendingPages);
      expect(view.proposed.kind).toBe("another-round");
    }
    expect(first).toMatchObject({ outcome: "completed", endedBy: "four" });
    expect(first.rounds).toHaveLength(5);
  });

  test("gives up: the guest runs on at the source", () => {
    const { first } = run(policyOf(() => ({ kind: "give-up", rule: "enough", reason: "enough of it" })));
    expect(first).toMatchObject({ outcome: "cancelled", endedBy: "enough", downtimeSeconds: null });
    expect(first.reason).toContain("enough of it");
  });

  test("throttles the guest, which then dirties less", () => {
    const throttled = run(policyOf((view) => ({ ...view.proposed, deniedShare: 0.9 })));
    expect(throttled.first.outcome).toBe("completed");
    expect(throttled.first.brownoutSeconds).toBeGreaterThan(0);
    expect(run(policyOf(({ proposed }) => proposed)).first.outcome).toBe("not-converged");
  });

  test("changes QEMU's limits, and the trace says so", () => {
    const { first, events } = run(
      policyOf(({ round, proposed }) =>
        round === 2 ? { kind: "another-round", limits: { downtimeLimitSeconds: 10 } } : proposed,
      ),
    );
    expect(first.outcome).toBe("completed");
    expect(first.rounds.length).toBeLessThanOrEqual(4);
    const changes = events.filter((event) => event.type === "migration.limitsChanged" && event.migration === 0);
    expect(changes).toMatchObject([{ by: "policy", downtimeLimitSeconds: 10, maxBandwidthBytesPerSecond: null }]);
  });

  test.each([
    ["nothing", () => undefined, "nothing"],
    ["a text", () => "stop", '"stop"'],
    ["another kind", () => ({ kind: "stop" }), 'an object whose kind is "stop"'],
    ["no reason", () => ({ kind: "stop-guest", rule: "r" }), "without a rule and a reason"],
    ["a share over 1", () => ({ kind: "another-round", deniedShare: 2 }), "a deniedShare of 2"],
    ["no number", () => ({ kind: "another-round", deniedShare: Number.NaN }), "a deniedShare of NaN"],
    [
      "a limit below 0",
      () => ({ kind: "another-round", limits: { downtimeLimitSeconds: -1 } }),
      "downtimeLimitSeconds of -1",
    ],
    [
      "no bandwidth",
      () => ({ kind: "another-round", limits: { maxBandwidthBytesPerSecond: 0 } }),
      "maxBandwidthBytesPerSecond of 0",
    ],
    ["post-copy here", () => ({ kind: "start-post-copy", rule: "r", reason: "r" }), "cannot do"],
    [
      "a throw",
      () => {
        throw new Error("boo");
      },
      "it failed: boo",
    ],
  ])("that returns %s is told so", (_, rule, problem) => {
    expect(() => run(policyOf(rule))).toThrow(PolicyFault);
    expect(() => run(policyOf(rule))).toThrow(problem);
    expect(() => run(policyOf(rule))).toThrow("in round 1");
  });

  test.each([
    [null as unknown, null],
    [{ begin: (): unknown => null }, "name"],
    [{ name: "x" }, "begin"],
    [{ name: "x", begin: (): unknown => 3 }, "begin returned 3"],
  ])("that is %j is none", (policy, problem) => {
    const attempt = () => simulate(CALM, { policy: policy as PolicyDefinition });
    if (problem === null) expect(attempt).not.toThrow();
    else expect(attempt).toThrow(problem);
  });
});
