/** Networks that are cut while machines are moved over them, and used. */
import { describe, expect, it } from "vitest";
import type { Scenario, TimelineEntry } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import { GIB, MIB, migrate, smallWorld, writes } from "../support/small-world.ts";

interface Given {
  profile?: string;
  mode?: "live" | "post-copy";
  overrides?: Record<string, number | boolean>;
  environment?: Record<string, number | boolean>;
  faults?: TimelineEntry[];
  ping?: boolean;
  hotPages?: number;
}

function scenario(given: Given): Scenario {
  const { profile = "qemu-7.2", mode = "live", overrides = {}, environment = {}, faults = [], ping, hotPages } = given;
  const vm = {
    name: "web",
    memoryBytes: GIB,
    usedBytes: 800 * MIB,
    classes: [writes(0, hotPages ?? 8000, (hotPages ?? 8000) / 4)],
    ...(ping === true ? { pingIntervalSeconds: 0.1 } : {}),
  };
  return smallWorld({
    vms: [vm],
    timeline: [{ ...migrate("web", 1, profile, overrides), mode }, ...faults],
    networkBytesPerSecond: 125e6,
    environment: { preset: "qemu-tcg-2-core", overrides: environment },
  });
}

function run(given: Given) {
  const events: TraceEvent[] = [];
  const of = scenario(given);
  const result = simulate(of, { onEvent: (event) => events.push(event) });
  return { ...result.migrations[0], warnings: result.warnings, assumptions: result.assumptions, events };
}

const flap = (atSeconds: number, forSeconds: number, node?: string): TimelineEntry => ({
  kind: "cutLink",
  atSeconds,
  network: "lan",
  forSeconds,
  ...(node === undefined ? {} : { node }),
});

describe("a short cut in pre-copy", () => {
  const calm = run({});

  it("costs what passes until TCP's next retransmission, which is more than the cut", () => {
    const flapped = run({ faults: [flap(3, 2)] });
    expect(flapped.outcome).toBe("completed");
    // Round trip 0.2 ms over the least time-out of 0.2 s; five times.
    expect(flapped.stalledSeconds).toBeCloseTo(16 * 0.2002, 9);
    const first = ({ rounds }: typeof calm) => rounds[0]?.durationSeconds as number;
    expect(first(flapped) - first(calm)).toBeCloseTo(16 * 0.2002, 1);
    expect(flapped.rounds[0]?.bytesSent).toBeCloseTo(calm.rounds[0]?.bytesSent as number, -5);
  });

  it("leaves more dirty pages behind, as the guest writes on", () => {
    const flapped = run({ faults: [flap(3, 2)] });
    expect(flapped.rounds[0]?.dirtyPagesAtEnd).toBeGreaterThan((calm.rounds[0]?.dirtyPagesAtEnd as number) * 1.05);
  });

  it.each(["HV01", "HV02"])("is as one of the network where it is of %s's port", (node) => {
    expect(run({ faults: [flap(3, 2, node)] }).totalSeconds).toBe(run({ faults: [flap(3, 2)] }).totalSeconds);
  });

  it("does nothing to a result that has nothing to do with it, nor to what is assumed", () => {
    const later = run({ faults: [flap(300, 2)] });
    const { events: _, warnings: __, assumptions, ...result } = later;
    const { events: ___, warnings: ____, assumptions: before, ...undisturbed } = calm;
    expect(result).toEqual(undisturbed);
    expect(assumptions).toEqual(before);
  });

  it.each(["qemu-7.2", "qemu-10", "hyper-v-2008r2", "xen", "xenserver-5", "vsphere-5", "vsphere-4"])(
    "loses no page with %s",
    (profile) => {
      const { outcome, events, totalSeconds, transferredBytes } = run({ profile, faults: [flap(4, 0.5)] });
      expect(outcome).toBe("completed");
      expect(events.some(({ type }) => type === "migration.wentOn")).toBe(true);
      const undisturbed = run({ profile });
      expect(totalSeconds).toBeGreaterThan(undisturbed.totalSeconds as number);
      expect(transferredBytes).toBeGreaterThan(0.95 * undisturbed.transferredBytes);
    },
  );
});

describe("a long cut", () => {
  const environment = { connectionTimeoutSeconds: 30 };

  it("breaks pre-copy's connection, and the guest runs on at its source", () => {
    const is = run({ environment, faults: [flap(3, 100)] });
    expect(is).toMatchObject({ outcome: "failed", downtimeSeconds: null, stalledSeconds: 30, totalSeconds: 32 });
    expect(is.events.some(({ type }) => type === "vm.stopped")).toBe(false);
  });

  it("in the blackout lets the guest run on at its source once the connection breaks", () => {
    const calm = run({ hotPages: 4000 });
    const stopped = calm.events.find(({ type }) => type === "vm.stopped")?.t as number;
    const is = run({ hotPages: 4000, environment, faults: [flap(stopped + 0.02, 100)] });
    expect(is.outcome).toBe("failed");
    expect(is.downtimeSeconds).toBeCloseTo(30.02, 9);
    expect(is.blackout.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(30.02, 9);
    expect(is.events.findLast(({ type }) => type === "vm.started")).toMatchObject({ node: "HV01" });
  });

  it("during setup lets the migration fail before a page went", () => {
    const is = run({ environment, faults: [flap(0.5, 100)] });
    expect(is).toMatchObject({ outcome: "failed", transferredBytes: 0, rounds: [] });
  });
});

describe("post-copy whose connection breaks", () => {
  const given: Given = {
    mode: "post-copy",
    hotPages: 100_000,
    overrides: { postcopyAfterRounds: 1, maxBandwidthBytesPerSecond: 0 },
    environment: { connectionTimeoutSeconds: 30 },
  };
  const started = run(given).events.find(({ type }) => type === "migration.postcopyStarted")?.t as number;
  const cutSeconds = started + 0.5;

  it("is paused, and goes on once it is taken up again", () => {
    const is = run({
      ...given,
      faults: [flap(cutSeconds, 60), { kind: "recoverPostcopy", atSeconds: 100, vm: "web" }],
    });
    expect(is.outcome).toBe("completed");
    expect(is.stalledSeconds).toBeCloseTo(100 - cutSeconds, 2);
    expect(is.postcopy?.waitSeconds).toBeGreaterThan(100 - cutSeconds);
    expect(is.postcopy?.pages).toBe(run(given).postcopy?.pages);
    expect(is.warnings).toEqual([]);
  });

  it("cannot be taken up over a network that is cut still", () => {
    const is = run({
      ...given,
      faults: [flap(cutSeconds, 600), { kind: "recoverPostcopy", atSeconds: 100, vm: "web" }],
    });
    expect(is).toMatchObject({ outcome: "not-converged" });
    expect(is.warnings[0]).toContain("its network was cut still");
  });

  it("goes on by itself after a short cut", () => {
    const is = run({ ...given, faults: [flap(cutSeconds, 1)] });
    expect(is.outcome).toBe("completed");
    expect(is.stalledSeconds).toBeCloseTo(8 * 0.2002, 6);
  });
});

describe("a network that clients use", () => {
  it("loses pings and announcements while it is cut", () => {
    const calm = run({ ping: true });
    const resumed = calm.events.find((event) => event.type === "arp.sent")?.t as number;
    const is = run({ ping: true, faults: [flap(resumed - 0.001, 0.3, "HV02")] });
    const sent = is.events.filter((event) => event.type === "arp.sent");
    expect(sent.map(({ lost }) => lost)).toEqual([true, true, true, false, false]);
    expect(is.clientOutageSeconds).toBeGreaterThan((calm.clientOutageSeconds as number) + 0.25);
  });

  it("tells of a restoring where nothing was cut", () => {
    const is = run({ faults: [{ kind: "restoreLink", atSeconds: 3, network: "lan", node: "HV01" }] });
    expect(is.warnings).toEqual(["At 3 s there was nothing to restore: HV01's port on lan was not cut."]);
  });
});

describe("a command that a model does not know", () => {
  it("is refused for that, not for a guest that stands still", () => {
    const set: TimelineEntry = { kind: "set", atSeconds: 2, vm: "web", downtimeLimitSeconds: 1 };
    const is = run({ profile: "simgrid-3.32", faults: [set] });
    expect(is.warnings.at(-1)).toContain("its profile has no such limits");
  });
});
