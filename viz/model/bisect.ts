/** How many items of a list sorted by `key` have a key at or below `value`. */
export function bisectRight<Item>(items: readonly Item[], value: number, key: (item: Item) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (key(items[middle] as Item) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
