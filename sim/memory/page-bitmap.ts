/** A set of pages, one bit each. */

const WORD_BITS = 32;

/** Set bits of a 32-bit word (H. S. Warren, "Hacker's Delight", figure 5-2). */
function countOnes(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export class PageBitmap {
  readonly pages: number;
  /** Page p is bit p % 32 of word floor(p / 32). */
  readonly words: Int32Array;

  constructor(pages: number) {
    this.pages = pages;
    this.words = new Int32Array(Math.ceil(pages / WORD_BITS));
  }

  has(page: number): boolean {
    return ((this.words[page >>> 5] as number) & (1 << (page & 31))) !== 0;
  }

  fill(): void {
    this.words.fill(-1);
    const beyond = this.words.length * WORD_BITS - this.pages;
    if (beyond > 0) this.words[this.words.length - 1] = -1 >>> beyond;
  }

  clear(): void {
    this.words.fill(0);
  }

  copyFrom(other: PageBitmap): void {
    this.words.set(other.words);
  }

  /** Sets the pages [first, first + pages). */
  setRange(first: number, pages: number): void {
    const end = first + pages;
    for (let page = first; page < end; ) {
      const bit = page & 31;
      const taken = Math.min(WORD_BITS - bit, end - page);
      this.words[page >>> 5] |= maskOf(bit, taken);
      page += taken;
    }
  }

  /** Removes from [first, first + pages) the pages that `others` has. */
  removeIn(first: number, pages: number, others: PageBitmap): void {
    const end = first + pages;
    for (let page = first; page < end; ) {
      const bit = page & 31;
      const taken = Math.min(WORD_BITS - bit, end - page);
      const word = page >>> 5;
      this.words[word] &= ~((others.words[word] as number) & maskOf(bit, taken));
      page += taken;
    }
  }

  /** Adds the pages of `others`; returns how many were new. */
  addAll(others: PageBitmap): number {
    let added = 0;
    for (let word = 0; word < this.words.length; word++) {
      const present = this.words[word] as number;
      const fresh = (others.words[word] as number) & ~present;
      if (fresh === 0) continue;
      this.words[word] = present | fresh;
      added += countOnes(fresh);
    }
    return added;
  }

  /** Pages set in [first, end). */
  countIn(first: number, end: number): number {
    let count = 0;
    for (let page = first; page < end; ) {
      const bit = page & 31;
      const taken = Math.min(WORD_BITS - bit, end - page);
      count += countOnes((this.words[page >>> 5] as number) & maskOf(bit, taken));
      page += taken;
    }
    return count;
  }

  /** The first page set at or after `page`, or -1. */
  nextFrom(page: number): number {
    if (page >= this.pages) return -1;
    let word = page >>> 5;
    let bits = (this.words[word] as number) & (-1 << (page & 31));
    while (bits === 0) {
      if (++word === this.words.length) return -1;
      bits = this.words[word] as number;
    }
    return word * WORD_BITS + 31 - Math.clz32(bits & -bits);
  }

  /**
   * Removes set pages in address order from `page` on until `count` of them were not in `others`, or `end` is reached; fills
   * `removed`.
   */
  removeClean(page: number, end: number, count: number, others: PageBitmap, removed: Removed): void {
    removed.clean = 0;
    removed.others = 0;
    while (page < end && removed.clean < count) {
      const word = page >>> 5;
      const bit = page & 31;
      const taken = Math.min(WORD_BITS - bit, end - page);
      let mask = maskOf(bit, taken);
      const present = this.words[word] as number;
      const dirty = others.words[word] as number;
      let clean = countOnes(present & mask & ~dirty);
      page += taken;
      while (clean > count - removed.clean) {
        // The batch ends within the word: not beyond its last page.
        const last = 31 - Math.clz32(present & mask & ~dirty);
        mask &= (1 << last) - 1;
        page = word * WORD_BITS + last;
        clean--;
      }
      removed.clean += clean;
      removed.others += countOnes(present & mask & dirty);
      this.words[word] = present & ~mask;
    }
    removed.end = page;
  }

  /** Removes `count` set pages in address order from `page` on, of which there must be so many; returns the last one's successor. */
  removeNext(page: number, count: number): number {
    let word = page >>> 5;
    let bits = (this.words[word] as number) & (-1 << (page & 31));
    for (let left = count; ; ) {
      const ones = countOnes(bits);
      if (ones < left) {
        this.words[word] &= ~bits;
        left -= ones;
        bits = this.words[++word] as number;
        continue;
      }
      for (;;) {
        const lowest = bits & -bits;
        this.words[word] &= ~lowest;
        bits &= ~lowest;
        if (--left === 0) return word * WORD_BITS + 32 - Math.clz32(lowest);
      }
    }
  }
}

/** What `PageBitmap.removeClean` has come to. */
export interface Removed {
  clean: number;
  others: number;
  /** The page after the last one looked at. */
  end: number;
}

function maskOf(bit: number, length: number): number {
  return length === WORD_BITS ? -1 : ((1 << length) - 1) << bit;
}
