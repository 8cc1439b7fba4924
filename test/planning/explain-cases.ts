/**
 * Scenarios whose cause is known from how they were made: each with what takes the cause away, and with what must make no
 * difference, both written here and not taken from the code under test.
 */
import type { Scenario } from "../../sim/index.ts";
import type { Bounded, CauseName } from "../../src/planning/explain/diagnose.ts";
import type { Verdict } from "../../src/planning/explain/verdict.ts";
import { GIB, MIB, migrate, type SmallVm, smallWorld, writes as writesNamed } from "../support/small-world.ts";
import {
  type Change,
  cpuBound,
  fastHosts,
  fastLink,
  firstEntries,
  idle,
  inTurn,
  keeping,
  later,
  manager,
  network,
  noLatency,
  noRateLimit,
  quickHosts,
  set,
  withoutEntry,
} from "./scenario-changes.ts";

export interface ExplainCase {
  name: string;
  scenario: Scenario;
  /** Place among the timeline's migrations; default 0. */
  migration?: number;
  verdict: Verdict;
  of: Bounded;
  cause: CauseName;
  against?: string[];
  /** Takes the cause away. */
  lift: Change;
  /** What does not matter, each taken away alone. */
  innocent: Change[];
}

const GIGABIT = 125e6;
const PAGES = (bytes: number) => bytes / 4096;

/** Names as a scenario file may have them. */
const writes: typeof writesNamed = (firstPage, pages, rate, changes = {}) =>
  writesNamed(firstPage, pages, rate, { name: `busy${firstPage}`, ...changes });

const HYPER_V = { preset: "hyper-v-2008r2-hosts" };

function guest(memoryBytes: number, usedBytes: number, changes: Partial<SmallVm> = {}): SmallVm {
  return { name: "vm1", memoryBytes, usedBytes, ...changes };
}

const qemu = (overrides = {}) => [migrate("vm1", 0, "qemu-7.2", overrides)];

export const CASES: readonly ExplainCase[] = [
  {
    name: "QEMU, a rate limit far below the link",
    scenario: smallWorld({
      horizonSeconds: 60,
      vms: [guest(GIB, GIB / 2, { classes: [writes(0, 30_000, 20_000)] })],
      timeline: qemu({ maxBandwidthBytesPerSecond: 32 * MIB }),
    }),
    verdict: "never",
    of: "outcome",
    cause: "rate-limit",
    lift: noRateLimit,
    innocent: [fastLink, noLatency, fastHosts, quickHosts],
  },
  {
    name: "QEMU without rate limit, a guest that writes half as much again as the link carries",
    scenario: smallWorld({
      horizonSeconds: 60,
      networkBytesPerSecond: GIGABIT,
      vms: [guest(2 * GIB, 2 * GIB, { classes: [writes(0, PAGES(GIB), 45_000)] })],
      timeline: qemu({ maxBandwidthBytesPerSecond: 0 }),
    }),
    verdict: "never",
    of: "outcome",
    cause: "dirty-rate",
    against: ["link"],
    lift: idle,
    innocent: [noLatency, fastHosts, quickHosts],
  },
  {
    name: "QEMU with its default rate limit on 1 Gbit/s: both would have to go",
    scenario: smallWorld({
      horizonSeconds: 60,
      networkBytesPerSecond: GIGABIT,
      vms: [guest(2 * GIB, 2 * GIB, { classes: [writes(0, PAGES(GIB), 60_000)] })],
      timeline: qemu(),
    }),
    verdict: "never",
    of: "outcome",
    cause: "dirty-rate",
    against: ["link", "rate-limit"],
    lift: inTurn(fastLink, noRateLimit),
    innocent: [fastLink, noRateLimit, noLatency, fastHosts, quickHosts],
  },
  {
    name: "QEMU, 64 MiB written over and over beside 100 Mbit/s",
    scenario: smallWorld({
      horizonSeconds: 60,
      networkBytesPerSecond: GIGABIT / 10,
      vms: [
        guest(256 * MIB, 200 * MIB, {
          classes: [writes(0, 16_384, 100_000), writes(16_384, 10_000, 10, { name: "cold" })],
        }),
      ],
      timeline: qemu({ maxBandwidthBytesPerSecond: 0 }),
    }),
    verdict: "never",
    of: "outcome",
    cause: "hot-set",
    against: ["link"],
    lift: keeping((name) => name === "cold"),
    innocent: [keeping((name) => name !== "cold"), noLatency, fastHosts, quickHosts],
  },
  {
    name: "QEMU over a long way: the socket holds less than the way takes",
    scenario: smallWorld({
      horizonSeconds: 60,
      networkBytesPerSecond: GIGABIT,
      latencySeconds: 0.25,
      vms: [guest(512 * MIB, 256 * MIB, { classes: [writes(0, 40_000, 15_000)] })],
      timeline: qemu({ maxBandwidthBytesPerSecond: 0 }),
    }),
    verdict: "never",
    of: "outcome",
    cause: "latency",
    lift: noLatency,
    innocent: [fastLink, fastHosts, quickHosts],
  },
  {
    name: "QEMU on a boundless link: the sender's processor is too slow",
    scenario: smallWorld({
      horizonSeconds: 30,
      networkBytesPerSecond: 1.2e12,
      environment: { preset: "qemu-tcg-2-core", overrides: { copyRateBytesPerSecond: 2e8 } },
      vms: [guest(2 * GIB, 2 * GIB, { classes: [writes(0, PAGES(GIB), 90_000)] })],
      timeline: qemu({ maxBandwidthBytesPerSecond: 0 }),
    }),
    verdict: "never",
    of: "outcome",
    cause: "sender-cpu",
    lift: fastHosts,
    innocent: [fastLink, noLatency, quickHosts],
  },
  {
    name: "QEMU, a hot set of twice what fits into the downtime limit, by link and rate limit alike",
    scenario: smallWorld({
      horizonSeconds: 60,
      networkBytesPerSecond: GIGABIT,
      vms: [guest(512 * MIB, 128 * MIB, { classes: [writes(0, 16_384, 150_000)] })],
      timeline: qemu(),
    }),
    verdict: "never",
    of: "outcome",
    cause: "downtime-limit",
    lift: set({ downtimeLimitSeconds: 2 }),
    innocent: [fastLink, noRateLimit, noLatency, fastHosts, quickHosts],
  },
  {
    name: "QEMU, throttled to 1 % while its writes go on",
    scenario: smallWorld({
      horizonSeconds: 60,
      vms: [guest(512 * MIB, 256 * MIB, { classes: [writes(0, 40_000, 25_000, { cpuBoundShare: 0 })] })],
      timeline: qemu({ maxBandwidthBytesPerSecond: 48 * MIB, autoConverge: true }),
    }),
    verdict: "never",
    of: "outcome",
    cause: "throttling",
    lift: cpuBound,
    innocent: [fastLink, noLatency, fastHosts, quickHosts],
  },
  {
    name: "QEMU, cancelled by the user half-way",
    scenario: smallWorld({
      horizonSeconds: 120,
      vms: [guest(GIB, GIB)],
      timeline: [...qemu({ maxBandwidthBytesPerSecond: 32 * MIB }), { kind: "cancel", atSeconds: 10, vm: "vm1" }],
    }),
    verdict: "aborted",
    of: "outcome",
    cause: "cancellation",
    lift: firstEntries(1),
    innocent: [fastLink, noLatency, fastHosts, quickHosts],
  },
  {
    name: "QEMU, the run ends before the guest is over",
    scenario: smallWorld({
      horizonSeconds: 10,
      networkBytesPerSecond: GIGABIT / 2,
      vms: [guest(GIB, GIB)],
      timeline: qemu({ maxBandwidthBytesPerSecond: 50 * MIB }),
    }),
    verdict: "never",
    of: "outcome",
    cause: "horizon",
    lift: later(60),
    innocent: [fastLink, noLatency, fastHosts, quickHosts],
  },
  {
    name: "QEMU, two guests share a link that would do for one",
    scenario: smallWorld({
      horizonSeconds: 60,
      networkBytesPerSecond: GIGABIT,
      vms: [
        guest(512 * MIB, 256 * MIB, { classes: [writes(0, 40_000, 21_000)] }),
        guest(512 * MIB, 512 * MIB, { name: "vm2", classes: [writes(0, 100_000, 60_000)] }),
      ],
      timeline: [...qemu(), migrate("vm2", 0, "qemu-7.2")],
    }),
    verdict: "never",
    of: "outcome",
    cause: "other-migrations",
    lift: withoutEntry(1),
    innocent: [noLatency, fastHosts, quickHosts, noRateLimit],
  },
  {
    name: "Hyper-V, two passes where five would do",
    scenario: smallWorld({
      environment: HYPER_V,
      networkBytesPerSecond: GIGABIT,
      vms: [guest(GIB, GIB, { classes: [writes(0, 30_000, 3000)] })],
      timeline: [migrate("vm1", 0, "hyper-v-2008r2", { passLimit: 2 })],
    }),
    verdict: "forced",
    of: "outcome",
    cause: "pass-limit",
    lift: set({ passLimit: 20 }),
    innocent: [noLatency, fastHosts, quickHosts],
  },
  {
    name: "Hyper-V, a guest that writes half as much again as the link carries",
    scenario: smallWorld({
      environment: HYPER_V,
      networkBytesPerSecond: GIGABIT,
      vms: [guest(2 * GIB, 2 * GIB, { classes: [writes(0, PAGES(GIB), 45_000)] })],
      timeline: [migrate("vm1", 0, "hyper-v-2008r2")],
    }),
    verdict: "forced",
    of: "outcome",
    cause: "dirty-rate",
    against: ["link"],
    lift: idle,
    innocent: [noLatency, fastHosts, quickHosts, set({ passLimit: 40 })],
  },
  {
    name: "Hyper-V 2012 R2, 128 MiB written over and over beside 1 Gbit/s",
    scenario: smallWorld({
      environment: HYPER_V,
      networkBytesPerSecond: GIGABIT,
      vms: [guest(GIB, GIB / 2, { classes: [writes(0, 32_768, 400_000)] })],
      timeline: [migrate("vm1", 0, "hyper-v-2012r2", { compression: false })],
    }),
    verdict: "forced",
    of: "outcome",
    cause: "hot-set",
    lift: idle,
    innocent: [noLatency, fastHosts, quickHosts, set({ passLimit: 40 })],
  },
  {
    name: "Hyper-V 2016 on a boundless link, a sender of 100 MB/s",
    scenario: smallWorld({
      environment: { ...HYPER_V, overrides: { copyRateBytesPerSecond: 1e8 } },
      networkBytesPerSecond: 1.2e12,
      vms: [guest(GIB, GIB, { classes: [writes(0, 100_000, 35_000)] })],
      timeline: [migrate("vm1", 0, "hyper-v-2016", { compression: false })],
    }),
    verdict: "forced",
    of: "outcome",
    cause: "sender-cpu",
    lift: fastHosts,
    innocent: [fastLink, noLatency, quickHosts],
  },
  {
    name: "Xen, five rounds where a few more would do",
    scenario: smallWorld({
      environment: { preset: "xen-hosts", overrides: { alwaysDirtyPages: 3 } },
      networkBytesPerSecond: GIGABIT,
      vms: [guest(GIB, GIB, { classes: [writes(0, 30_000, 8000)] })],
      timeline: [migrate("vm1", 0, "xen")],
    }),
    verdict: "forced",
    of: "outcome",
    cause: "pass-limit",
    lift: set({ roundLimit: 60 }),
    innocent: [noLatency, fastHosts, quickHosts],
  },
  {
    name: "Xen, a guest that writes more than the link carries",
    scenario: smallWorld({
      environment: { preset: "xen-hosts", overrides: { alwaysDirtyPages: 3 } },
      networkBytesPerSecond: GIGABIT,
      vms: [guest(2 * GIB, 2 * GIB, { classes: [writes(0, PAGES(GIB), 45_000)] })],
      timeline: [migrate("vm1", 0, "xen")],
    }),
    verdict: "forced",
    of: "outcome",
    cause: "dirty-rate",
    lift: idle,
    innocent: [noLatency, fastHosts, quickHosts, set({ roundLimit: 60 })],
  },
  {
    name: "vSphere without its stun, a guest that writes more than the link carries",
    scenario: smallWorld({
      horizonSeconds: 120,
      environment: { preset: "vsphere-5-hosts" },
      networkBytesPerSecond: GIGABIT,
      vms: [guest(2 * GIB, GIB, { classes: [writes(0, PAGES(GIB), 60_000)] })],
      timeline: [migrate("vm1", 0, "vsphere-5", { stunDuringPageSend: false })],
    }),
    verdict: "never",
    of: "outcome",
    cause: "dirty-rate",
    against: ["link"],
    lift: idle,
    innocent: [noLatency, fastHosts, quickHosts],
  },
  {
    name: "QEMU 10, a rate limit far below the link",
    scenario: smallWorld({
      horizonSeconds: 60,
      environment: { preset: "qemu-kvm-hosts" },
      vms: [guest(GIB, GIB / 2, { classes: [writes(0, 60_000, 40_000)] })],
      timeline: [migrate("vm1", 0, "qemu-10", { maxBandwidthBytesPerSecond: 64 * MIB })],
    }),
    verdict: "never",
    of: "outcome",
    cause: "rate-limit",
    lift: noRateLimit,
    innocent: [fastLink, noLatency, fastHosts, quickHosts],
  },
  {
    name: "vSphere 4 without quick resume, a guest that writes more than the link carries",
    scenario: smallWorld({
      horizonSeconds: 120,
      environment: { preset: "vsphere-4-hosts" },
      networkBytesPerSecond: GIGABIT,
      vms: [guest(2 * GIB, GIB, { classes: [writes(0, PAGES(GIB), 60_000)] })],
      timeline: [migrate("vm1", 0, "vsphere-4", { quickResume: false })],
    }),
    verdict: "aborted",
    of: "outcome",
    cause: "dirty-rate",
    against: ["link"],
    lift: idle,
    innocent: [noLatency, fastHosts, quickHosts],
  },
  {
    name: "XenServer 5, a guest that writes more than the link carries",
    scenario: smallWorld({
      environment: { preset: "xen-hosts" },
      networkBytesPerSecond: GIGABIT,
      vms: [guest(2 * GIB, 2 * GIB, { classes: [writes(0, PAGES(GIB), 45_000)] })],
      timeline: [migrate("vm1", 0, "xenserver-5")],
    }),
    verdict: "forced",
    of: "outcome",
    cause: "dirty-rate",
    lift: idle,
    innocent: [noLatency, fastHosts, quickHosts, set({ memoryFactor: 60 })],
  },
  {
    name: "oVirt gives up a guest that writes more than its rate limit lets go, and that throttling does not slow",
    scenario: smallWorld({
      horizonSeconds: 1200,
      vms: [guest(512 * MIB, 256 * MIB, { classes: [writes(0, 50_000, 40_000, { cpuBoundShare: 0 })] })],
      timeline: [{ ...migrate("vm1", 0, "qemu-7.2"), manager: { name: "ovirt", overrides: {} } }],
    }),
    verdict: "aborted",
    of: "outcome",
    cause: "throttling",
    lift: cpuBound,
    innocent: [fastLink, noLatency, fastHosts, quickHosts],
  },
  {
    name: "SimGrid's model over a long way: its latency sets the rate",
    scenario: smallWorld({
      horizonSeconds: 120,
      networkBytesPerSecond: GIGABIT,
      latencySeconds: 0.05,
      vms: [guest(GIB, GIB, { classes: [writes(0, 100_000, 12_000)] })],
      timeline: [migrate("vm1", 0, "simgrid-3.32")],
    }),
    verdict: "never",
    of: "outcome",
    cause: "latency",
    lift: noLatency,
    innocent: [fastHosts, quickHosts],
  },
  {
    name: "nova, a time-out that comes before a large idle guest is over",
    scenario: smallWorld({
      horizonSeconds: 300,
      networkBytesPerSecond: GIGABIT / 10,
      vms: [guest(GIB, GIB)],
      timeline: [
        { ...migrate("vm1", 0, "qemu-7.2"), manager: { name: "nova", overrides: { completionTimeoutSeconds: 20 } } },
      ],
    }),
    verdict: "aborted",
    of: "outcome",
    cause: "time-out",
    lift: manager({ completionTimeoutSeconds: 0 }),
    innocent: [noLatency, fastHosts, quickHosts],
  },
  {
    name: "KubeVirt gives up a guest that writes more than the link carries",
    scenario: smallWorld({
      horizonSeconds: 900,
      networkBytesPerSecond: GIGABIT,
      vms: [guest(GIB, GIB, { classes: [writes(0, 200_000, 60_000)] })],
      timeline: [{ ...migrate("vm1", 0, "qemu-7.2"), manager: { name: "kubevirt", overrides: {} } }],
    }),
    verdict: "aborted",
    of: "outcome",
    cause: "dirty-rate",
    against: ["link"],
    lift: idle,
    innocent: [noLatency, fastHosts, quickHosts],
  },
  {
    name: "an idle guest on QEMU: memory over the link",
    scenario: smallWorld({
      networkBytesPerSecond: GIGABIT,
      vms: [guest(GIB, GIB)],
      timeline: qemu({ maxBandwidthBytesPerSecond: 0 }),
    }),
    verdict: "converges",
    of: "time",
    cause: "size",
    against: ["link"],
    lift: fastLink,
    innocent: [noLatency, fastHosts, quickHosts, set({ downtimeLimitSeconds: 1 })],
  },
  {
    name: "an idle guest on QEMU: memory over the rate limit",
    scenario: smallWorld({
      vms: [guest(GIB, GIB)],
      timeline: qemu({ maxBandwidthBytesPerSecond: 64 * MIB }),
    }),
    verdict: "converges",
    of: "time",
    cause: "size",
    against: ["rate-limit"],
    lift: noRateLimit,
    innocent: [noLatency, fastLink, fastHosts, quickHosts],
  },
  {
    name: "QEMU, a guest that writes nearly as much as the rate limit lets go",
    scenario: smallWorld({
      vms: [guest(512 * MIB, 400 * MIB, { classes: [writes(0, 80_000, 7900)] })],
      timeline: qemu({ maxBandwidthBytesPerSecond: 32 * MIB, downtimeLimitSeconds: 0.02 }),
    }),
    verdict: "converges",
    of: "time",
    cause: "dirty-rate",
    against: ["rate-limit"],
    lift: idle,
    innocent: [noLatency, fastLink, fastHosts, quickHosts],
  },
  {
    name: "Hyper-V, one at a time: the second waits for the first",
    scenario: smallWorld({
      environment: HYPER_V,
      networkBytesPerSecond: GIGABIT,
      vms: [guest(256 * MIB, 256 * MIB, { name: "vm2" }), guest(4 * GIB, GIB)],
      timeline: [migrate("vm1", 0, "hyper-v-2008r2"), migrate("vm2", 0.1, "hyper-v-2008r2")],
    }),
    migration: 1,
    verdict: "converges",
    of: "time",
    cause: "other-migrations",
    lift: withoutEntry(0),
    innocent: [noLatency, fastHosts, quickHosts],
  },
  {
    name: "Hyper-V, an idle guest: the downtime is stopping, device state and starting",
    scenario: smallWorld({
      environment: HYPER_V,
      networkBytesPerSecond: GIGABIT,
      vms: [guest(256 * MIB, 256 * MIB, { pingIntervalSeconds: 0.01 })],
      timeline: [migrate("vm1", 0, "hyper-v-2008r2")],
    }),
    verdict: "converges",
    of: "downtime",
    cause: "blackout-constants",
    lift: quickHosts,
    innocent: [noLatency, fastLink, fastHosts, idle],
  },
  {
    name: "Hyper-V, its one announcement lost: clients wait for the guest's own frame",
    scenario: network({ frameLossShare: 1 })(
      smallWorld({
        environment: HYPER_V,
        networkBytesPerSecond: GIGABIT,
        vms: [guest(256 * MIB, 256 * MIB, { pingIntervalSeconds: 0.01 })],
        timeline: [migrate("vm1", 0, "hyper-v-2008r2")],
      }),
    ),
    verdict: "converges",
    of: "client-outage",
    cause: "announcements",
    lift: network({ frameLossShare: 0 }),
    innocent: [noLatency, fastHosts, idle],
  },
];
