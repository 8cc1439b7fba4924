/** ICMP echo and TCP over IPv4 over Ethernet, as bytes with their checksums; and the VLAN tag that any frame may get. */

const ETHERNET_BYTES = 14;
const LEAST_FRAME_BYTES = 60;
const IPV4_BYTES = 20;
const ICMP_BYTES = 8;
const TCP_BYTES = 20;
const ETHERTYPE_IPV4 = 0x0800;
/** IEEE 802.1Q, clause 9.6: the tag of a customer's VLAN. */
const ETHERTYPE_VLAN = 0x8100;
const PROTOCOL_ICMP = 1;
const PROTOCOL_TCP = 6;
/** RFC 791, flags: may not be fragmented. */
const DO_NOT_FRAGMENT = 0x4000;
const TIME_TO_LIVE = 64;
/** What ping sends by default, less the time stamp that it puts there. */
const ECHO_PAYLOAD_BYTES = 56;
const WINDOW = 65_535;

/** Who sends to whom: six and four bytes each. */
export interface Endpoints {
  readonly sourceMac: Uint8Array;
  readonly destinationMac: Uint8Array;
  readonly sourceIp: Uint8Array;
  readonly destinationIp: Uint8Array;
}

/** RFC 792, "Echo or Echo Reply". */
export function echoFrame(
  endpoints: Endpoints,
  kind: "request" | "reply",
  identifier: number,
  sequence: number,
): Uint8Array {
  const message = new Uint8Array(ICMP_BYTES + ECHO_PAYLOAD_BYTES);
  const view = new DataView(message.buffer);
  view.setUint8(0, kind === "request" ? 8 : 0);
  view.setUint16(4, identifier & 0xffff);
  view.setUint16(6, sequence & 0xffff);
  view.setUint16(2, checksum([message]));
  return ipv4Frame(endpoints, PROTOCOL_ICMP, message);
}

export const TCP_FLAGS = { reset: 0x04, push: 0x08, acknowledge: 0x10 } as const;

export interface TcpSegment {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  readonly payloadBytes: number;
}

/** RFC 9293, section 3.1. The payload is zeros. */
export function tcpFrame(endpoints: Endpoints, segment: TcpSegment): Uint8Array {
  const bytes = new Uint8Array(TCP_BYTES + segment.payloadBytes);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, segment.sourcePort);
  view.setUint16(2, segment.destinationPort);
  view.setUint32(4, segment.sequence >>> 0);
  view.setUint32(8, segment.acknowledgement >>> 0);
  view.setUint8(12, (TCP_BYTES / 4) << 4);
  view.setUint8(13, segment.flags);
  view.setUint16(14, WINDOW);
  const pseudoHeader = new Uint8Array(12);
  pseudoHeader.set(endpoints.sourceIp, 0);
  pseudoHeader.set(endpoints.destinationIp, 4);
  pseudoHeader[9] = PROTOCOL_TCP;
  new DataView(pseudoHeader.buffer).setUint16(10, bytes.length);
  view.setUint16(16, checksum([pseudoHeader, bytes]));
  return ipv4Frame(endpoints, PROTOCOL_TCP, bytes);
}

/** The frame with a VLAN's tag behind its addresses, priority 0. */
export function withVlanTag(frame: Uint8Array, vlan: number): Uint8Array {
  const tagged = new Uint8Array(frame.length + 4);
  tagged.set(frame.subarray(0, 12), 0);
  const view = new DataView(tagged.buffer);
  view.setUint16(12, ETHERTYPE_VLAN);
  view.setUint16(14, vlan & 0x0fff);
  tagged.set(frame.subarray(12), 16);
  return tagged;
}

/** RFC 1071: the ones' complement of the ones' complement sum of 16-bit words; all parts but the last are of even length. */
export function checksum(parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 2) sum += ((part[at] as number) << 8) | (part[at + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

function ipv4Frame(endpoints: Endpoints, protocol: number, payload: Uint8Array): Uint8Array {
  const packetBytes = IPV4_BYTES + payload.length;
  const frame = new Uint8Array(Math.max(LEAST_FRAME_BYTES, ETHERNET_BYTES + packetBytes));
  frame.set(endpoints.destinationMac, 0);
  frame.set(endpoints.sourceMac, 6);
  const view = new DataView(frame.buffer);
  view.setUint16(12, ETHERTYPE_IPV4);
  view.setUint8(14, 0x45);
  view.setUint16(16, packetBytes);
  view.setUint16(20, DO_NOT_FRAGMENT);
  view.setUint8(22, TIME_TO_LIVE);
  view.setUint8(23, protocol);
  frame.set(endpoints.sourceIp, 26);
  frame.set(endpoints.destinationIp, 30);
  view.setUint16(24, checksum([frame.subarray(14, 34)]));
  frame.set(payload, 34);
  return frame;
}
