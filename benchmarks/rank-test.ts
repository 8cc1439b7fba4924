/** Whether two lists of measurements differ by more than chance, without supposing how they are distributed. */

/**
 * The two-sided probability that lists of one origin would differ by as much as these do (Mann and Whitney, "On a test of whether one of
 * two random variables is stochastically larger than the other", 1947): all orders are counted. Ties count half, and where there are any the
 * test errs to the safe side.
 */
export function rankTest(one: readonly number[], other: readonly number[]): number {
  if (one.length === 0 || other.length === 0) return 1;
  let wins = 0;
  for (const a of one) for (const b of other) wins += a < b ? 1 : a === b ? 0.5 : 0;
  const least = Math.min(wins, one.length * other.length - wins);
  return Math.min(1, 2 * shareOfOrders(one.length, other.length, least));
}

/** The smallest probability that lists of these lengths can give: below it nothing can be told. */
export function leastProbability(one: number, other: number): number {
  return one === 0 || other === 0 ? 1 : Math.min(1, 2 * shareOfOrders(one, other, 0));
}

/** The share of all orders of two lists in which one wins at most `wins` of the pairs. */
function shareOfOrders(one: number, other: number, wins: number): number {
  const pairs = one * other;
  // ways[i][w]: orders of i values of the one list and all considered of the other with w wins, by the place of the largest value.
  let ways = Array.from({ length: one + 1 }, () => [1]);
  for (let j = 1; j <= other; j++) {
    const next: number[][] = [[1]];
    for (let i = 1; i <= one; i++) {
      // The largest is one of the other list and loses to all i of the one, or it is of the one and wins nothing.
      const row = new Array<number>(i * j + 1).fill(0);
      const before = ways[i] as number[];
      const shorter = next[i - 1] as number[];
      for (let w = 0; w < before.length; w++) row[w + i] = (row[w + i] as number) + (before[w] as number);
      for (let w = 0; w < shorter.length; w++) row[w] = (row[w] as number) + (shorter[w] as number);
      next.push(row);
    }
    ways = next;
  }
  const counts = ways[one] as number[];
  let all = 0;
  let tail = 0;
  for (let w = 0; w <= pairs; w++) {
    all += counts[w] as number;
    if (w <= wins) tail += counts[w] as number;
  }
  return tail / all;
}
