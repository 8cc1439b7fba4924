/**
 * What hosts' processors do for each packet and each byte of a connection, and what network adapters take off them. It limits what
 * one connection carries, beside the wire: a processor sends it, another receives it.
 */
import type { ParameterTable, ParameterValues } from "../kernel/parameter.ts";
import { TCP_IPV4_HEADER_BYTES } from "./framing.ts";

export const PACKET_WORK_PARAMETERS = {
  packetsPerSecond: {
    value: 250_000,
    kind: "count",
    provenance: "assumed",
    source:
      "One small machine on 2012 at 10 Gbit/s was seen at 338 MB/s, 233,000 packets of 1448 bytes; the old rule of a hertz of " +
      "processor for a bit a second gives a core of 3 GHz 260,000.",
    meaning: "Packets that one processor sends or receives; has a say where a node says what its nic takes over.",
    least: 1000,
    greatest: 1e12,
  },
  checksumRateBytesPerSecond: {
    value: 4e9,
    kind: "bytesPerSecond",
    provenance: "assumed",
    source: "One more pass over the data at about the speed at which a core of the time reads memory.",
    meaning: "How fast one processor sums data up where the adapter does not; has a say where a node says nic.",
    least: 1e6,
    greatest: 1e12,
  },
  offloadSegmentBytes: {
    value: 65_536,
    kind: "bytes",
    provenance: "documented",
    source: "RFC 791: a packet's length has 16 bits, so that adapters cut up or put together 64 KiB at a time.",
    meaning: "What adapters cut into packets, or put together from them, in one piece.",
    least: 1500,
    greatest: 1_048_576,
  },
} as const satisfies ParameterTable;

/**
 * What an adapter takes over: the sums over each packet; cutting large pieces into packets (LSO, TSO); putting received packets
 * together (RSC, LRO).
 */
export const OFFLOADS = ["checksum", "large-send", "receive-coalescing"] as const;
export type Offload = (typeof OFFLOADS)[number];

type PacketWork = Readonly<ParameterValues<typeof PACKET_WORK_PARAMETERS>>;

/**
 * Payload bytes per second that one connection gets through the processors at its ends, one each; Infinity where neither end says
 * what its adapter does. An end works on its packets, or pieces, one after the other, and on their sums.
 *
 * @param mtuBytes Largest IP packet of the network.
 * @param sender What the sender's adapter takes over; undefined where that is not said, and not modelled.
 * @param receiver Likewise.
 */
export function connectionWorkBytesPerSecond(
  work: PacketWork,
  mtuBytes: number,
  sender: readonly Offload[] | undefined,
  receiver: readonly Offload[] | undefined,
): number {
  return Math.min(
    endBytesPerSecond(work, mtuBytes, sender, "large-send"),
    endBytesPerSecond(work, mtuBytes, receiver, "receive-coalescing"),
  );
}

function endBytesPerSecond(
  work: PacketWork,
  mtuBytes: number,
  offloads: readonly Offload[] | undefined,
  whole: Offload,
): number {
  if (offloads === undefined) return Number.POSITIVE_INFINITY;
  const payloadBytes = mtuBytes - TCP_IPV4_HEADER_BYTES;
  const packets = offloads.includes(whole) ? Math.max(1, Math.floor(work.offloadSegmentBytes / payloadBytes)) : 1;
  const pieceBytes = packets * payloadBytes;
  const summingSeconds = offloads.includes("checksum") ? 0 : pieceBytes / work.checksumRateBytesPerSecond;
  return pieceBytes / (1 / work.packetsPerSecond + summingSeconds);
}
