/**
 * What a TCP connection adds to a link: how long it takes to reach the link's rate, and how much the sender's socket
 * holds, which is why a sender sees its last byte written well before the receiver has it.
 */

/** Payload of a segment on Ethernet with timestamps: 1500 - 20 - 20 - 12 bytes. */
export const SEGMENT_PAYLOAD_BYTES = 1448;

/** Segments in the first round trip: RFC 6928. */
const INITIAL_WINDOW_SEGMENTS = 10;

/** Bytes that a segment takes in a router's queue: payload, headers and Ethernet header. */
const QUEUED_SEGMENT_BYTES = 1514;

/** sqrt(3/2) of M. Mathis et al., The macroscopic behavior of the TCP congestion avoidance algorithm, 1997. */
const MATHIS_CONSTANT = 1.224744871391589;

/**
 * Memory that Linux reckons for a segment when it sizes a send buffer: a power of two for payload and headers, and the
 * buffer's own bookkeeping (net/ipv4/tcp_input.c, tcp_sndbuf_expand), 2048 + 256; it allows twice the congestion window.
 */
const BUFFERED_SEGMENT_BYTES = 2304;
const WINDOWS_BUFFERED = 2;

/**
 * Seconds by which slow start delays a long transfer, against one that runs at the link's rate from the first moment.
 *
 * The window doubles each round trip from `INITIAL_WINDOW_SEGMENTS` until it fills the link; a round trip in which it
 * fills a share of the link loses the rest. Measured: qemu-7.2 network runs on 1 Gbit/s fall behind by 2 ms (1 ms round
 * trip), 27 (5 ms), 75 (10 ms), 138 (20 ms); this gives 2, 22, 54, 129. What is left over is not modelled: slow start ends
 * by overflowing the queue, and the segments lost then are sent again.
 */
export function slowStartLagSeconds(bytesPerSecond: number, roundTripSeconds: number): number {
  const neededSegments = (bytesPerSecond * roundTripSeconds) / SEGMENT_PAYLOAD_BYTES;
  let lagSeconds = 0;
  for (let window = INITIAL_WINDOW_SEGMENTS; window < neededSegments; window *= 2) {
    lagSeconds += roundTripSeconds * (1 - window / neededSegments);
  }
  return lagSeconds;
}

/**
 * The most that one connection carries over a path that loses packets at random: payload / round trip x sqrt(3/2 / loss)
 * (Mathis et al., 1997). Infinity where nothing is lost or the round trip takes no time.
 */
export function lossLimitBytesPerSecond(roundTripSeconds: number, lossShare: number): number {
  if (lossShare === 0 || roundTripSeconds === 0) return Number.POSITIVE_INFINITY;
  return (SEGMENT_PAYLOAD_BYTES * MATHIS_CONSTANT) / (roundTripSeconds * Math.sqrt(lossShare));
}

/** A path as its connections see it: payload bytes per second, both ways through, what waits before the slowest part. */
export interface TcpPath {
  readonly bytesPerSecond: number;
  readonly roundTripSeconds: number;
  /** Infinity where it is not known: then it lets one connection's send buffer fill. */
  readonly queueBytes: number;
  readonly lossShare: number;
}

/**
 * What the send buffer of one of `streams` equal connections grows to. Linux makes it twice the congestion window, in
 * memory, and never more than `mostBytes` (tcp_wmem). The windows of all grow until the path and the queue before it,
 * which they share, are full, or each as far as random loss lets it; none falls below the first window. What they hold
 * together therefore hardly depends on how many they are. Of a queue that is not known, only that is taken that one
 * connection needs for its largest buffer: channels do not find more room in a path because they are many.
 *
 * Measured: at 200 Mbit/s, 2 ms and a queue of 300 KB the socket held 0.98 MB, of 1.05 MB by this; where path and queue
 * hold 1.5 MB and more, 2.5 to 3.9 MB, of 3.7 to 4.2 MB.
 */
export function sendBufferBytes(path: TcpPath, streams: number, mostBytes: number): number {
  const { bytesPerSecond, roundTripSeconds, queueBytes, lossShare } = path;
  const queueSegments =
    queueBytes === Number.POSITIVE_INFINITY
      ? mostBytes / (WINDOWS_BUFFERED * BUFFERED_SEGMENT_BYTES)
      : queueBytes / QUEUED_SEGMENT_BYTES;
  const pathSegments = (bytesPerSecond * roundTripSeconds) / SEGMENT_PAYLOAD_BYTES + queueSegments;
  const lossSegments = lossShare === 0 ? Number.POSITIVE_INFINITY : MATHIS_CONSTANT / Math.sqrt(lossShare);
  const segments = Math.max(INITIAL_WINDOW_SEGMENTS, Math.min(pathSegments / streams, lossSegments));
  return Math.min(mostBytes, WINDOWS_BUFFERED * segments * BUFFERED_SEGMENT_BYTES);
}

/**
 * The sender's socket: a buffer that the link drains. A writer that finds it full sleeps until a third is free, then
 * fills it again: that is the grain in which a blocked writer advances (Linux, sk_stream_is_writeable).
 */
export class SendSocket {
  /** Bytes accepted but not yet drained, at the time of the last call. */
  private levelBytes = 0;
  private atSeconds = 0;
  readonly capacityBytes: number;
  private readonly wakeBytes: number;

  constructor(capacityBytes: number) {
    this.capacityBytes = capacityBytes;
    this.wakeBytes = capacityBytes / 3;
  }

  /** Nothing drains before `atSeconds`: the connection is being opened or falls behind in slow start. */
  blockUntil(atSeconds: number): void {
    this.atSeconds = atSeconds;
  }

  /** What is in the buffer at `atSeconds`, the link draining it at `bytesPerSecond`. */
  level(atSeconds: number, bytesPerSecond: number): number {
    if (atSeconds > this.atSeconds) {
      this.levelBytes = Math.max(0, this.levelBytes - (atSeconds - this.atSeconds) * bytesPerSecond);
      this.atSeconds = atSeconds;
    }
    return this.levelBytes;
  }

  /** Seconds that a writer needs from `fromSeconds` until its `bytes` are all accepted, at no cost of its own. */
  writeSeconds(bytes: number, fromSeconds: number, bytesPerSecond: number): number {
    const over = this.level(fromSeconds, bytesPerSecond) + bytes - this.capacityBytes;
    if (over <= 0) return 0;
    const wakes = Math.ceil(over / this.wakeBytes);
    return Math.max(0, this.atSeconds - fromSeconds) + (wakes * this.wakeBytes) / bytesPerSecond;
  }

  /** Most bytes that a writer can have had accepted when it first finds more than `seconds` gone: it goes on at a wake. */
  bytesAcceptedAfter(seconds: number, fromSeconds: number, bytesPerSecond: number): number {
    const free = this.capacityBytes - this.level(fromSeconds, bytesPerSecond);
    const draining = seconds - Math.max(0, this.atSeconds - fromSeconds);
    const wakes = draining < 0 ? 0 : Math.floor((draining * bytesPerSecond) / this.wakeBytes);
    return free + wakes * this.wakeBytes;
  }

  /** Time passes to `atSeconds` with as much written as drained. */
  skipTo(atSeconds: number): void {
    this.atSeconds = atSeconds;
  }

  /** Puts `bytes` in, all of which are accepted by `untilSeconds`. */
  accept(bytes: number, untilSeconds: number, bytesPerSecond: number): void {
    this.levelBytes += bytes;
    this.level(untilSeconds, bytesPerSecond);
  }
}
