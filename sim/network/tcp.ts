/**
 * What a TCP connection adds to a link: how long it takes to reach the link's rate, and how much the sender's socket
 * holds, which is why a sender sees its last byte written well before the receiver has it.
 */
import { log } from "../kernel/exact-math.ts";

/** Payload of a segment on Ethernet with timestamps: 1500 - 20 - 20 - 12 bytes. */
export const SEGMENT_PAYLOAD_BYTES = 1448;

/** Segments in the first round trip: RFC 6928. */
const INITIAL_WINDOW_SEGMENTS = 10;

/**
 * Seconds by which slow start delays a long transfer, against one that runs at the link's rate from the first moment.
 *
 * The window doubles each round trip from `INITIAL_WINDOW_SEGMENTS` until it fills the link (rate x round trip). Up to
 * then the connection falls behind by the integral of (1 - window / needed), which is
 * round trip x (log2(needed / initial) - (1 - initial / needed) / ln 2).
 *
 * Measured: qemu-7.2 network runs fall behind by 2 ms (1 Gbit/s, 1 ms), 27 (5 ms), 75 (10 ms), 138 (20 ms); this gives
 * 2, 20, 49, 118.
 */
export function slowStartLagSeconds(bytesPerSecond: number, roundTripSeconds: number): number {
  const neededSegments = (bytesPerSecond * roundTripSeconds) / SEGMENT_PAYLOAD_BYTES;
  if (neededSegments <= INITIAL_WINDOW_SEGMENTS) return 0;
  const ln2 = log(2);
  const doublings = log(neededSegments / INITIAL_WINDOW_SEGMENTS) / ln2;
  return roundTripSeconds * (doublings - (1 - INITIAL_WINDOW_SEGMENTS / neededSegments) / ln2);
}

/**
 * The sender's socket: a buffer that the link drains. A writer that finds it full sleeps until a third is free, then
 * fills it again: that is the grain in which a blocked writer advances (Linux, sk_stream_is_writeable).
 */
export class SendSocket {
  /** Bytes accepted but not yet drained, at the time of the last call. */
  private levelBytes = 0;
  private atSeconds = 0;
  private readonly capacityBytes: number;
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
