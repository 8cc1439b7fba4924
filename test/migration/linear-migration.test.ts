/** SimGrid's model against its closed form, alone and with others on the link. */
import { describe, expect, it } from "vitest";
import { Simulation } from "../../sim/kernel/simulation.ts";
import { LinearMigration, type LinearSettings } from "../../sim/migration/linear-migration.ts";
import { Link } from "../../sim/network/link.ts";
import { silentRecorder } from "../../sim/trace/recorder.ts";

const LATENCY_SECONDS = 0.01;
const CAPACITY = 1e6;
const SETTINGS: LinearSettings = {
  latencyFactor: 2,
  bandwidthFactor: 1,
  speedBytesPerSecond: Number.POSITIVE_INFINITY,
  maxDowntimeSeconds: 0.05,
  workingSetBytes: null,
};
const host = {
  guestStopped() {},
  handOverStorage: () => 0,
  guestResumed() {},
  throttle() {},
  announce() {},
  ended() {},
};

function world() {
  const simulation = new Simulation("linear");
  const link = new Link({ name: "migration", capacityBytesPerSecond: CAPACITY, latencySeconds: LATENCY_SECONDS });
  const migrate = (memoryBytes: number, dirtyBytesPerSecond: number, changes: Partial<LinearSettings> = {}) =>
    new LinearMigration({
      simulation,
      recorder: silentRecorder,
      migration: 0,
      memoryBytes,
      dirtyBytesPerSecond,
      link,
      settings: { ...SETTINGS, ...changes },
      host,
    });
  return { simulation, link, migrate };
}

describe("one migration", () => {
  it("sends what was dirtied meanwhile until it is no more than the threshold", () => {
    const { simulation, migrate } = world();
    const migration = migrate(1e6, 5e5);
    simulation.run(100);
    const rounds = [1e6];
    const seconds = (bytes: number) => 2 * LATENCY_SECONDS + bytes / CAPACITY;
    let dirty = Math.floor(seconds(1e6) * 5e5);
    let threshold = Math.floor((1e6 / seconds(1e6)) * 0.05);
    while (dirty > threshold) {
      rounds.push(dirty);
      threshold = Math.floor((dirty / seconds(dirty)) * 0.05);
      dirty = Math.floor(seconds(dirty) * 5e5);
    }
    expect(rounds.length).toBeGreaterThan(2);
    expect(migration.rounds.map(({ bytesSent }) => bytesSent)).toEqual([...rounds, dirty]);
    expect(migration.times.downtimeSeconds).toBeCloseTo(seconds(dirty), 12);
    const total = [...rounds, dirty].reduce((sum, bytes) => sum + seconds(bytes), 2 * LATENCY_SECONDS);
    expect(migration.times.totalSeconds).toBeCloseTo(total, 9);
    expect(migration.endedBy).toBe("remaining-below-threshold");
  });

  it("never ends where the latency alone dirties more than the downtime allows, though the link carries it", () => {
    const { simulation, migrate } = world();
    const migration = migrate(1e6, 0.5 * CAPACITY, { latencyFactor: 20 });
    simulation.run(1000);
    expect(migration.times.totalSeconds).toBeNull();
    // Rounds settle where 20 L / (1 - 1/2) is their length.
    const { durationSeconds } = migration.rounds.at(-1) ?? { durationSeconds: 0 };
    expect(durationSeconds).toBeCloseTo((20 * LATENCY_SECONDS) / 0.5, 4);
    expect(migration.cancel("cancelled", "enough")).toBe(true);
    expect(migration.times.totalSeconds).toBe(1000);
  });

  it("dirties no more than its working set: 90 % of the memory unless said otherwise", () => {
    const { simulation, migrate } = world();
    const writer = migrate(1e6, 1e9, { workingSetBytes: 1000 });
    simulation.run(5);
    expect(writer.rounds.map(({ bytesSent }) => bytesSent)).toEqual([1e6, 1000]);
    const other = world();
    const wild = other.migrate(1e6, 1e9);
    other.simulation.run(5);
    expect(wild.rounds[1]?.bytesSent).toBe(900_000);
  });
});

it("transfers that are past their latency share the link equally, those that wait take nothing", () => {
  const { simulation, migrate } = world();
  const [small, large] = [migrate(1e5, 0), migrate(3e5, 0)];
  simulation.run(10);
  const wait = 2 * LATENCY_SECONDS;
  // Together until the small one's bytes are out, twice 1e5; then its empty last transfer waits, and the large one has all.
  expect(small.rounds[0]?.durationSeconds).toBeCloseTo(wait + 2e5 / CAPACITY, 12);
  expect(large.rounds[0]?.durationSeconds).toBeCloseTo(wait + 4e5 / CAPACITY, 12);
  expect(small.times.downtimeSeconds).toBeCloseTo(wait, 12);
  expect(large.transferredBytes).toBe(3e5);
});
