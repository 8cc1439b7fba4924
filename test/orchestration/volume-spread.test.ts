import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spreadEvenly } from "../../sim/orchestration/volume-spread.ts";

const NODES = ["n1", "n2", "n3", "n4"];

interface Held {
  readonly coordinator: string;
  /** Nodes that it may go to; absent: all. */
  readonly to?: readonly string[];
}

function spread(nodes: readonly string[], held: readonly Held[]) {
  const volumes = held.map(({ coordinator, to }, index) => ({
    name: `V${index}`,
    coordinator,
    mayGoTo: (node: string) => to === undefined || to.includes(node),
  }));
  const moves = spreadEvenly(nodes, volumes);
  return { moves, after: volumes.map(({ name, coordinator }) => moves.get(name) ?? coordinator) };
}

const counts = (nodes: readonly string[], owners: readonly string[]) =>
  nodes.map((node) => owners.filter((owner) => owner === node).length);
const squares = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one * one, 0);

describe("volumes spread over nodes", () => {
  it("leave a node that is not among them, each for the emptiest", () => {
    const { moves } = spread(
      ["n2", "n3"],
      ["n1", "n1", "n2", "n3"].map((coordinator) => ({ coordinator })),
    );
    expect([...moves]).toEqual([
      ["V0", "n2"],
      ["V1", "n3"],
    ]);
  });

  it("stay where no node may take them", () => {
    expect(spread(["n2"], [{ coordinator: "n1", to: [] }]).moves.size).toBe(0);
    expect(spread([], [{ coordinator: "n1" }]).moves.size).toBe(0);
  });

  it("are passed on along a chain where no volume may go straight", () => {
    const onlyTo = (coordinator: string, to: string) => ({ coordinator, to: [coordinator, to] });
    const held = [onlyTo("n1", "n2"), onlyTo("n1", "n2"), onlyTo("n2", "n3")];
    expect(counts(["n1", "n2", "n3"], spread(["n1", "n2", "n3"], held).after)).toEqual([1, 1, 1]);
  });

  it("differ by one at most, with no move more than that takes", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...NODES), { maxLength: 30 }), (coordinators) => {
        const { moves, after } = spread(
          NODES,
          coordinators.map((coordinator) => ({ coordinator })),
        );
        const even = counts(NODES, after);
        expect(Math.max(...even) - Math.min(...even)).toBeLessThanOrEqual(1);
        const share = Math.floor(coordinators.length / NODES.length);
        const larger = coordinators.length % NODES.length;
        const fullestFirst = counts(NODES, coordinators).sort((one, other) => other - one);
        const tooMany = fullestFirst.map((held, place) => Math.max(0, held - share - (place < larger ? 1 : 0)));
        expect(moves.size).toBe(tooMany.reduce((sum, one) => sum + one, 0));
      }),
      { numRuns: 500, seed: 12 },
    );
  });

  it("are as even as their paths allow: no other spread is more so", () => {
    const three = NODES.slice(0, 3);
    const held = fc.record({ coordinator: fc.constantFrom(...three), to: fc.subarray(three) });
    fc.assert(
      fc.property(fc.array(held, { maxLength: 6 }), (given) => {
        const volumes = given.map(({ coordinator, to }) => ({ coordinator, to: [...new Set([coordinator, ...to])] }));
        const { after } = spread(three, volumes);
        for (const [index, owner] of after.entries()) expect(volumes[index]?.to).toContain(owner);
        expect(squares(counts(three, after))).toBe(leastSquares(volumes, three));
      }),
      { numRuns: 300, seed: 12 },
    );
  });

  /** Of all spreads there are. */
  function leastSquares([first, ...rest]: readonly Required<Held>[], nodes: readonly string[]): number {
    const all = (left: readonly Required<Held>[], owners: readonly string[]): number => {
      const [volume, ...others] = left;
      if (volume === undefined) return squares(counts(nodes, owners));
      return Math.min(...volume.to.map((node) => all(others, [...owners, node])));
    };
    return first === undefined ? 0 : all([first, ...rest], []);
  }
});
