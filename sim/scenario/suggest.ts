/** "Did you mean": the known word nearest to one that is not known. */

/** Edits (insert, delete, replace, swap of neighbours) that turn one word into the other. */
function editDistance(left: string, right: string): number {
  const width = right.length + 1;
  let beforeLast: number[] = [];
  let last: number[] = Array.from({ length: width }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current: number[] = [row];
    for (let column = 1; column < width; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let best = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) best = Math.min(best, (beforeLast[column - 2] as number) + 1);
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] as number;
}

/** The nearest of `known`, or null where none is near enough to be what was meant (a third of the letters, at least one). */
export function nearest(word: string, known: readonly string[]): string | null {
  const lower = word.toLowerCase();
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  const allowed = Math.max(1, Math.floor(Math.max(word.length, best?.length ?? 0) / 3));
  return bestDistance <= allowed ? best : null;
}

/** Up to twelve of the known words, for a remedy. */
export function listOf(known: readonly string[]): string {
  if (known.length === 0) return "none";
  const shown = known.slice(0, 12).join(", ");
  return known.length > 12 ? `${shown}, ... (${known.length} in all)` : shown;
}

/** The remedy for an unknown word: the nearest one where there is one, and what there is. */
export function suggestion(word: string, known: readonly string[], whatTheyAre: string): string {
  const near = nearest(word, known);
  const list = known.length === 0 ? `there are no ${whatTheyAre} here` : `${whatTheyAre}: ${listOf(known)}`;
  return near === null ? list : `did you mean "${near}"? (${list})`;
}
