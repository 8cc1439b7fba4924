/** A client as a sender and receiver of packets, and the packets between it and its guest. */
import {
  encodeFrame,
  parseIpv4,
  parseMac,
  type ScenarioClient,
  type ScenarioVm,
  type TraceEvent,
} from "../../sim/index.ts";
import { type Endpoints, echoFrame, TCP_FLAGS, tcpFrame, withVlanTag } from "./packets.ts";

export interface Packet {
  readonly seconds: number;
  readonly frame: Uint8Array;
  readonly comment: string;
}

/** Payload of a full segment, and of a request or a piece of news. */
const FULL_BYTES = 1448;
const SHORT_BYTES = 100;
const FIRST_EPHEMERAL_PORT = 49_152;
const SERVICE_PORTS = { upload: 5001, download: 5001, request: 80, push: 80 } as const;

export type Unreachable = Extract<TraceEvent, { type: "client.unreachable" }>;

/** What is known of a client as a sender and receiver of packets. */
export interface Station {
  readonly vm: ScenarioVm;
  readonly client: ScenarioClient;
  readonly number: number;
  readonly mac: string;
  readonly ip: string;
  readonly toGuest: Endpoints;
  readonly toClient: Endpoints;
  /** Of the outage under way; null where there is none. */
  missing: { readonly event: Unreachable; written: number } | null;
  /** Bytes that client and guest have had acknowledged. */
  clientBytes: number;
  guestBytes: number;
}

export function station(vm: ScenarioVm, client: ScenarioClient, number: number, ip: string): Station {
  // A locally administered address, IEEE 802, clause 8.4.
  const pairs = [24, 16, 8, 0].map((shift) => ((number >>> shift) & 0xff).toString(16).padStart(2, "0"));
  const mac = `02:00:${pairs.join(":")}`;
  const guestMac = parseMac(vm.mac) as Uint8Array;
  const guestIp = parseIpv4(vm.ip) as Uint8Array;
  const clientMac = parseMac(mac) as Uint8Array;
  const clientIp = parseIpv4(ip) as Uint8Array;
  return {
    vm,
    client,
    number,
    mac,
    ip,
    toGuest: { sourceMac: clientMac, destinationMac: guestMac, sourceIp: clientIp, destinationIp: guestIp },
    toClient: { sourceMac: guestMac, destinationMac: clientMac, sourceIp: guestIp, destinationIp: clientIp },
    missing: null,
    clientBytes: 1,
    guestBytes: 1,
  };
}

export function inVlanOf({ vm: { guestVlan } }: Station, packet: Packet): Packet {
  return guestVlan === undefined ? packet : { ...packet, frame: withVlanTag(packet.frame, guestVlan) };
}

export function clientSends({ client }: Station): boolean {
  return client.tcp?.role === "upload" || client.tcp?.role === "request";
}

export function payloadOf({ client }: Station): number {
  return client.tcp?.role === "upload" || client.tcp?.role === "download" ? FULL_BYTES : SHORT_BYTES;
}

export function dataFromClient(each: Station, seconds: number, comment: string): Packet {
  return segmentFromClient(each, seconds, TCP_FLAGS.push | TCP_FLAGS.acknowledge, payloadOf(each), comment);
}

export function clientAcknowledges(each: Station, seconds: number, comment: string): Packet {
  return segmentFromClient(each, seconds, TCP_FLAGS.acknowledge, 0, comment);
}

export function dataFromGuest(each: Station, seconds: number, comment: string): Packet {
  return segmentFromGuest(each, seconds, TCP_FLAGS.push | TCP_FLAGS.acknowledge, payloadOf(each), comment);
}

export function guestAcknowledges(each: Station, seconds: number, comment: string): Packet {
  return segmentFromGuest(each, seconds, TCP_FLAGS.acknowledge, 0, comment);
}

export function segmentFromClient(
  each: Station,
  seconds: number,
  flags: number,
  payloadBytes: number,
  comment: string,
) {
  const segment = {
    sourcePort: clientPort(each),
    destinationPort: SERVICE_PORTS[each.client.tcp?.role ?? "request"],
    sequence: each.clientBytes,
    acknowledgement: each.guestBytes,
    flags,
    payloadBytes,
  };
  return { seconds, frame: tcpFrame(each.toGuest, segment), comment };
}

function segmentFromGuest(each: Station, seconds: number, flags: number, payloadBytes: number, comment: string) {
  const segment = {
    sourcePort: SERVICE_PORTS[each.client.tcp?.role ?? "request"],
    destinationPort: clientPort(each),
    sequence: each.guestBytes,
    acknowledgement: each.clientBytes,
    flags,
    payloadBytes,
  };
  return { seconds, frame: tcpFrame(each.toClient, segment), comment };
}

/** A reply has the number of its request, which was sent at `askedSeconds`. */
export function echo(
  each: Station,
  kind: "request" | "reply",
  seconds: number,
  comment: string,
  askedSeconds: number = seconds,
): Packet {
  const sequence = Math.round(askedSeconds / each.client.intervalSeconds);
  const endpoints = kind === "request" ? each.toGuest : each.toClient;
  return { seconds, frame: echoFrame(endpoints, kind, each.number, sequence), comment };
}

export function question({ mac, ip, vm }: Station, seconds: number, to: string | null, comment: string): Packet {
  const frame = encodeFrame({
    destination: to ?? "ff:ff:ff:ff:ff:ff",
    source: mac,
    etherType: 0x0806,
    operation: "request",
    senderMac: mac,
    senderIp: ip,
    targetMac: "00:00:00:00:00:00",
    targetIp: vm.ip,
  });
  return { seconds, frame, comment };
}

export function answer({ mac, ip, vm }: Station, seconds: number, comment: string): Packet {
  const frame = encodeFrame({
    destination: mac,
    source: vm.mac,
    etherType: 0x0806,
    operation: "reply",
    senderMac: vm.mac,
    senderIp: vm.ip,
    targetMac: mac,
    targetIp: ip,
  });
  return { seconds, frame, comment };
}

function clientPort({ number }: Station): number {
  return FIRST_EPHEMERAL_PORT + (number % (65_536 - FIRST_EPHEMERAL_PORT));
}
