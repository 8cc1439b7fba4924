/** A connection whose path is cut: when it goes on, and when it breaks. */
import { describe, expect, it } from "vitest";
import { Simulation } from "../../sim/kernel/simulation.ts";
import { Connection } from "../../sim/network/connection.ts";
import { PathCuts } from "../../sim/network/path-cuts.ts";

function opened(connectionTimeoutSeconds = 900, connectionTailLossProbe = true) {
  const simulation = new Simulation("1");
  const cuts = new PathCuts();
  const told: string[] = [];
  const at = () => Math.round(simulation.now * 1e6) / 1e6;
  const connection = new Connection(
    {
      simulation,
      cuts,
      from: "A",
      to: "B",
      roundTripSeconds: 0,
      parameters: { connectionTimeoutSeconds, connectionRtoSeconds: 0.2, connectionTailLossProbe },
    },
    {
      onHeld: () => told.push(`held ${at()}`),
      onReleased: (seconds, n) => told.push(`on ${at()} after ${Math.round(seconds * 1e6) / 1e6}, ${n}`),
      onBroken: () => told.push(`broken ${at()}`),
    },
  );
  connection.begin();
  const then = (seconds: number, onEvent: () => void) => void simulation.schedule(seconds, { onEvent }, 0);
  return { simulation, cuts, told, connection, then };
}

describe("a connection whose path is cut", () => {
  it.each([
    // Retransmissions with a probe: 0.2, 0.4, 0.8, 1.6, 3.2 s ... after the cut.
    [0.1, 0.2, 1],
    [0.3, 0.4, 2],
    [2, 3.2, 5],
    [3.1, 3.2, 5],
    [3.3, 6.4, 6],
  ])("goes on with the first retransmission after a cut of %d s: %d s", (seconds, after, attempt) => {
    const { simulation, cuts, told, then } = opened();
    then(10, () => {
      const cut = cuts.cut("A");
      then(10 + seconds, () => cuts.end("A", cut));
    });
    simulation.run(100);
    expect(told).toEqual(["held 10", `on ${10 + after} after ${after}, ${attempt}`]);
  });

  it("doubles from the first without a probe: 0.2, 0.6, 1.4, 3.0 s", () => {
    const { simulation, cuts, told, then } = opened(900, false);
    then(0, () => void cuts.cut(null));
    then(2, () => cuts.restore(null));
    simulation.run(100);
    expect(told).toEqual(["held 0", "on 3 after 3, 4"]);
  });

  it("keeps its timer through several cuts", () => {
    const { simulation, cuts, told, then } = opened();
    then(0, () => void cuts.cut("B"));
    then(1, () => cuts.restore("B"));
    then(1.5, () => void cuts.cut(null));
    then(3.5, () => cuts.restore(null));
    simulation.run(100);
    expect(told).toEqual(["held 0", "on 6.4 after 6.4, 6"]);
  });

  it("breaks after its time-out, and goes on over another once the path is whole", () => {
    const { simulation, cuts, told, then, connection } = opened(30);
    then(0, () => void cuts.cut("A"));
    then(40, () => expect(connection.reopen()).toBe(false));
    then(50, () => cuts.restore("A"));
    then(60, () => expect(connection.reopen()).toBe(true));
    simulation.run(100);
    expect(told).toEqual(["held 0", "broken 30", "on 60 after 60, 0"]);
  });

  it("hears of nothing once it is closed, nor of nodes that it does not use", () => {
    const { simulation, cuts, told, then, connection } = opened();
    then(0, () => void cuts.cut("C"));
    then(1, () => connection.close());
    then(2, () => void cuts.cut("A"));
    simulation.run(100);
    expect(told).toEqual([]);
  });

  it("is held as long as one of several cuts lasts", () => {
    const { simulation, cuts, told, then } = opened();
    then(0, () => {
      const first = cuts.cut("A");
      const second = cuts.cut("A");
      then(1, () => cuts.end("A", second));
      then(2, () => cuts.end("A", first));
    });
    simulation.run(100);
    expect(told).toEqual(["held 0", "on 3.2 after 3.2, 5"]);
  });
});
