/** Numbers in a row that grow at the end, without room for more than twice as many. */
export class GrowingNumbers<Values extends Float64Array | Uint32Array> {
  values: Values;
  length = 0;
  private readonly make: (length: number) => Values;

  constructor(make: (length: number) => Values) {
    this.make = make;
    this.values = make(16);
  }

  push(value: number): void {
    if (this.length === this.values.length) this.growTo(this.length * 2);
    this.values[this.length] = value;
    this.length += 1;
  }

  /** Makes room for so many more at once. */
  expect(more: number): void {
    if (this.length + more > this.values.length) this.growTo(Math.max(this.length + more, this.length * 2));
  }

  /** Those that are there: a view, which later ones do not change. */
  filled(): Values {
    return this.values.subarray(0, this.length) as Values;
  }

  private growTo(length: number): void {
    const larger = this.make(length);
    larger.set(this.values);
    this.values = larger;
  }
}
