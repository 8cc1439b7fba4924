/** Migrations between nodes with teams: what one, several at once and several connections get of the members. */
import { describe, expect, it } from "vitest";
import type { TeamOptions } from "../../sim/network/team.ts";
import type { MigrateEntry } from "../../sim/scenario/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import type { MigrationResult } from "../../sim/trace/migration-result.ts";
import { GIB, migrate, smallWorld } from "../support/small-world.ts";

const GIGABIT = 125e6;
const PAGES_BYTES = GIB;
const QEMU = { maxBandwidthBytesPerSecond: 0 };

function moved(team: TeamOptions | null, entries: MigrateEntry[], seed = "1"): MigrationResult[] {
  const names = [...new Set(entries.map(({ vm }) => vm))];
  const scenario = smallWorld({
    vms: names.map((name) => ({ name, memoryBytes: PAGES_BYTES, usedBytes: PAGES_BYTES })),
    nodes: 3,
    networkBytesPerSecond: GIGABIT,
    timeline: entries,
    seed,
  });
  if (team !== null) for (const network of scenario.networks) network.team = team;
  return simulate(scenario).migrations;
}

const lacp: TeamOptions = { members: 2, mode: "lacp", hash: "connections" };
const total = ({ totalSeconds }: MigrationResult) => totalSeconds ?? Number.NaN;
const SEEDS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];

describe("migrations between nodes with teams", () => {
  const [single] = moved(null, [migrate("a", 1, "qemu-7.2", QEMU)]) as [MigrationResult];

  it("get one member each: a single one gains nothing", () => {
    const [teamed] = moved(lacp, [migrate("a", 1, "qemu-7.2", QEMU)]) as [MigrationResult];
    const { teamMembers, ...rest } = teamed;
    expect(teamMembers).toHaveLength(1);
    expect(single.teamMembers).toBeUndefined();
    expect(rest).toEqual(single);
  });

  it("that run at once take as long as one where they were hashed apart at both ends, else twice as long", () => {
    const seen = new Set<boolean>();
    for (const seed of SEEDS) {
      const pair = moved(lacp, [migrate("a", 1, "qemu-7.2", QEMU), migrate("b", 1, "qemu-7.2", QEMU)], seed);
      const [[one], [other]] = pair.map(({ teamMembers = [] }) => teamMembers) as [[Lane], [Lane]];
      const isApart = one.from !== other.from && one.to !== other.to;
      seen.add(isApart);
      for (const each of pair) expect(total(each) / total(single)).toBeCloseTo(isApart ? 1 : 2, 1);
    }
    expect(seen.size).toBe(2);
  });

  it("without the switch's help meet at one target, and not at two", () => {
    const seen = new Set<boolean>();
    for (const seed of SEEDS) {
      const team: TeamOptions = { ...lacp, mode: "switch-independent" };
      const ones = moved(team, [migrate("a", 1, "qemu-7.2", QEMU), migrate("b", 1, "qemu-7.2", QEMU)], seed);
      for (const each of ones) expect(total(each) / total(single)).toBeCloseTo(2, 1);
      const entries = [migrate("a", 1, "qemu-7.2", QEMU), migrate("b", 1, "qemu-7.2", QEMU, "HV03")];
      const twos = moved(team, entries, seed);
      const [[one], [other]] = twos.map(({ teamMembers = [] }) => teamMembers) as [[Lane], [Lane]];
      seen.add(one.from === other.from);
      for (const each of twos) expect(total(each) / total(single)).toBeCloseTo(one.from === other.from ? 2 : 1, 1);
    }
    expect(seen.size).toBe(2);
  });

  it("with many channels have all members, unless hosts are hashed or one member stands by", () => {
    const channels = { ...QEMU, multifd: true, multifdChannels: 64 };
    const speedOf = (team: TeamOptions | null) =>
      (PAGES_BYTES * 8) / 1e9 / total(moved(team, [migrate("a", 1, "qemu-7.2", channels)])[0] as MigrationResult);
    const alone = speedOf(null);
    expect(alone).toBeCloseTo(0.94, 1);
    // 64 connections over four members at two ends: the hash leaves each within a few of its sixteen.
    expect(speedOf({ ...lacp, members: 4 }) / alone).toBeGreaterThan(3);
    expect(speedOf({ ...lacp, members: 4 }) / alone).toBeLessThanOrEqual(4);
    expect(speedOf({ ...lacp, members: 4, mode: "switch-independent" })).toBeCloseTo(alone, 2);
    expect(speedOf({ ...lacp, members: 4, hash: "hosts" })).toBeCloseTo(alone, 2);
    expect(speedOf({ ...lacp, members: 4, mode: "standby" })).toBeCloseTo(alone, 2);
  });

  it("of vSphere 5 take as many members as they have adapters, whatever the mode", () => {
    const ofNics = (nics: number) =>
      moved({ members: 3, mode: "standby", hash: "hosts" }, [
        migrate("a", 1, "vsphere-5", { nics }),
      ])[0] as MigrationResult;
    expect(ofNics(3).teamMembers).toEqual([1, 2, 3].map((member) => ({ from: member, to: member })));
    const copying = (result: MigrationResult) => result.rounds[0]?.durationSeconds ?? Number.NaN;
    expect(copying(ofNics(1)) / copying(ofNics(3))).toBeCloseTo(3, 1);
  });

  it("leave what others were hashed to as it was", () => {
    const entries = [migrate("a", 1, "qemu-7.2", QEMU), migrate("b", 30, "qemu-7.2", QEMU)];
    const [, withOther] = moved(lacp, entries);
    const [without] = moved(lacp, entries.slice(1));
    expect(withOther?.teamMembers).toEqual(without?.teamMembers);
  });
});

type Lane = { from: number; to: number };
