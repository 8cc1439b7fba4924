/** What holds in every run, whatever the scenario: random scenarios of up to three guests that share one link. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goodputBytesPerSecond } from "../../sim/network/framing.ts";
import type { Scenario, TimelineEntry } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import type { RunResult } from "../../sim/trace/result.ts";
import { MIB, migrate, smallWorld, writes } from "../support/small-world.ts";

function runOf(scenario: Scenario): { result: RunResult; events: TraceEvent[] } {
  const events: TraceEvent[] = [];
  const result = simulate(scenario, { onEvent: (event) => events.push(event) });
  return { result, events };
}

/** Tenths of a second, so that things often happen at the same time. */
const seconds = (least: number, most: number) =>
  fc.integer({ min: least * 10, max: most * 10 }).map((tenth) => tenth / 10);

const vmArbitrary = fc.record({
  memoryMib: fc.constantFrom(16, 64, 200),
  usedShare: fc.constantFrom(0.1, 0.5, 1),
  writesPerSecond: fc.constantFrom(0, 100, 5_000, 60_000),
  hotShare: fc.constantFrom(0.01, 0.5, 1),
  pattern: fc.constantFrom<"uniform" | "sweep">("uniform", "sweep"),
  atSeconds: seconds(0, 3),
  profile: fc.constantFrom(
    { name: "qemu-7.2", overrides: {} },
    { name: "qemu-7.2", overrides: { maxBandwidthBytesPerSecond: 0, downtimeLimitSeconds: 0.05 } },
    { name: "qemu-7.2", overrides: { maxBandwidthBytesPerSecond: 20 * MIB } },
    { name: "hyper-v-2008r2", overrides: {} },
    { name: "hyper-v-2008r2", overrides: { migrationsPerNode: 3 } },
    { name: "hyper-v-2012r2", overrides: { compression: false } },
    { name: "hyper-v-2016", overrides: { smbDirect: true, smbBandwidthLimitShare: 0.25 } },
    { name: "vsphere-4", overrides: {} },
    { name: "vsphere-4", overrides: { quickResume: false } },
    { name: "vsphere-5", overrides: {} },
    { name: "vsphere-5", overrides: { nics: 2 } },
  ),
  cancelSeconds: fc.option(seconds(0, 8), { freq: 4 }),
});

const scenarioArbitrary = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e6 }).map(String),
    vms: fc.array(vmArbitrary, { minLength: 1, maxLength: 3 }),
    preset: fc.constantFrom("qemu-tcg-2-core", "qemu-kvm-hosts", "hyper-v-2008r2-hosts"),
    networkBytesPerSecond: fc.constantFrom(12.5e6, 125e6, 1.25e9, 12.5e9),
    latencySeconds: fc.constantFrom(0, 0.0001, 0.01),
    horizonSeconds: fc.constantFrom(1.5, 4, 30),
  })
  .map(({ vms, preset, ...given }) => {
    const timeline: TimelineEntry[] = vms.map((vm, index) =>
      migrate(`vm${index}`, vm.atSeconds, vm.profile.name, vm.profile.overrides),
    );
    vms.forEach(({ cancelSeconds }, index) => {
      if (cancelSeconds !== null) timeline.push({ kind: "cancel", atSeconds: cancelSeconds, vm: `vm${index}` });
    });
    return smallWorld({
      ...given,
      environment: { preset, overrides: { alwaysDirtyPages: 3 } },
      vms: vms.map((vm, index) => {
        const usedBytes = Math.floor(vm.memoryMib * 256 * vm.usedShare) * 4096;
        const pages = Math.max(1, Math.floor((usedBytes / 4096) * vm.hotShare));
        return {
          name: `vm${index}`,
          memoryBytes: vm.memoryMib * MIB,
          usedBytes,
          classes: [writes(0, pages, vm.writesPerSecond, { pattern: vm.pattern })],
          disks: ["Volume1"],
          pingIntervalSeconds: 1,
        };
      }),
      timeline,
    });
  });

function forAllScenarios(seed: number, numRuns: number, law: (scenario: Scenario) => void): void {
  fc.assert(fc.property(scenarioArbitrary, law), { seed, numRuns });
}

describe("in every run", () => {
  it("events come in time order, none after the horizon, and each migration ends once", () => {
    forAllScenarios(1, 150, (scenario) => {
      const { result, events } = runOf(scenario);
      let last = 0;
      for (const { t } of events) {
        expect(t).toBeGreaterThanOrEqual(last);
        last = t;
      }
      expect(last).toBeLessThanOrEqual(scenario.horizonSeconds);
      const ended = events.flatMap((event) => (event.type === "migration.ended" ? [event] : []));
      const outcomes = result.migrations.map(({ outcome, reason }, migration) => ({ migration, outcome, reason }));
      expect(
        ended
          .map(({ migration, outcome, reason }) => ({ migration, outcome, reason }))
          .sort((one, other) => one.migration - other.migration),
      ).toEqual(outcomes);
    });
  });

  it("the parts of the blackout add up to the downtime, which is from the guest's stop to its start", () => {
    let completed = 0;
    forAllScenarios(2, 150, (scenario) => {
      const { result, events } = runOf(scenario);
      for (const migration of result.migrations) {
        const { blackout, downtimeSeconds, vm } = migration;
        const stopped = events.find((event) => event.type === "vm.stopped" && event.vm === vm);
        const started = events.find((event) => event.type === "vm.started" && event.vm === vm);
        if (migration.outcome !== "completed") {
          expect([downtimeSeconds, started]).toEqual([null, undefined]);
          if (migration.outcome === "cancelled") expect(stopped).toBeUndefined();
          continue;
        }
        completed += 1;
        const downtime = (started?.t ?? Number.NaN) - (stopped?.t ?? Number.NaN);
        expect(downtimeSeconds).toBe(downtime);
        expect(blackout.map(({ part }) => part)).toEqual([
          "stop",
          "final-copy",
          "device-state",
          "storage-handover",
          "resume",
          "announce",
        ]);
        expect(blackout.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(downtime, 9);
        // What the hypervisor reports may leave out the end, and is never more.
        expect(migration.reportedDowntimeSeconds as number).toBeLessThanOrEqual(downtime + 1e-12);
      }
    });
    expect(completed).toBeGreaterThan(100);
  });

  it("rounds follow one another, and their bytes are those of their pages", () => {
    forAllScenarios(3, 150, (scenario) => {
      const { result } = runOf(scenario);
      for (const { rounds, transferredBytes, outcome, profile, bitmapSyncs, postcopy } of result.migrations) {
        const withFinalCopy = outcome === "completed" && postcopy == null;
        const isQemu = profile === "qemu-7.2";
        const others = profile.startsWith("vsphere") ? [4112, 16] : [4112, 4112];
        const [pageBytes, zeroPageBytes] = isQemu ? [4104, 9] : others;
        let sent = 0;
        rounds.forEach((round, index) => {
          expect(round.round).toBe(index + 1);
          if (index < rounds.length - 1) expect(round.final).toBe(false);
          else if (withFinalCopy) expect(round.final).toBe(true);
          else if (outcome === "completed" || outcome === "cancelled") expect(round.final).toBe(false);
          expect(round.durationSeconds).toBeGreaterThanOrEqual(0);
          if (index > 0) {
            const before = rounds[index - 1];
            const end = before.startSeconds + before.durationSeconds;
            // The final copy begins once the guest has stopped.
            if (round.final) expect(round.startSeconds).toBeGreaterThanOrEqual(end - 1e-9);
            else expect(round.startSeconds).toBeCloseTo(end, 9);
          }
          const overhead = round.bytesSent - round.pagesSent * pageBytes - round.zeroPagesSent * zeroPageBytes;
          if (isQemu) expect(overhead % 18).toBe(0);
          else expect(overhead).toBe(0);
          expect(overhead).toBeGreaterThanOrEqual(0);
          sent += round.bytesSent;
        });
        if (withFinalCopy) {
          expect(transferredBytes).toBeGreaterThan(sent);
          expect(transferredBytes - sent).toBeLessThanOrEqual(2_097_152);
          expect(bitmapSyncs).toBe(rounds.length + 1);
          expect(rounds.at(-1)?.dirtyPagesAtEnd).toBe(0);
        } else if (outcome === "cancelled") {
          expect(transferredBytes).toBe(sent);
        }
      }
    });
  });

  it("flows get no more than the link has, and send no more than they get", () => {
    let shared = 0;
    forAllScenarios(4, 200, (scenario) => {
      const { events } = runOf(scenario);
      const { bytesPerSecond, mtuBytes, latencySeconds } = scenario.networks[0];
      const capacity = goodputBytesPerSecond(bytesPerSecond, mtuBytes);
      const flows = new Map<number, { rate: number; since: number; bytes: number; greatestRate: number }>();
      const advance = (flow: number, t: number) => {
        const state = flows.get(flow);
        if (state === undefined) throw new Error(`there is no flow ${flow}`);
        state.bytes += (t - state.since) * state.rate;
        state.since = t;
        return state;
      };
      events.forEach((event, index) => {
        if (event.type === "link.flowStarted") {
          const rate = event.bytesPerSecond;
          flows.set(event.flow, { rate, since: event.t, bytes: 0, greatestRate: rate });
        } else if (event.type === "link.flowRateChanged") {
          const state = advance(event.flow, event.t);
          state.rate = event.bytesPerSecond;
          state.greatestRate = Math.max(state.greatestRate, state.rate);
        } else if (event.type === "link.flowEnded") {
          const state = advance(event.flow, event.t);
          // Booked ahead of the wire: a window of 100 ms, what the socket holds, and what latency keeps under way.
          const ahead = state.greatestRate * (0.11 + 2 * latencySeconds) + 4.2e6 + 64 * 4104;
          expect(event.bytes).toBeLessThanOrEqual(state.bytes + ahead);
          flows.delete(event.flow);
        }
        // All that happens at one time counts as one.
        if (events[index + 1]?.t === event.t) return;
        const rates = [...flows.values()].map(({ rate }) => rate);
        if (rates.length > 1) shared += 1;
        expect(rates.reduce((sum, rate) => sum + rate, 0)).toBeLessThanOrEqual(capacity * (1 + 1e-12));
      });
    });
    expect(shared).toBeGreaterThan(50);
  });

  it("the same seed gives the same bytes", () => {
    forAllScenarios(5, 40, (scenario) => {
      const [once, twice] = [runOf(scenario), runOf(scenario)];
      expect(JSON.stringify(twice.events)).toBe(JSON.stringify(once.events));
      expect(JSON.stringify(twice.result)).toBe(JSON.stringify(once.result));
      // That nobody looks changes nothing.
      expect(JSON.stringify(simulate(scenario))).toBe(JSON.stringify(once.result));
    });
  });

  it("a guest elsewhere changes nothing for the others", () => {
    forAllScenarios(6, 60, (scenario) => {
      const alone = simulate(scenario);
      const other = structuredClone(scenario.vms[0]);
      const company = structuredClone(scenario);
      for (const name of ["HV03", "HV04"]) company.nodes.push({ ...company.nodes[0], name });
      company.vms.unshift({ ...other, name: "other", node: "HV03", mac: "00:15:5d:00:00:99", ip: "10.0.0.99" });
      company.vms[0].clients = [];
      company.timeline.push(migrate("other", 0.5, "qemu-7.2", {}, "HV04"));
      const { migrations } = simulate(company);
      // Results come in the order in which migrations were asked for.
      expect(migrations.filter(({ vm }) => vm !== "other")).toEqual(alone.migrations);
      expect(migrations).toHaveLength(alone.migrations.length + 1);
    });
  });
});
