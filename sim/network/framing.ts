/** How much of a link's signalling rate is left for the bytes of a TCP stream. */

/** Preamble with start delimiter 8, header 14, check sequence 4, gap between frames 12 (IEEE 802.3, clauses 3 and 4). */
const ETHERNET_OVERHEAD_BYTES = 38;

/** IEEE 802.1Q, clause 9.3. */
const VLAN_TAG_BYTES = 4;

/** IPv4 header 20 (RFC 791), TCP header 20 (RFC 9293), timestamps option padded to 12 (RFC 7323, appendix A). */
export const TCP_IPV4_HEADER_BYTES = 52;

/** Smallest IP packet that every IPv4 link must carry (RFC 791). */
const LEAST_MTU_BYTES = 68;

/**
 * Share of the signalling rate that arrives as payload of a bulk TCP stream over IPv4 with timestamps, every segment
 * full: (mtu - 52) / (mtu + 38). 1448/1538 = 0.9415 at 1500 bytes, 8948/9038 = 0.9900 at 9000.
 *
 * Acknowledgements travel the other way and cost nothing here.
 *
 * @param mtuBytes Largest IP packet, at least 68.
 * @param isTagged Whether frames carry a VLAN tag, 4 bytes each: 1448/1542 = 0.9390 at 1500 bytes.
 */
export function goodputShare(mtuBytes: number, isTagged = false): number {
  if (!(mtuBytes >= LEAST_MTU_BYTES)) throw new RangeError(`an MTU of ${mtuBytes} bytes is below ${LEAST_MTU_BYTES}`);
  const overheadBytes = ETHERNET_OVERHEAD_BYTES + (isTagged ? VLAN_TAG_BYTES : 0);
  return (mtuBytes - TCP_IPV4_HEADER_BYTES) / (mtuBytes + overheadBytes);
}

/**
 * Payload bytes per second of a bulk TCP stream on an otherwise idle link.
 *
 * @param signallingBytesPerSecond The link's rate with framing included: 125e6 for 1 Gbit/s Ethernet.
 */
export function goodputBytesPerSecond(signallingBytesPerSecond: number, mtuBytes: number, isTagged = false): number {
  return signallingBytesPerSecond * goodputShare(mtuBytes, isTagged);
}
