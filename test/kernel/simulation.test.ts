import { describe, expect, it } from "vitest";
import { type EventHandler, Simulation } from "../../sim/kernel/simulation.ts";

/** Notes when it is called with what, and can do more on the way. */
class Note implements EventHandler {
  readonly seen: [number, number][] = [];
  readonly simulation: Simulation;
  readonly afterwards: (code: number) => void;

  constructor(simulation: Simulation, afterwards: (code: number) => void = () => {}) {
    this.simulation = simulation;
    this.afterwards = afterwards;
  }

  onEvent(code: number): void {
    this.seen.push([this.simulation.now, code]);
    this.afterwards(code);
  }
}

describe("Simulation", () => {
  it("runs events in the order of time, priority and scheduling", () => {
    const simulation = new Simulation("1");
    const note = new Note(simulation);
    simulation.schedule(2, note, 1);
    simulation.schedule(1, note, 2, 5);
    simulation.schedule(1, note, 3);
    simulation.schedule(1, note, 4, -1);
    simulation.schedule(1, note, 5);
    simulation.run(10);
    expect(note.seen.map(([, code]) => code)).toEqual([4, 3, 5, 2, 1]);
  });

  it("ends at the last event, or at the horizon where events remain, and can go on", () => {
    const simulation = new Simulation("1");
    const note = new Note(simulation);
    simulation.schedule(3, note, 1);
    simulation.schedule(7, note, 2);
    simulation.run(3);
    expect([simulation.now, simulation.pendingEvents, note.seen.length]).toEqual([3, 1, 1]);
    simulation.run(5);
    expect([simulation.now, simulation.pendingEvents, note.seen.length]).toEqual([5, 1, 1]);
    simulation.run(100);
    expect([simulation.now, simulation.pendingEvents, note.seen.length]).toEqual([7, 0, 2]);
    simulation.run(Number.POSITIVE_INFINITY);
    expect(simulation.now).toBe(7);
  });

  it("runs what is scheduled on the way, and keeps the order of steps too small to move the clock", () => {
    const simulation = new Simulation("1");
    const note = new Note(simulation, (code) => {
      if (code === 0) {
        simulation.schedule(simulation.now + 1e-12, note, 2);
        simulation.schedule(simulation.now, note, 3);
        simulation.schedule(simulation.now + 1e-13, note, 4);
      }
    });
    simulation.schedule(1e6, note, 0);
    simulation.schedule(1e6, note, 1);
    simulation.run(2e6);
    expect(note.seen).toEqual([0, 1, 2, 3, 4].map((code) => [1e6, code]));
  });

  it("ignores tickets of events that have run or been cancelled, even when their place is used again", () => {
    const simulation = new Simulation("1");
    const note = new Note(simulation);
    const run = simulation.schedule(1, note, 1);
    simulation.run(1);
    const second = simulation.schedule(2, note, 2);
    simulation.cancel(run);
    simulation.cancel(run);
    expect(simulation.isPending(second)).toBe(true);
    simulation.cancel(second);
    expect(simulation.isPending(second)).toBe(false);
    simulation.schedule(3, note, 3);
    simulation.cancel(second);
    simulation.run(10);
    expect(note.seen).toEqual([
      [1, 1],
      [3, 3],
    ]);
  });

  it("refuses times that are past, infinite or not a number, and runs within runs", () => {
    const simulation = new Simulation("1");
    const note = new Note(simulation, () => simulation.run(100));
    simulation.schedule(5, new Note(simulation), 0);
    simulation.run(5);
    for (const time of [4.999, -1, NaN, Infinity]) {
      expect(() => simulation.schedule(time, note, 0)).toThrow(RangeError);
    }
    expect(() => simulation.schedule(6, note, 0, NaN)).toThrow(RangeError);
    expect(() => simulation.run(4)).toThrow(RangeError);
    expect(() => simulation.run(NaN)).toThrow(RangeError);
    simulation.schedule(6, note, 0);
    expect(() => simulation.run(10)).toThrow(/must not call run/);
    // A handler that throws leaves the simulation able to go on.
    expect(simulation.now).toBe(6);
    simulation.run(10);
  });

  it("hands a quiet hour to no one", () => {
    const simulation = new Simulation("1");
    const note = new Note(simulation);
    simulation.schedule(3600, note, 1);
    simulation.run(7200);
    expect(note.seen).toEqual([[3600, 1]]);
    expect(simulation.now).toBe(3600);
  });

  it("gives the streams of its seed", () => {
    const draw = (seed: string) => new Simulation(seed).random.stream("a").next();
    expect(draw("1")).toBe(draw("1"));
    expect(draw("1")).not.toBe(draw("2"));
  });
});
