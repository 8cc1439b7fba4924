/** When a TCP sender sends again what was not acknowledged. */
import { type ParameterTable, type ParameterValues, resolveParameters } from "../kernel/parameter.ts";

const LINUX = {
  minimumRtoSeconds: {
    value: 0.2,
    kind: "seconds",
    provenance: "documented",
    source: "Linux, TCP_RTO_MIN (include/net/tcp.h): HZ/5.",
    meaning: "Least retransmission time-out.",
    least: 0.001,
    greatest: 100,
  },
  greatestRtoSeconds: {
    value: 120,
    kind: "seconds",
    provenance: "documented",
    source: "Linux, TCP_RTO_MAX (include/net/tcp.h): 120 s.",
    meaning: "Greatest retransmission time-out.",
    least: 0.001,
    greatest: 1000,
  },
  rtoOverRoundTrip: {
    value: true,
    kind: "flag",
    provenance: "documented",
    source:
      "Linux, tcp_rtt_estimator: the least time-out is a floor under the variance, so that the time-out is a round trip more. " +
      "Measured: 210 ms with a guest that answers in about 10.",
    meaning: "The least time-out comes on top of a round trip; false: it is all there is.",
  },
  tailLossProbe: {
    value: true,
    kind: "flag",
    provenance: "documented",
    source:
      "RFC 8985, section 7; Linux since 3.10. Measured: retransmissions 210, 420, 850 and 1680 ms after the stop: the first " +
      "is the probe and does not double the time-out.",
    meaning: "A probe goes out ahead of the first time-out; with one segment under way it takes as long as a time-out.",
  },
} as const satisfies ParameterTable;

const WINDOWS = {
  minimumRtoSeconds: {
    ...LINUX.minimumRtoSeconds,
    value: 0.3,
    provenance: "assumed",
    source: "Windows' least time-out is commonly given as 300 ms; no document of Microsoft's was found.",
  },
  greatestRtoSeconds: {
    ...LINUX.greatestRtoSeconds,
    provenance: "assumed",
    source: "As Linux; a connection is given up before.",
  },
  rtoOverRoundTrip: {
    ...LINUX.rtoOverRoundTrip,
    value: false,
    provenance: "assumed",
    source: "RFC 6298, section 2: the greater of estimate and least; nothing was measured.",
  },
  tailLossProbe: {
    ...LINUX.tailLossProbe,
    value: false,
    provenance: "assumed",
    source: "Not in Windows of the years of 2008 R2; later ones have it.",
  },
} as const satisfies ParameterTable;

/** Of what system the sender's TCP is. */
export type TcpStack = "linux" | "windows";

export type RetransmissionTimers = Readonly<ParameterValues<typeof LINUX>>;

export const TCP_PARAMETERS: Readonly<Record<TcpStack, ParameterTable>> = { linux: LINUX, windows: WINDOWS };

/** The timers in force. */
export function retransmissionTimers(
  stack: TcpStack,
  overrides: Readonly<Record<string, number | boolean>> = {},
): RetransmissionTimers {
  return resolveParameters(TCP_PARAMETERS[stack], overrides) as unknown as RetransmissionTimers;
}

/** The time-out of a connection whose segments are acknowledged after `roundTripSeconds`, steadily. */
export function timeoutSeconds(timers: RetransmissionTimers, roundTripSeconds: number): number {
  const { minimumRtoSeconds, greatestRtoSeconds, rtoOverRoundTrip } = timers;
  const seconds = rtoOverRoundTrip
    ? roundTripSeconds + minimumRtoSeconds
    : Math.max(roundTripSeconds, minimumRtoSeconds);
  return Math.min(seconds, greatestRtoSeconds);
}

/** The first sending again whose time a condition accepts; attempts count from 1. */
export interface Attempt {
  readonly attempt: number;
  /** After the segment was first sent. */
  readonly afterSeconds: number;
}

/** Attempts after which nobody goes on: at a time-out's greatest value these are hours. */
const MOST_ATTEMPTS = 1000;

/**
 * The first time at or after `leastSeconds`, counted from when the segment was first sent, at which it is sent again. The
 * time-out doubles with each; a tail loss probe takes the first and leaves it as it is: RTO x (1, 2, 4, 8 ...) with it,
 * RTO x (1, 3, 7, 15 ...) without.
 */
export function firstAttemptAfter(
  timers: RetransmissionTimers,
  roundTripSeconds: number,
  leastSeconds: number,
): Attempt {
  let gapSeconds = timeoutSeconds(timers, roundTripSeconds);
  let afterSeconds = gapSeconds;
  let attempt = 1;
  while (afterSeconds < leastSeconds && attempt < MOST_ATTEMPTS) {
    if (attempt > 1 || !timers.tailLossProbe) gapSeconds = Math.min(2 * gapSeconds, timers.greatestRtoSeconds);
    afterSeconds += gapSeconds;
    attempt += 1;
  }
  return { attempt, afterSeconds };
}

/** How long after a segment was first sent it is sent again for the nth time, `attempt` from 1. */
export function attemptSeconds(timers: RetransmissionTimers, roundTripSeconds: number, attempt: number): number {
  let gapSeconds = timeoutSeconds(timers, roundTripSeconds);
  let afterSeconds = gapSeconds;
  for (let made = 1; made < attempt; made += 1) {
    if (made > 1 || !timers.tailLossProbe) gapSeconds = Math.min(2 * gapSeconds, timers.greatestRtoSeconds);
    afterSeconds += gapSeconds;
  }
  return afterSeconds;
}
