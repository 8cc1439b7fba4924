import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../sim/kernel/simulation.ts";
import { attemptSeconds, retransmissionTimers } from "../../sim/network/retransmission.ts";
import { Switch } from "../../sim/network/switch.ts";
import { TcpClient, type TcpClientOptions } from "../../sim/network/tcp-client.ts";
import { silentRecorder } from "../../sim/trace/recorder.ts";
import { at, KeepingRecorder } from "../support/kept-events.ts";

const mac = "52:54:00:00:00:01";
const END = 10_000;

interface Played extends Partial<TcpClientOptions> {
  /** Times at which the guest stops and runs again, in turns. */
  standstills: readonly number[];
  /** When the switch hears of the new place; absent: as the guest runs. */
  learnsSeconds?: number;
  traced?: boolean;
  seed?: string;
}

function play({ standstills, learnsSeconds, traced = true, seed = "1", ...changes }: Played) {
  const simulation = new Simulation(seed);
  const kept = new KeepingRecorder();
  const lan = new Switch({ network: "lan", macAgeingSeconds: 300, simulation, recorder: silentRecorder });
  lan.connect(mac, "web01", "A");
  const client = new TcpClient({
    simulation,
    recorder: traced ? kept : silentRecorder,
    switch: lan,
    name: "c1",
    vm: "web01",
    mac,
    node: "A",
    latencySeconds: 0.001,
    role: "upload",
    timers: retransmissionTimers("linux"),
    intervalSeconds: 0.05,
    giveUpAfterSeconds: Number.POSITIVE_INFINITY,
    answerSeconds: 0.008,
    firstAnswerSeconds: 0,
    ...changes,
  });
  for (const [index, seconds] of standstills.entries()) {
    at(simulation, seconds, () => {
      if (index % 2 === 0) {
        lan.fallSilent(mac);
        client.onVmStopped();
        return;
      }
      if (learnsSeconds === undefined) lan.learn(mac, "B");
      client.onVmStarted("B");
    });
  }
  if (learnsSeconds !== undefined) at(simulation, learnsSeconds, () => lan.learn(mac, "B"));
  simulation.run(END);
  return { result: client.resultOf(0, END, END), events: kept, pending: simulation.pendingEvents };
}

describe("a client that must send again", () => {
  it("waits for the first retransmission that falls after the guest is back", () => {
    // The last acknowledgement is there 1 ms after the stop; the round trip is 10 ms, so the time-out is 210.
    for (const [standstill, attempt] of [
      [0.006, 1],
      [0.2, 1],
      [0.22, 2],
      [0.316, 2],
      [0.5, 3],
      [1.0, 4],
      [3, 5],
    ] as const) {
      const { result } = play({ standstills: [100, 100 + standstill] });
      const sent = attemptSeconds(retransmissionTimers("linux"), 0.01, attempt);
      expect(result.outageSeconds).toBeCloseTo(sent + 0.01, 9);
      expect(result).toMatchObject({ retransmissions: attempt, lost: attempt - 1, broken: false });
    }
  });

  it("counts from where the switch finds the guest, not from where it runs", () => {
    const { result } = play({ standstills: [100, 100.1], learnsSeconds: 101 });
    expect(result.outageSeconds).toBeCloseTo(1.68 + 0.01, 9);
  });

  it("loses a request with the guest, and none that comes while it runs", () => {
    const short = play({ role: "request", standstills: [100, 100.000_001], intervalSeconds: 10 });
    expect(short.result).toMatchObject({ outageSeconds: 0, retransmissions: 0 });
    expect(short.events.events).toEqual([]);
    const { result } = play({ role: "request", standstills: [100, 100.3] });
    // From the answer before: an interval, less the round trip that it took, and the second retransmission and its round trip.
    expect(result.outageSeconds).toBeCloseTo(0.05 - 0.01 + 0.42 + 0.01, 9);
  });

  it("gives up a session without progress, for good", () => {
    const { result, events } = play({ standstills: [100, 130, 200, 200.5], giveUpAfterSeconds: 20 });
    // 0.21, 0.42, 0.84 ... 13.44 s: seven attempts by then.
    expect(result).toMatchObject({ outageSeconds: 20, broken: true, retransmissions: 7, lost: 7 });
    expect(events.of("client.gaveUp")).toMatchObject([{ t: expect.closeTo(120.001, 9), retransmissions: 7 }]);
    expect(events.of("client.reachable")).toEqual([]);
    const patient = play({ standstills: [100, 130], giveUpAfterSeconds: 60 });
    expect(patient.result).toMatchObject({ broken: false, retransmissions: 9 });
  });
});

describe("a guest that must send again", () => {
  it("had its clock stand still: the stall is the standstill and what its timer had left", () => {
    for (const standstill of [0.006, 0.316, 1, 30]) {
      const download = play({ role: "download", standstills: [100, 100 + standstill] }).result;
      expect(download.outageSeconds).toBeCloseTo(standstill + 0.02, 9);
      const push = play({ role: "push", standstills: [100, 100 + standstill] }).result;
      expect(push.outageSeconds).toBeCloseTo(standstill + 0.21, 9);
    }
  });

  it("tells the switch where it is, if nobody else does", () => {
    const { result } = play({ role: "download", standstills: [100, 100.1], learnsSeconds: 5000 });
    expect(result.outageSeconds).toBeCloseTo(0.1 + 0.02, 9);
  });

  it("is heard later where it is deaf for a while", () => {
    const { result } = play({ role: "download", standstills: [100, 100.1], deafSeconds: 2 });
    expect(result.outageSeconds).toBeCloseTo(2.1 + 0.02, 9);
  });
});

describe("any connection", () => {
  const courses = fc
    .array(fc.double({ min: 0.001, max: 5, noNaN: true }), { minLength: 2, maxLength: 8 })
    .map((gaps) => gaps.map((_, index) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 100)))
    .map((times) => (times.length % 2 === 0 ? times : times.slice(0, -1)));
  const roles = fc.constantFrom("upload", "request", "download", "push" as const);

  it("gives the same result with and without a trace, in which every outage ends once", () => {
    fc.assert(
      fc.property(courses, roles, fc.boolean(), fc.constantFrom(2, Infinity), (standstills, role, isWindows, limit) => {
        const timers = retransmissionTimers(isWindows ? "windows" : "linux");
        const options = { standstills, role: role as "upload", timers, giveUpAfterSeconds: limit };
        const traced = play(options);
        expect(play({ ...options, traced: false }).result).toEqual(traced.result);
        const { events } = traced;
        const ended = events.of("client.reachable").length + events.of("client.gaveUp").length;
        expect(ended).toBe(events.of("client.unreachable").length);
        expect(events.of("client.gaveUp").length).toBe(traced.result.broken === true ? 1 : 0);
        const worst = Math.max(0, ...events.of("client.reachable").map(({ outageSeconds }) => outageSeconds));
        if (traced.result.broken !== true) expect(worst).toBeCloseTo(traced.result.outageSeconds, 9);
        expect(traced.pending).toBe(0);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it("is without progress at least as long as no frame can pass", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.02, max: 40, noNaN: true }), roles, (standstill, role) => {
        const { result } = play({
          standstills: [100, 100 + standstill],
          role: role as "upload",
          intervalSeconds: 0.01,
        });
        expect(result.outageSeconds).toBeGreaterThan(standstill - 0.01);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
