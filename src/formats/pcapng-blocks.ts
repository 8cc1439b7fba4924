/**
 * The blocks of a pcapng file (IETF draft-ietf-opsawg-pcapng, "PCAP Now Generic": sections 3 and 4), in the byte order of
 * networks' opposite, little-endian, as the magic number in the first block tells every reader.
 */

const SECTION_HEADER_BLOCK = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION_BLOCK = 1;
const ENHANCED_PACKET_BLOCK = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Link type of Ethernet frames (LINKTYPE_ETHERNET). */
const LINKTYPE_ETHERNET = 1;

const END_OF_OPTIONS = 0;
const COMMENT = 1;
const SHB_USER_APPLICATION = 4;
const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_SPEED = 8;
const IF_TIMESTAMP_RESOLUTION = 9;

/** Times are whole nanoseconds: 10 to the minus this. */
const NANOSECONDS = 9;
/** An option's length has 16 bits. */
const MOST_OPTION_BYTES = 65_532;

type Option = readonly [code: number, value: Uint8Array];

const utf8 = new TextEncoder();

export function sectionHeaderBlock(application: string, comment: string): Uint8Array {
  const body = new DataView(new ArrayBuffer(16));
  body.setUint32(0, BYTE_ORDER_MAGIC, true);
  body.setUint16(4, 1, true);
  body.setUint16(6, 0, true);
  // The section's length is not known while it is written.
  body.setBigInt64(8, -1n, true);
  return block(
    SECTION_HEADER_BLOCK,
    [bytesOf(body)],
    [
      [COMMENT, text(comment)],
      [SHB_USER_APPLICATION, text(application)],
    ],
  );
}

/** Interfaces are numbered from 0 in the order in which they are described. */
export function interfaceDescriptionBlock(name: string, description: string, bitsPerSecond: number): Uint8Array {
  const body = new DataView(new ArrayBuffer(8));
  body.setUint16(0, LINKTYPE_ETHERNET, true);
  // A snapshot length of 0 is no limit.
  body.setUint32(4, 0, true);
  const speed = new DataView(new ArrayBuffer(8));
  speed.setBigUint64(0, BigInt(Math.round(bitsPerSecond)), true);
  return block(
    INTERFACE_DESCRIPTION_BLOCK,
    [bytesOf(body)],
    [
      [IF_NAME, text(name)],
      [IF_DESCRIPTION, text(description)],
      [IF_SPEED, bytesOf(speed)],
      [IF_TIMESTAMP_RESOLUTION, Uint8Array.of(NANOSECONDS)],
    ],
  );
}

/** A frame, whole, without its check sequence; `seconds` counts from 1970, as it is simulated time. */
export function enhancedPacketBlock(
  interfaceNumber: number,
  seconds: number,
  frame: Uint8Array,
  comment: string,
): Uint8Array {
  const body = new DataView(new ArrayBuffer(20));
  const nanoseconds = nanosecondsOf(seconds);
  body.setUint32(0, interfaceNumber, true);
  body.setUint32(4, Number(nanoseconds >> 32n), true);
  body.setUint32(8, Number(nanoseconds & 0xffff_ffffn), true);
  body.setUint32(12, frame.length, true);
  body.setUint32(16, frame.length, true);
  return block(ENHANCED_PACKET_BLOCK, [bytesOf(body), padded(frame)], [[COMMENT, text(comment)]]);
}

/** A time in whole nanoseconds; whole seconds apart, so that a long run loses no digits that a short one has. */
export function nanosecondsOf(seconds: number): bigint {
  const whole = Math.floor(seconds);
  return BigInt(whole) * 1_000_000_000n + BigInt(Math.round((seconds - whole) * 1e9));
}

function block(type: number, body: readonly Uint8Array[], options: readonly Option[]): Uint8Array {
  const parts = [...body];
  for (const [code, value] of options) {
    const head = new DataView(new ArrayBuffer(4));
    head.setUint16(0, code, true);
    head.setUint16(2, value.length, true);
    parts.push(bytesOf(head), padded(value));
  }
  // Code and length 0.
  parts.push(new Uint8Array(4).fill(END_OF_OPTIONS));
  const length = 12 + parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  view.setUint32(at, length, true);
  return bytes;
}

function text(value: string): Uint8Array {
  return utf8.encode(value).subarray(0, MOST_OPTION_BYTES);
}

/** To a multiple of 32 bits, as every part of a block is. */
function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  whole.set(bytes);
  return whole;
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
