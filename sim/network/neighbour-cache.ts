/**
 * The entry for a guest in the ARP cache of whoever sends to it: a client, or the gateway before it. A migrated guest keeps
 * its MAC address, so the entry stays right; what helps a guest that says nothing is that entries are checked. The check's
 * broadcast question reaches the guest wherever it is, and the answer tells the switches where that is.
 *
 * Nothing ticks: when an entry will be checked is worked out once the guest cannot be reached.
 */
import { type ParameterTable, type ParameterValues, resolveParameters } from "../kernel/parameter.ts";
import { nextOpen, type RandomStreams } from "../kernel/random.ts";

const LINUX = {
  reachableSeconds: {
    value: 30,
    kind: "seconds",
    provenance: "documented",
    source: "Linux, base_reachable_time_ms (default 30 s); RFC 4861, section 10.",
    meaning: "Base of the time for which an entry holds once it was confirmed.",
    least: 0.001,
    greatest: 1_000_000,
  },
  reachableSpreadShare: {
    value: 0.5,
    kind: "share",
    provenance: "documented",
    source: "Linux, neigh_rand_reach_time: 0.5 to 1.5 times the base; RFC 4861, section 10.",
    meaning: "How far the time for which an entry holds is off its base, at random, either way.",
    least: 0,
    greatest: 1,
  },
  probeDelaySeconds: {
    value: 5,
    kind: "seconds",
    provenance: "documented",
    source: "Linux, delay_first_probe_time (default 5 s); RFC 4861, section 10.",
    meaning: "How long an entry that ran out is still used before it is checked.",
    least: 0,
    greatest: 1_000_000,
  },
  retransmitSeconds: {
    value: 1,
    kind: "seconds",
    provenance: "documented",
    source: "Linux, retrans_time_ms (default 1 s); RFC 4861, section 10.",
    meaning: "Time between two questions.",
    least: 0.001,
    greatest: 1000,
  },
  unicastProbes: {
    value: 3,
    kind: "count",
    provenance: "documented",
    source: "Linux, ucast_solicit (default 3); measured: three of them fail before the broadcast.",
    meaning: "Questions sent to the address that the entry holds before everyone is asked.",
    least: 0,
    greatest: 100,
  },
} as const satisfies ParameterTable;

const WINDOWS_SOURCE = "Taken to follow RFC 4861, section 10, as Windows Vista and later are said to.";

const WINDOWS = {
  reachableSeconds: { ...LINUX.reachableSeconds, provenance: "assumed", source: WINDOWS_SOURCE },
  reachableSpreadShare: { ...LINUX.reachableSpreadShare, provenance: "assumed", source: WINDOWS_SOURCE },
  probeDelaySeconds: { ...LINUX.probeDelaySeconds, provenance: "assumed", source: WINDOWS_SOURCE },
  retransmitSeconds: { ...LINUX.retransmitSeconds, provenance: "assumed", source: WINDOWS_SOURCE },
  unicastProbes: { ...LINUX.unicastProbes, provenance: "assumed", source: WINDOWS_SOURCE },
} as const satisfies ParameterTable;

const CISCO = {
  reachableSeconds: {
    ...LINUX.reachableSeconds,
    value: 14_400,
    source: "Cisco IOS, arp timeout (default 14400 s).",
  },
  reachableSpreadShare: {
    ...LINUX.reachableSpreadShare,
    value: 0,
    source: "Cisco IOS, arp timeout: a fixed time.",
  },
  probeDelaySeconds: { ...LINUX.probeDelaySeconds, value: 0, source: "Cisco IOS, arp timeout: it ends at once." },
  retransmitSeconds: {
    ...LINUX.retransmitSeconds,
    provenance: "assumed",
    source: "Of the order of other systems; no document was found.",
  },
  unicastProbes: {
    ...LINUX.unicastProbes,
    value: 0,
    provenance: "assumed",
    source: "The question to the known address shortly before the time is over is left out: it changes nothing here.",
  },
} as const satisfies ParameterTable;

/** Whose cache it is. */
export type NeighbourKind = "linux" | "windows" | "cisco";

export type NeighbourTimers = Readonly<ParameterValues<typeof LINUX>>;

export const NEIGHBOUR_PARAMETERS: Readonly<Record<NeighbourKind, ParameterTable>> = {
  linux: LINUX,
  windows: WINDOWS,
  cisco: CISCO,
};

/** The timers in force. */
export function neighbourTimers(
  kind: NeighbourKind,
  overrides: Readonly<Record<string, number | boolean>> = {},
): NeighbourTimers {
  return resolveParameters(NEIGHBOUR_PARAMETERS[kind], overrides) as unknown as NeighbourTimers;
}

export interface NeighbourEntryOptions {
  readonly timers: NeighbourTimers;
  readonly random: RandomStreams;
  /** Of whom the random times are: one stream each. */
  readonly owner: string;
  /**
   * Whether answers of the guest confirm the entry (TCP's do), so that it runs out a full time after the last; otherwise it
   * goes round through its states all the time, and the guest stops somewhere in them.
   */
  readonly confirmedByAnswers: boolean;
  /** When its owner next has something to send, at a time or later: only then is anyone asked. */
  readonly nextSendSeconds: (fromSeconds: number) => number;
}

export class NeighbourEntry {
  readonly #options: NeighbourEntryOptions;
  #drawn: { readonly holdsSeconds: number; readonly phase: number } | null = null;

  constructor(options: NeighbourEntryOptions) {
    this.#options = options;
  }

  /** When the first question to the known address leaves, the guest being out of reach since `missedSeconds`. */
  checkSeconds(missedSeconds: number): number {
    const { timers, confirmedByAnswers } = this.#options;
    const { holdsSeconds, phase } = this.#random();
    const roundSeconds = holdsSeconds + timers.probeDelaySeconds;
    return missedSeconds + (confirmedByAnswers ? roundSeconds : phase * roundSeconds);
  }

  /** When the first broadcast question at `fromSeconds` or later leaves; Infinity where its owner sends nothing. */
  broadcastSeconds(missedSeconds: number, fromSeconds: number): number {
    const { timers, nextSendSeconds } = this.#options;
    const { retransmitSeconds, unicastProbes } = timers;
    const first = nextSendSeconds(this.checkSeconds(missedSeconds) + unicastProbes * retransmitSeconds);
    if (first >= fromSeconds) return first;
    let next = first + Math.ceil((fromSeconds - first) / retransmitSeconds) * retransmitSeconds;
    if (next < fromSeconds) next += retransmitSeconds;
    return next;
  }

  /** Drawn where first needed, from streams of its own, so that it shifts no other draw. */
  #random(): { readonly holdsSeconds: number; readonly phase: number } {
    if (this.#drawn !== null) return this.#drawn;
    const { timers, random, owner } = this.#options;
    const stream = random.stream(`neighbour/${owner}`);
    const spread = timers.reachableSpreadShare * (2 * nextOpen(stream) - 1);
    this.#drawn = { holdsSeconds: timers.reachableSeconds * (1 + spread), phase: nextOpen(stream) };
    return this.#drawn;
  }
}
