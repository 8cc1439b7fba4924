/** Guests that hang: noticed by their heartbeat, restarted in place, elsewhere or not, and what else may become of them. */
import { describe, expect, it } from "vitest";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import { simulate } from "../../sim/simulate.ts";

function run(failover: object | string, timeline: object[], nodes = 2) {
  const parsed = parseScenario({
    schemaVersion: 1,
    name: "hang",
    environment: "hyper-v-2012r2-hosts",
    failover,
    nodes: Array.from({ length: nodes }, (_, index) => ({ name: `n${index + 1}`, memory: "32 GiB" })),
    networks: [{ name: "lan", bandwidth: "10 Gbit/s", carries: ["migration", "cluster", "client"] }],
    vms: [
      {
        name: "a",
        node: "n1",
        memory: "4 GiB",
        workload: { name: "w", classes: [{ pages: 100_000, rate: 50_000 }] },
        clients: [{ name: "ping", interval: "100 ms" }],
      },
    ],
    timeline,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const result = simulate(parsed.value);
  return { ...result, machines: result.failover?.machines ?? [] };
}

const hang = (at: number) => ({ at, hang: { vm: "a" } });
const CLUSTER = { preset: "failover-clustering-2012r2", guestTimeout: 20, start: 3, boot: 30 };

describe("a guest that hangs", () => {
  it("is restarted where it is, the time-out, the start and the boot later", () => {
    const { machines } = run(CLUSTER, [hang(100)]);
    expect(machines).toMatchObject([
      {
        cause: "guest-hung",
        downSeconds: 100,
        noticedSeconds: 120,
        to: "n1",
        runningSeconds: 153,
        outcome: "restarted",
      },
    ]);
    const [{ clientOutageSeconds = 0 } = {}] = machines;
    expect(clientOutageSeconds).toBeGreaterThan(53);
    expect(clientOutageSeconds).toBeLessThan(53.3);
  });

  it("goes elsewhere when it hangs again within the period, and is restarted in place once that is over", () => {
    const again = run({ ...CLUSTER, restartPeriod: "10 min" }, [hang(100), hang(400), hang(1400)]);
    expect(again.machines.map(({ to }) => to)).toEqual(["n1", "n2", "n2"]);
    const alone = run({ ...CLUSTER, restartPeriod: "10 min" }, [hang(100), hang(400)], 1);
    expect(alone.machines.map(({ outcome }) => outcome)).toEqual(["restarted", "not-restarted"]);
    expect(alone.machines[1]?.reason).toContain("No node takes a");
  });

  it("is left alone by VMware after three resets, and by a cluster that does not watch guests", () => {
    const vmware = { preset: "vmware-ha", watchesGuests: true };
    const four = run(vmware, [100, 400, 700, 1000].map(hang));
    expect(four.machines.map(({ to }) => to)).toEqual(["n1", "n1", "n1", null]);
    expect(four.machines[3]).toMatchObject({ noticedSeconds: 1120, outcome: "not-restarted" });
    expect(four.machines[3]?.reason).toBe("a hung, was restarted 3 times lately, and is left alone.");
    expect(run("xenserver-ha", [hang(100)]).machines).toMatchObject([
      { noticedSeconds: null, outcome: "not-restarted" },
    ]);
  });

  it("writes nothing, so that its migration has nothing to send again; it is restarted once that is over", () => {
    const migrate = { at: 99, migrate: { vm: "a", to: "n2", profile: "hyper-v-2012r2" } };
    const busy = run(CLUSTER, [migrate]);
    const hung = run({ ...CLUSTER, guestTimeout: 1 }, [migrate, hang(100)]);
    expect(hung.migrations).toMatchObject([{ outcome: "completed", to: "n2" }]);
    expect(hung.migrations[0]?.transferredBytes).toBeLessThan((busy.migrations[0]?.transferredBytes ?? 0) * 0.95);
    const { startSeconds = 0, totalSeconds = 0 } = hung.migrations[0] ?? {};
    expect(hung.machines).toMatchObject([{ node: "n1", noticedSeconds: 101, to: "n2", outcome: "restarted" }]);
    expect(hung.machines[0]?.restartSeconds).toBeCloseTo((startSeconds ?? 0) + (totalSeconds ?? 0), 6);
  });

  it("is started elsewhere with the rest where its node dies before it was noticed", () => {
    const { machines } = run(CLUSTER, [hang(100), { at: 110, fail: { node: "n1", sinceHeartbeat: 0 } }]);
    expect(machines).toMatchObject([
      { cause: "guest-hung", downSeconds: 100, noticedSeconds: 120, to: "n2", outcome: "restarted" },
    ]);
  });
});
