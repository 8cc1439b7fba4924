/** The power of hosts over a consolidation: what they drew, against what they would have drawn, all on and no machine moved. */
import { type PowerValues, runningWatts } from "../orchestration/power.ts";
import type { ProcessorLedger } from "../orchestration/processor-ledger.ts";
import type { Processors } from "./processors.ts";

/** When a host went off and came back; null while that has not happened. */
export interface PowerCut {
  readonly shutdownSeconds: number;
  offSeconds: number | null;
  bootSeconds: number | null;
  backSeconds: number | null;
}

export class HostPower {
  readonly #values: PowerValues;
  readonly #processors: Processors;
  readonly #startSeconds: number;
  readonly #unmoved: ProcessorLedger;
  readonly #busyAtStart = new Map<string, number>();
  readonly #unmetAtStart: number;

  /** From now on. */
  constructor(values: PowerValues, processors: Processors, nodes: Iterable<{ readonly name: string }>, now: number) {
    this.#values = values;
    this.#processors = processors;
    this.#startSeconds = now;
    this.#unmoved = processors.asTheyStand();
    const { actual } = processors;
    this.#unmetAtStart = actual.unmetProcessorSeconds(now);
    for (const { name } of nodes) this.#busyAtStart.set(name, actual.busySecondsAt(name, now));
  }

  /** From the start until now. */
  figures(cuts: ReadonlyMap<string, PowerCut>, now: number) {
    const { actual } = this.#processors;
    this.#processors.bringUpToDate(this.#unmoved);
    let baselineJoules = 0;
    let hostsJoules = 0;
    for (const [name, busyAtStart] of this.#busyAtStart) {
      const seconds = now - this.#startSeconds;
      baselineJoules += this.#running(seconds, this.#unmoved.busySecondsAt(name, now));
      const cut = cuts.get(name);
      const away = cut === undefined ? { off: 0, full: 0 } : awaySeconds(cut, now);
      const busy = actual.busySecondsAt(name, now) - busyAtStart;
      const { offWatts, fullWatts } = this.#values;
      hostsJoules += this.#running(seconds - away.off - away.full, busy) + offWatts * away.off + fullWatts * away.full;
    }
    return {
      baselineJoules,
      hostsJoules,
      unmetProcessorSeconds: actual.unmetProcessorSeconds(now) - this.#unmetAtStart,
      unmetUnmovedProcessorSeconds: this.#unmoved.unmetProcessorSeconds(now),
    };
  }

  /** What a running host draws is linear in how busy it is: the integral needs no more than that of the busy share. */
  #running(seconds: number, busySeconds: number): number {
    const idle = runningWatts(this.#values, 0);
    return idle * seconds + (runningWatts(this.#values, 1) - idle) * busySeconds;
  }
}

/** Time off, and time at full power while it shut down and booted. */
function awaySeconds({ shutdownSeconds, offSeconds, bootSeconds, backSeconds }: PowerCut, now: number) {
  const off = offSeconds === null ? 0 : (bootSeconds ?? now) - offSeconds;
  const shutdown = (offSeconds ?? now) - shutdownSeconds;
  const boot = bootSeconds === null ? 0 : (backSeconds ?? now) - bootSeconds;
  return { off, full: shutdown + boot };
}
