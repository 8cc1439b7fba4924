import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../sim/kernel/simulation.ts";
import { PingClient } from "../../sim/network/ping-client.ts";
import { Switch } from "../../sim/network/switch.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import { silentRecorder } from "../../sim/trace/recorder.ts";
import { at, KeepingRecorder } from "../support/kept-events.ts";

const mac = "52:54:00:00:00:01";
const ageingSeconds = 4;

/** What happens to the guest and to its entry in the switch. */
type Step = { seconds: number } & ({ kind: "stop" } | { kind: "start" | "learn"; node: string });

interface Options {
  intervalSeconds: number;
  latencySeconds: number;
  seed?: string;
  traced?: boolean;
}

function play(steps: readonly Step[], horizonSeconds: number, options: Options) {
  const { intervalSeconds, latencySeconds, seed = "1", traced = true } = options;
  const simulation = new Simulation(seed);
  const kept = new KeepingRecorder();
  const recorder = traced ? kept : silentRecorder;
  const lan = new Switch({ network: "lan", macAgeingSeconds: ageingSeconds, simulation, recorder: silentRecorder });
  lan.connect(mac, "web01", "A");
  const phaseSeconds = new Simulation(seed).random.stream("client/web01/c1").next() * intervalSeconds;
  const client = new PingClient({
    simulation,
    recorder,
    switch: lan,
    name: "c1",
    vm: "web01",
    mac,
    node: "A",
    intervalSeconds,
    latencySeconds,
  });
  for (const step of steps) {
    at(simulation, step.seconds, () => {
      if (step.kind === "stop") {
        lan.fallSilent(mac);
        client.onVmStopped();
      } else if (step.kind === "start") client.onVmStarted(step.node);
      else lan.learn(mac, step.node);
    });
  }
  simulation.run(horizonSeconds);
  return { client, events: kept.events, phaseSeconds, pending: simulation.pendingEvents };
}

/** The same, request by request. */
function requestByRequest(steps: readonly Step[], horizonSeconds: number, phaseSeconds: number, options: Options) {
  const { intervalSeconds, latencySeconds } = options;
  const answered = (arrival: number): boolean => {
    let node: string | null = "A";
    let port = "A";
    let staleAt = Number.POSITIVE_INFINITY;
    for (const step of steps) {
      if (step.seconds > arrival) break;
      if (step.kind === "stop") {
        node = null;
        staleAt = Math.min(staleAt, step.seconds + ageingSeconds);
      } else if (step.kind === "start") node = step.node;
      else {
        port = step.node;
        staleAt = Number.POSITIVE_INFINITY;
      }
    }
    return node !== null && (arrival >= staleAt || port === node);
  };
  const events: TraceEvent[] = [];
  const about = { client: "c1", vm: "web01" };
  let worst = 0;
  let lostInAll = 0;
  let lost = 0;
  // Some requests were under way, all answered, as the run began.
  const first = -Math.ceil(latencySeconds / intervalSeconds) - 2;
  let lastAnswer = Number.NaN;
  for (let request = first; ; request += 1) {
    const arrival = phaseSeconds + request * intervalSeconds + latencySeconds;
    const due = arrival + latencySeconds;
    if (due > horizonSeconds) break;
    if (arrival >= 0 && !answered(arrival)) {
      if (lost === 0) events.push({ t: due, type: "client.unreachable", ...about, lastReplySeconds: lastAnswer });
      lost += 1;
      lostInAll += 1;
    } else {
      if (lost > 0) {
        const outageSeconds = due - lastAnswer;
        events.push({ t: due, type: "client.reachable", ...about, outageSeconds, lost });
        worst = Math.max(worst, outageSeconds);
      }
      lost = 0;
      lastAnswer = due;
    }
  }
  if (lost > 0) worst = Math.max(worst, horizonSeconds - lastAnswer);
  return { events, outageSeconds: worst, lost: lostInAll };
}

function expectSameEvents(actual: readonly TraceEvent[], expected: readonly TraceEvent[]): void {
  expect(actual.map((event) => event.type)).toEqual(expected.map((event) => event.type));
  for (const [index, event] of expected.entries()) {
    for (const [field, value] of Object.entries(event)) {
      const found = (actual[index] as unknown as Record<string, unknown>)[field];
      if (typeof value === "number") expect(found, field).toBeCloseTo(value, 9);
      else expect(found, field).toBe(value);
    }
  }
}

const nodes = fc.constantFrom("A", "B");
const histories = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.double({ min: 0, max: 3, noNaN: true }), fc.double({ min: 0, max: 0.02, noNaN: true })),
      kind: fc.constantFrom("stop", "start", "learn"),
      node: nodes,
    }),
    { maxLength: 14 },
  )
  .map((moves) => {
    let seconds = 0;
    return moves.map(({ gap, kind, node }) => {
      seconds += gap;
      return (kind === "stop" ? { seconds, kind } : { seconds, kind, node }) as Step;
    });
  });

/** A migration from A to B: stop, announcement, start. */
const migration = (stop: number, learn: number, start: number): Step[] =>
  (
    [
      { seconds: stop, kind: "stop" },
      { seconds: learn, kind: "learn", node: "B" },
      { seconds: start, kind: "start", node: "B" },
    ] as Step[]
  ).sort((one, other) => one.seconds - other.seconds);

describe("a pinging client", () => {
  it("notices what a client would that sends every request", () => {
    fc.assert(
      fc.property(
        histories,
        fc.constantFrom(0.01, 0.1, 1, 2.5),
        fc.constantFrom(0, 0.0001, 0.05, 0.3),
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.double({ min: 0.5, max: 40, noNaN: true }),
        (steps, intervalSeconds, latencySeconds, seed, horizonSeconds) => {
          const options = { intervalSeconds, latencySeconds, seed: `${seed}` };
          const { client, events, phaseSeconds } = play(steps, horizonSeconds, options);
          const happened = steps.filter((step) => step.seconds <= horizonSeconds);
          const expected = requestByRequest(happened, horizonSeconds, phaseSeconds, options);
          expectSameEvents(events, expected.events);
          const result = client.resultOf(0, horizonSeconds, horizonSeconds);
          expect(result.lost).toBe(expected.lost);
          expect(result.outageSeconds).toBeCloseTo(expected.outageSeconds, 9);
          // Recording changes nothing.
          const untraced = play(steps, horizonSeconds, { ...options, traced: false });
          expect(untraced.client.resultOf(0, horizonSeconds, horizonSeconds)).toEqual(result);
          expect(untraced.events).toEqual([]);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("sees a gap of the standstill rounded up to whole intervals, or one more", () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const { client } = play(migration(5, 5.33, 5.334), 60, {
        intervalSeconds: 0.01,
        latencySeconds: 0.0001,
        seed: `${seed}`,
      });
      const { outageSeconds, lost } = client.resultOf(0, 60, 60);
      expect([33, 34]).toContain(lost);
      expect(outageSeconds).toBeCloseTo((lost + 1) * 0.01, 12);
    }
  });

  it("waits for the announcement where that comes after the start", () => {
    const { client } = play(migration(5, 5.5, 5.1), 60, { intervalSeconds: 0.01, latencySeconds: 0 });
    const { outageSeconds } = client.resultOf(0, 60, 60);
    expect(outageSeconds).toBeGreaterThanOrEqual(0.5);
    expect(outageSeconds).toBeLessThanOrEqual(0.52);
  });

  it("notices nothing of a standstill between two requests", () => {
    const { phaseSeconds } = play([], 1, { intervalSeconds: 1, latencySeconds: 0 });
    const stop = phaseSeconds + 5.2;
    const { client, events } = play(migration(stop, stop + 0.3, stop + 0.3), 60, {
      intervalSeconds: 1,
      latencySeconds: 0,
    });
    expect(client.resultOf(0, 60, 60)).toEqual({ client: "c1", kind: "ping", outageSeconds: 0, lost: 0 });
    expect(events).toEqual([]);
  });

  it("loses a request that arrives as the guest stops, and not one that arrives as it starts", () => {
    const options = { intervalSeconds: 1, latencySeconds: 0 };
    const { phaseSeconds } = play([], 1, options);
    const { client } = play(migration(phaseSeconds + 5, phaseSeconds + 8, phaseSeconds + 8), 60, options);
    expect(client.resultOf(0, 60, 60)).toEqual({ client: "c1", kind: "ping", outageSeconds: 4, lost: 3 });
  });

  it("counts an outage without end up to the end", () => {
    const { client, events } = play([{ seconds: 5, kind: "stop" }], 25, { intervalSeconds: 0.5, latencySeconds: 0 });
    const { outageSeconds, lost } = client.resultOf(0, 25, 25);
    expect(events.map((event) => event.type)).toEqual(["client.unreachable"]);
    expect(lost).toBe(40);
    expect(outageSeconds).toBeGreaterThanOrEqual(20);
    expect(outageSeconds).toBeLessThanOrEqual(20.5);
  });

  it("is reached again once the switch forgot the old port", () => {
    const { client, events } = play(
      [
        { seconds: 5, kind: "stop" },
        { seconds: 6, kind: "start", node: "B" },
      ],
      60,
      { intervalSeconds: 0.01, latencySeconds: 0 },
    );
    expect(events.map((event) => event.type)).toEqual(["client.unreachable", "client.reachable"]);
    expect(client.resultOf(0, 60, 60).outageSeconds).toBeCloseTo(ageingSeconds, 1);
  });

  it("keeps the outages of two migrations apart", () => {
    const back: Step[] = [
      { seconds: 20, kind: "stop" },
      { seconds: 22, kind: "learn", node: "A" },
      { seconds: 22, kind: "start", node: "A" },
    ];
    const { client } = play([...migration(5, 6, 6), ...back], 60, { intervalSeconds: 0.1, latencySeconds: 0 });
    expect(client.resultOf(0, 10, 60).lost).toBe(10);
    expect(client.resultOf(10, 30, 60).lost).toBe(20);
    expect(client.resultOf(30, 60, 60).lost).toBe(0);
    expect(client.resultOf(0, 60, 60).lost).toBe(30);
    expect(client.resultOf(0, 60, 60).outageSeconds).toBeCloseTo(2.1, 9);
  });

  it("schedules nothing while all is well, and nothing but records at all", () => {
    const quiet = play([], 0, { intervalSeconds: 0.01, latencySeconds: 0 });
    expect(quiet.pending).toBe(0);
    const stopped = play([{ seconds: 1, kind: "stop" }], 1, { intervalSeconds: 1, latencySeconds: 0, traced: false });
    expect(stopped.pending).toBe(0);
  });

  it("has a phase spread evenly over the interval", () => {
    // 1000 phases in 10 bins: chi-square with 9 degrees of freedom is below 33.7 with probability 0.9999.
    const bins = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 1000; seed += 1) {
      const { events } = play([{ seconds: 10, kind: "stop" }], 13, {
        intervalSeconds: 1,
        latencySeconds: 0,
        seed: `${seed}`,
      });
      bins[Math.floor((events[0].t - 10) * 10)] += 1;
    }
    const chiSquare = bins.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
    expect(chiSquare).toBeLessThan(33.7);
  });

  it("refuses an interval or latency that is none", () => {
    expect(() => play([], 1, { intervalSeconds: 0, latencySeconds: 0 })).toThrow(RangeError);
    expect(() => play([], 1, { intervalSeconds: 1, latencySeconds: -1 })).toThrow(RangeError);
  });
});
