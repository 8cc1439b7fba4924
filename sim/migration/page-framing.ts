/** How a sender's pages are put on the wire: each by itself, or gathered into packets. */
import { PacketFill, type PacketFormat } from "./packet-fill.ts";
import type { WireFormat } from "./page-sender.ts";
import type { SendWindow } from "./send-window.ts";

export interface PageFraming {
  /** Whether the end of a section sends pages, which then take their time of the link. */
  readonly holdsPagesBack: boolean;
  /** Pages until `bytes` more have gone out. */
  pagesToReach(bytes: number, zero: boolean): number;
  /** What goes out as these pages are sent. */
  send(pages: number, zero: boolean): number;
  /** What the end of a section costs, `nothingLeft` where it is the end of a pass too. */
  endSection(nothingLeft: boolean): number;
  /** What a page comes to in a window without zero pages. */
  pageBytesIn(window: SendWindow): number;
  /** What so many pages and sections come to in windows in which a page comes to `pageBytes`. */
  bytesOfWindows(pages: number, sections: number, pageBytes: number): number;
}

export function framingOf(wire: WireFormat, packets: PacketFormat | null): PageFraming {
  return packets === null ? new SinglePages(wire) : new PagesInPackets(wire, packets);
}

/** Each page by itself, behind a header of its own. */
class SinglePages implements PageFraming {
  readonly holdsPagesBack = false;
  private readonly wire: WireFormat;

  constructor(wire: WireFormat) {
    this.wire = wire;
  }

  pagesToReach(bytes: number, zero: boolean): number {
    return Math.ceil(bytes / (zero ? this.wire.zeroPageBytes : this.wire.pageBytes));
  }

  send(pages: number, zero: boolean): number {
    return pages * (zero ? this.wire.zeroPageBytes : this.wire.pageBytes);
  }

  endSection(): number {
    return this.wire.sectionBytes;
  }

  pageBytesIn(): number {
    return this.wire.pageBytes;
  }

  bytesOfWindows(pages: number, sections: number): number {
    return pages * this.wire.pageBytes + sections * this.wire.sectionBytes;
  }
}

/** QEMU's multifd: whole packets go out, and at a section's end what there is of one. */
class PagesInPackets implements PageFraming {
  readonly holdsPagesBack = true;
  private readonly wire: WireFormat;
  private readonly format: PacketFormat;
  private readonly fill: PacketFill;

  constructor(wire: WireFormat, format: PacketFormat) {
    this.wire = wire;
    this.format = format;
    this.fill = new PacketFill(format);
  }

  pagesToReach(bytes: number, zero: boolean): number {
    const dataBytes = zero ? this.format.zeroPageBytes : this.format.pageBytes;
    return dataBytes === null ? Math.ceil(bytes / this.wire.zeroPageBytes) : this.fill.pagesToReach(bytes, dataBytes);
  }

  send(pages: number, zero: boolean): number {
    const dataBytes = zero ? this.format.zeroPageBytes : this.format.pageBytes;
    return dataBytes === null ? pages * this.wire.zeroPageBytes : this.fill.add(pages, dataBytes);
  }

  endSection(nothingLeft: boolean): number {
    const { sectionBytes } = this.wire;
    return this.format.syncsEachSection || nothingLeft ? sectionBytes + this.fill.synchronise() : sectionBytes;
  }

  /** Packets that go out half full at a section's end are part of what a page costs. */
  pageBytesIn({ bytes, pages }: SendWindow): number {
    return bytes / pages;
  }

  bytesOfWindows(pages: number, _sections: number, pageBytes: number): number {
    return Math.round(pages * pageBytes);
  }
}
