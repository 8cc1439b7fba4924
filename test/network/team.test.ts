/** Which member of a team carries a connection. */
import { describe, expect, it } from "vitest";
import { RandomStreams } from "../../sim/kernel/random.ts";
import { Team, type TeamOptions } from "../../sim/network/team.ts";

const CONNECTIONS = 4000;

function team(changes: Partial<TeamOptions> = {}, seed = "1"): Team {
  const streams = new RandomStreams(seed);
  return new Team({ members: 4, mode: "lacp", hash: "connections", ...changes }, (name) => streams.stream(name));
}

describe("a team", () => {
  it("spreads connections evenly over its members, at both ends apart", () => {
    const counts = new Map<string, number>();
    for (const { from, to } of team().hashed("A", "B", CONNECTIONS, "vm")) {
      counts.set(`${from} ${to}`, (counts.get(`${from} ${to}`) ?? 0) + 1);
    }
    expect(counts.size).toBe(16);
    const expected = CONNECTIONS / 16;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 15 degrees of freedom: above 37.7 one time in a thousand.
    expect(chiSquare).toBeLessThan(37.7);
  });

  it("receives by its first member where the switch does not know of it, and sends by the same ones", () => {
    const alone = team({ mode: "switch-independent" }).hashed("A", "B", 50, "vm");
    const together = team({ mode: "lacp" }).hashed("A", "B", 50, "vm");
    expect(alone.map(({ to }) => to)).toEqual(new Array(50).fill(0));
    expect(alone.map(({ from }) => from)).toEqual(together.map(({ from }) => from));
    expect(new Set(together.map(({ to }) => to)).size).toBe(4);
  });

  it("leaves all but the first member idle on standby", () => {
    for (const lane of team({ mode: "standby" }).hashed("A", "B", 50, "vm")) expect(lane).toEqual({ from: 0, to: 0 });
  });

  it("has one member for all between two hosts where hosts are hashed, and others for other hosts", () => {
    const byHosts = team({ hash: "hosts" });
    const [first] = byHosts.hashed("A", "B", 1, "one");
    for (const lane of byHosts.hashed("A", "B", 20, "another")) expect(lane).toEqual(first);
    const others = Array.from({ length: 20 }, (_, index) => byHosts.ofPair("A", `C${index}`));
    expect(new Set(others.map(({ from }) => from)).size).toBeGreaterThan(1);
  });

  it("asks nobody's hash where each connection has an adapter of its own", () => {
    expect(team({ mode: "standby", members: 2 }).inTurn(3)).toEqual([
      { from: 0, to: 0 },
      { from: 1, to: 1 },
      { from: 0, to: 0 },
    ]);
  });

  it("draws for a name and a seed what it draws without others", () => {
    const one = team();
    one.hashed("A", "B", 7, "somebody");
    expect(one.hashed("A", "B", 8, "vm")).toEqual(team().hashed("A", "B", 8, "vm"));
    expect(team({}, "2").hashed("A", "B", 8, "vm")).not.toEqual(team().hashed("A", "B", 8, "vm"));
  });
});
