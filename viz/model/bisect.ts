/** How many items of a list sorted by `key` have a key at or below `value`. */
export function bisectRight<Item>(items: readonly Item[], value: number, key: (item: Item) => number): number {
  return countUpTo(items.length, value, (index) => key(items[index] as Item));
}

/** The same of a list that is known by its length and by a key for each place. */
export function countUpTo(length: number, value: number, keyAt: (index: number) => number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keyAt(middle) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
