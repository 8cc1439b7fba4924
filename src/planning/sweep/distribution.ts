/** What became of many values: exact up to a million of them, within 0.02 % beyond, in bounded memory. */

/** Values that are kept one by one. */
const MOST_KEPT = 1_000_000;

/**
 * Beyond that they are counted by the first 32 bits of their float64 form: sign, exponent and 20 bits of the fraction, of
 * which 12 are used: 4096 buckets an octave, each 1/4096 of its value wide or less.
 */
const UNUSED_FRACTION_BITS = 8;

const KEPT_AT_ONCE = 4096;

export class Distribution {
  #count = 0;
  #greatest = Number.NEGATIVE_INFINITY;
  #kept: Float64Array[] = [];
  #room = 0;
  #buckets: Map<number, number> | null = null;
  readonly #word = new DataView(new ArrayBuffer(8));

  get count(): number {
    return this.#count;
  }

  /** @param value not negative */
  add(value: number): void {
    this.#count += 1;
    if (value > this.#greatest) this.#greatest = value;
    if (this.#buckets !== null) {
      this.#countInBucket(this.#buckets, value);
      return;
    }
    if (this.#room === 0) {
      this.#kept.push(new Float64Array(KEPT_AT_ONCE));
      this.#room = KEPT_AT_ONCE;
    }
    (this.#kept.at(-1) as Float64Array)[KEPT_AT_ONCE - this.#room] = value;
    this.#room -= 1;
    if (this.#count >= MOST_KEPT) this.#fold();
  }

  /** NaN of nothing. */
  get greatest(): number {
    return this.#count === 0 ? Number.NaN : this.#greatest;
  }

  /** The values below which these shares (0 to 1) of them lie, interpolated between neighbours; NaN of nothing. */
  quantiles(shares: readonly number[]): number[] {
    if (this.#count === 0) return shares.map(() => Number.NaN);
    const at = this.#buckets === null ? this.#exactly() : this.#fromBuckets(this.#buckets);
    return shares.map((share) => {
      const position = share * (this.#count - 1);
      const low = at(Math.floor(position));
      return low + (at(Math.ceil(position)) - low) * (position - Math.floor(position));
    });
  }

  #exactly(): (rank: number) => number {
    const sorted = new Float64Array(this.#count);
    for (const [index, piece] of this.#kept.entries()) {
      sorted.set(piece.subarray(0, this.#count - index * KEPT_AT_ONCE), index * KEPT_AT_ONCE);
    }
    sorted.sort();
    return (rank) => sorted[rank] as number;
  }

  #fromBuckets(buckets: ReadonlyMap<number, number>): (rank: number) => number {
    // Of floats that are not negative the bits have the order of the values.
    const sorted = [...buckets].sort(([one], [other]) => one - other);
    return (rank) => {
      let below = 0;
      for (const [bucket, count] of sorted) {
        below += count;
        if (rank < below) return Math.min(this.#middleOf(bucket), this.#greatest);
      }
      return this.#greatest;
    };
  }

  #fold(): void {
    const buckets = new Map<number, number>();
    for (const piece of this.#kept)
      for (const value of piece.subarray(0, KEPT_AT_ONCE)) this.#countInBucket(buckets, value);
    if (this.#room > 0) {
      // The last piece's room holds zeros that are no values.
      const zeros = buckets.get(0) as number;
      if (zeros === this.#room) buckets.delete(0);
      else buckets.set(0, zeros - this.#room);
    }
    this.#buckets = buckets;
    this.#kept = [];
  }

  #countInBucket(buckets: Map<number, number>, value: number): void {
    this.#word.setFloat64(0, value);
    const bucket = this.#word.getUint32(0) >>> UNUSED_FRACTION_BITS;
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
  }

  #middleOf(bucket: number): number {
    if (bucket === 0) return 0;
    this.#word.setUint32(0, ((bucket << UNUSED_FRACTION_BITS) | (1 << (UNUSED_FRACTION_BITS - 1))) >>> 0);
    this.#word.setUint32(4, 0);
    return this.#word.getFloat64(0);
  }
}
