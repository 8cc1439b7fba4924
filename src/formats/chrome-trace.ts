/**
 * Traces in the form of Chrome's trace viewer, for Perfetto, speedscope and chrome://tracing: a process for the
 * migrations, each node, network, volume and the clients; spans (X), counters (C), instants (i) and the arrow (s, f) from
 * a guest's stop to its start elsewhere. The format is described in "Trace Event Format" (Google, 2016).
 */
import { type RunResult, SCHEMA_VERSION } from "../../sim/index.ts";
import { ChromeRun } from "./chrome-run.ts";
import type { ChromeTracks } from "./chrome-tracks.ts";
import type { OpenTraceSink, TraceOpening } from "./trace-sink.ts";

/** Gathers the run, for the form wants events sorted with their lengths, and writes it at the end. */
export const openChromeTrace: OpenTraceSink = (opening, write) => {
  const story = new ChromeRun(opening);
  return {
    record: (event) => story.tell(event),
    close(t, result) {
      story.finish(t);
      write(formatChromeTrace(story.tracks, opening, result));
    },
  };
};

function formatChromeTrace(tracks: ChromeTracks, opening: TraceOpening, result: RunResult): string {
  const otherData = {
    schemaVersion: SCHEMA_VERSION,
    engineVersion: opening.engineVersion,
    scenario: result.scenario,
    seed: opening.seed,
  };
  const lines = tracks.toEvents().map((event) => JSON.stringify(event));
  return `{"displayTimeUnit":"ms","otherData":${JSON.stringify(otherData)},"traceEvents":[\n${lines.join(",\n")}\n]}\n`;
}
