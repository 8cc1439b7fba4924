/**
 * Pages gathered into packets that go out full (QEMU's multifd): a page costs nothing until its packet is complete, then
 * the packet costs its header and the data of its pages.
 */
export interface PacketFormat {
  readonly pages: number;
  /** Always of full length, however many pages the packet holds. */
  readonly headerBytes: number;
  /** Data of a page that is not zero. */
  readonly pageBytes: number;
  /** Data of a zero page, where such pages ride in packets; null where they are sent beside them. */
  readonly zeroPageBytes: number | null;
  /** One packet without pages on each channel, with which the channels are synchronised. */
  readonly syncBytes: number;
  /** Whether they are at the end of every section, or only of a pass over memory. */
  readonly syncsEachSection: boolean;
}

export class PacketFill {
  private readonly format: PacketFormat;
  /** The packet that is being filled. */
  private openPages = 0;
  private openBytes = 0;

  constructor(format: PacketFormat) {
    this.format = format;
  }

  /** How many pages of so much data complete packets of at least `bytes` together; at least one page. */
  pagesToReach(bytes: number, dataBytes: number): number {
    const { pages, headerBytes } = this.format;
    const first = pages - this.openPages;
    const firstBytes = headerBytes + this.openBytes + first * dataBytes;
    if (bytes <= firstBytes) return first;
    return first + Math.ceil((bytes - firstBytes) / (headerBytes + pages * dataBytes)) * pages;
  }

  /** Adds pages of so much data; returns the bytes of the packets that this completes. */
  add(pages: number, dataBytes: number): number {
    const all = this.openPages + pages;
    const full = Math.floor(all / this.format.pages);
    if (full === 0) {
      this.openPages = all;
      this.openBytes += pages * dataBytes;
      return 0;
    }
    const rest = all - full * this.format.pages;
    const bytes = full * this.format.headerBytes + this.openBytes + (pages - rest) * dataBytes;
    this.openPages = rest;
    this.openBytes = rest * dataBytes;
    return bytes;
  }

  /** Sends the packet that is being filled, however full, and synchronises the channels; returns the bytes of both. */
  synchronise(): number {
    const { headerBytes, syncBytes } = this.format;
    const bytes = this.openPages === 0 ? syncBytes : headerBytes + this.openBytes + syncBytes;
    this.openPages = 0;
    this.openBytes = 0;
    return bytes;
  }
}
