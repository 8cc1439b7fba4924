/**
 * The frames by which a virtual machine's new place becomes known, as data and as the bytes on the wire: ARP over
 * Ethernet (RFC 826) and reverse ARP (RFC 903), padded to the least Ethernet frame, without its check sequence.
 */
import { formatIpv4, formatMac, IPV4_BYTES, MAC_BYTES, parseIpv4, parseMac } from "./addresses.ts";

export const ETHERTYPE_ARP = 0x0806;
export const ETHERTYPE_RARP = 0x8035;
/** Least Ethernet frame without its check sequence (IEEE 802.3, clause 3.2.8: 64 - 4). */
const FRAME_BYTES = 60;
const BROADCAST_MAC = "ff:ff:ff:ff:ff:ff";
const ZERO_MAC = "00:00:00:00:00:00";
const ZERO_IPV4 = "0.0.0.0";

const HARDWARE_ETHERNET = 1;
const PROTOCOL_IPV4 = 0x0800;
/** RFC 826 and RFC 903, "opcode". */
const OPERATIONS = { request: 1, reply: 2, "reverse-request": 3, "reverse-reply": 4 } as const;
const ETHERNET_HEADER_BYTES = 14;
const ARP_BYTES = 28;

export type ArpOperation = keyof typeof OPERATIONS;

/** An ARP or RARP frame; addresses in the forms of addresses.ts, MAC addresses in lower case with colons. */
export interface ArpFrame {
  /** Ethernet addresses of the frame. A switch learns from the source. */
  readonly destination: string;
  readonly source: string;
  readonly etherType: typeof ETHERTYPE_ARP | typeof ETHERTYPE_RARP;
  readonly operation: ArpOperation;
  readonly senderMac: string;
  readonly senderIp: string;
  readonly targetMac: string;
  readonly targetIp: string;
}

/**
 * A gratuitous ARP request: asks everyone for one's own address (RFC 5944, section 4.6; what Linux sends from
 * netdev_notify_peers). The target's MAC address is unused in a request and zero.
 */
export function gratuitousArpRequest(mac: string, ip: string): ArpFrame {
  return {
    destination: BROADCAST_MAC,
    source: mac,
    etherType: ETHERTYPE_ARP,
    operation: "request",
    senderMac: mac,
    senderIp: ip,
    targetMac: ZERO_MAC,
    targetIp: ip,
  };
}

/**
 * An unsolicited ARP reply, broadcast: what Hyper-V sends as a guest resumes. RFC 5944, section 4.6: both protocol
 * addresses are the one announced, and the target's MAC address is the one that caches should take.
 */
export function unsolicitedArpReply(mac: string, ip: string): ArpFrame {
  return { ...gratuitousArpRequest(mac, ip), operation: "reply", targetMac: mac };
}

/** A RARP request as QEMU announces a network card (net/announce.c): broadcast, both IP fields zero. */
export function rarpRequest(mac: string): ArpFrame {
  return {
    destination: BROADCAST_MAC,
    source: mac,
    etherType: ETHERTYPE_RARP,
    operation: "reverse-request",
    senderMac: mac,
    senderIp: ZERO_IPV4,
    targetMac: mac,
    targetIp: ZERO_IPV4,
  };
}

/** The 60 bytes of a frame. An address that is none is a bug of the caller and thrown. */
export function encodeFrame(frame: ArpFrame): Uint8Array {
  const bytes = new Uint8Array(FRAME_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(macBytes(frame.destination), 0);
  bytes.set(macBytes(frame.source), 6);
  view.setUint16(12, frame.etherType);
  view.setUint16(14, HARDWARE_ETHERNET);
  view.setUint16(16, PROTOCOL_IPV4);
  view.setUint8(18, MAC_BYTES);
  view.setUint8(19, IPV4_BYTES);
  view.setUint16(20, OPERATIONS[frame.operation]);
  bytes.set(macBytes(frame.senderMac), 22);
  bytes.set(ipv4Bytes(frame.senderIp), 28);
  bytes.set(macBytes(frame.targetMac), 32);
  bytes.set(ipv4Bytes(frame.targetIp), 38);
  return bytes;
}

/** The frame that these bytes are; null where they are not ARP or RARP for IPv4 over Ethernet, or cut short. */
export function decodeFrame(bytes: Uint8Array): ArpFrame | null {
  if (bytes.length < ETHERNET_HEADER_BYTES + ARP_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const etherType = view.getUint16(12);
  if (etherType !== ETHERTYPE_ARP && etherType !== ETHERTYPE_RARP) return null;
  if (view.getUint16(14) !== HARDWARE_ETHERNET || view.getUint16(16) !== PROTOCOL_IPV4) return null;
  if (view.getUint8(18) !== MAC_BYTES || view.getUint8(19) !== IPV4_BYTES) return null;
  const operation = operationOf(view.getUint16(20));
  if (operation === null) return null;
  return {
    destination: formatMac(bytes.subarray(0, 6)),
    source: formatMac(bytes.subarray(6, 12)),
    etherType,
    operation,
    senderMac: formatMac(bytes.subarray(22, 28)),
    senderIp: formatIpv4(bytes.subarray(28, 32)),
    targetMac: formatMac(bytes.subarray(32, 38)),
    targetIp: formatIpv4(bytes.subarray(38, 42)),
  };
}

function operationOf(code: number): ArpOperation | null {
  for (const operation of Object.keys(OPERATIONS) as ArpOperation[]) {
    if (OPERATIONS[operation] === code) return operation;
  }
  return null;
}

function macBytes(text: string): Uint8Array {
  const bytes = parseMac(text);
  if (bytes === null) throw new Error(`${text} is no MAC address`);
  return bytes;
}

function ipv4Bytes(text: string): Uint8Array {
  const bytes = parseIpv4(text);
  if (bytes === null) throw new Error(`${text} is no IPv4 address`);
  return bytes;
}
