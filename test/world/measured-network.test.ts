/**
 * What was measured of the network of migrating guests (QEMU 7.2 under TCG, a client that pings every 10 ms and holds a TCP
 * connection), against the examples that reproduce it: each figure within 10 %.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import { PreparedScenario, simulate } from "../../sim/simulate.ts";
import type { ClientResult, MigrationResult } from "../../sim/trace/migration-result.ts";
import { KeepingRecorder } from "../support/kept-events.ts";

const TOLERANCE = 0.1;

function scenarioOf(name: string, overrides: Record<string, string | number> = {}) {
  const text = readFileSync(new URL(`../../examples/${name}.yaml`, import.meta.url), "utf8");
  const read = parseScenario(parse(text), { overrides });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

function run(name: string, overrides: Record<string, string | number> = {}) {
  const kept = new KeepingRecorder();
  const result = simulate(scenarioOf(name, overrides), { onEvent: (event) => kept.record(event) });
  const migration = result.migrations[0] as MigrationResult;
  const client = (wanted: string) => migration.clients.find((each) => each.client === wanted) as ClientResult;
  return { migration, client, events: kept };
}

/** Within 10 % of a measured figure, or of the nearer end of a measured range. */
function expectMeasured(value: number, least: number, greatest = least): void {
  expect(value).toBeGreaterThanOrEqual(least * (1 - TOLERANCE));
  expect(value).toBeLessThanOrEqual(greatest * (1 + TOLERANCE));
}

describe("a downtime limit of 300 ms on a link of 500 Mbit/s", () => {
  const { migration, client } = run("network-after-migration");
  it("stops the guest for 316 ms", () => expectMeasured(migration.downtimeSeconds as number, 0.316));
  it("shows a client that pings a gap of 334 ms and loses 32 of its pings", () => {
    expectMeasured(client("ping").outageSeconds, 0.334);
    expectMeasured(client("ping").lost, 32);
  });
  it("stalls a client that must send again for 424 ms", () => expectMeasured(client("upload").outageSeconds, 0.424));
  it("stalls one to which the guest sends for the standstill and 12 to 34 ms", () => {
    const over = client("download").outageSeconds - (migration.downtimeSeconds as number);
    expectMeasured(over, 0.012, 0.034);
  });
});

describe("a downtime limit of 1 s on the same link", () => {
  const { migration, client } = run("network-one-second-limit");
  it("stops the guest for 982 to 1056 ms", () => expectMeasured(migration.downtimeSeconds as number, 0.982, 1.056));
  it("shows a gap of 1003 to 1079 ms with 98 to 106 pings lost", () => {
    expectMeasured(client("ping").outageSeconds, 1.003, 1.079);
    expectMeasured(client("ping").lost, 98, 106);
  });
  it("stalls a client that must send again for 1666 to 1693 ms", () => {
    expectMeasured(client("upload").outageSeconds, 1.666, 1.693);
  });
});

describe("a standstill of a few milliseconds", () => {
  const { migration, client } = run("network-short-standstill");
  it("costs a client that must send again 215 ms", () => {
    expect(migration.downtimeSeconds).toBeLessThan(0.006);
    expectMeasured(client("upload").outageSeconds, 0.215);
  });
  it("costs one to which the guest sends the standstill and 12 to 34 ms", () => {
    expectMeasured(client("download").outageSeconds - (migration.downtimeSeconds as number), 0.012, 0.034);
  });
});

describe("the echo gap", () => {
  it("is stop-to-run and 11 to 29 ms, 20.5 ms in the median", () => {
    const prepared = new PreparedScenario(scenarioOf("network-after-migration"));
    const over: number[] = [];
    for (let seed = 1; seed <= 60; seed += 1) {
      const migration = prepared.run({ seed: `${seed}` }).migrations[0] as MigrationResult;
      over.push((migration.clients[0] as ClientResult).outageSeconds - (migration.downtimeSeconds as number));
    }
    over.sort((one, other) => one - other);
    expect(over[0]).toBeGreaterThan(0.011);
    expect(over.at(-1)).toBeLessThan(0.029);
    expectMeasured(over[30] as number, 0.0205);
  });
});

describe("announcements", () => {
  it("leave as the run begins, and after gaps of 50, 150, 250 and 350 ms", () => {
    const { events } = run("network-after-migration");
    const runs = events.of("vm.started")[0]?.t as number;
    const sent = events.of("arp.sent").map(({ t }) => t);
    // Measured: 0.02 to 0.09 ms after the run begins; here at the same time, before it.
    expect(sent[0]).toBe(runs);
    const gaps = sent.slice(1).map((t, index) => t - (sent[index] as number));
    expect(gaps).toHaveLength(4);
    for (const [index, gap] of [0.05, 0.15, 0.25, 0.35].entries()) expectMeasured(gaps[index] as number, gap);
  });

  it("do as well once as five times on a path that loses none", () => {
    const once = run("network-after-migration", { "timeline.0.migrate.announceRounds": 1 });
    const often = run("network-after-migration");
    expect(once.migration.clients).toEqual(often.migration.clients);
    expect(once.events.of("arp.sent")).toHaveLength(1);
  });
});

describe("without any announcement", () => {
  it("TCP data not acknowledged ends the outage after about 207 ms of the guest's time", () => {
    const { migration } = run("network-no-announcement");
    expectMeasured((migration.connectivityGapSeconds as number) - (migration.downtimeSeconds as number), 0.207);
  });

  it("a silent guest is found in 3 to 7 s by a client with shortened timers", () => {
    const { migration, events } = run("network-silent-guest");
    expectMeasured(migration.clientOutageSeconds as number, 3, 7);
    expect(events.of("neighbour.answered")).toHaveLength(1);
    expect(events.of("switch.macMoved")).toHaveLength(1);
  });

  it("a silent guest behind a router that asks nobody stays lost until the switch forgets its port", () => {
    const { migration, client } = run("network-session-lost");
    expect(migration.connectivityGapSeconds).toBe(300);
    expect(client("terminal")).toMatchObject({ outageSeconds: 20, broken: true });
    expect(client("backup")).toMatchObject({ broken: false });
    const heard = run("network-session-lost", { "networks.1.frameLoss": "0 %" });
    expect(heard.migration.connectivityGapSeconds).toBeCloseTo(heard.migration.downtimeSeconds as number, 9);
    expect(heard.client("terminal").broken).toBe(false);
  });
});

describe("a guest that is deaf after it resumes", () => {
  it("is out of reach so much longer, however soon it is announced", () => {
    const overrides = { "vms.guest.deafAfterResume": "2 s" };
    const { migration, client } = run("network-after-migration", overrides);
    expect((migration.connectivityGapSeconds as number) - (migration.downtimeSeconds as number)).toBeCloseTo(2, 9);
    expect(client("ping").outageSeconds).toBeGreaterThan(2.3);
    // The retransmission that falls after 2.34 s: 16 x 210 ms.
    expectMeasured(client("upload").outageSeconds, 3.36);
  });
});
