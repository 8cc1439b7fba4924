/** A client that asks for a guest's address anew: its entry's timers as what `Reachability` waits for, and what the trace is told. */
import type { Simulation } from "../kernel/simulation.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { NeighbourEntry } from "./neighbour-cache.ts";
import type { Search } from "./reachability.ts";

export interface Searcher {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  readonly client: string;
  readonly vm: string;
  readonly mac: string;
  /** One way. */
  readonly latencySeconds: number;
}

export function neighbourSearch(entry: NeighbourEntry, searcher: Searcher): Search {
  const { simulation, recorder, client, vm, mac, latencySeconds } = searcher;
  let missedSeconds = 0;
  return {
    broadcastSeconds(missed, from) {
      missedSeconds = missed;
      return entry.broadcastSeconds(missed, from - latencySeconds) + latencySeconds;
    },
    onAnswered() {
      if (!recorder.recording) return;
      recorder.record({
        t: simulation.now,
        type: "neighbour.answered",
        client,
        vm,
        mac,
        probedSinceSeconds: entry.checkSeconds(missedSeconds),
      });
    },
  };
}
