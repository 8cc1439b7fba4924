/** A trace that is still being written, shown as it grows: what comes is added to what is there. */
import type { Follower } from "./controls/follow-trace.ts";
import type { LiveBar } from "./controls/live-bar.ts";
import { type Timeline, TimelineBuilder } from "./model/timeline.ts";
import { TraceReader } from "./model/trace-reader.ts";

export interface LivePage {
  readonly bar: LiveBar;
  /** Shows what there is of the trace. */
  show(timeline: Timeline, ended: boolean): void;
  /** What is to be said of the trace when it has ended; null: nothing. */
  ended(said: string | null): void;
  /** The trace cannot be read. */
  refused(problem: string): void;
}

const RESTARTED = "The trace was cut or replaced while it was read: the page reads it again from its start.";
const LOST = "The program that served this page has ended; what it had read is still here.";

export function liveTrace(page: LivePage): Follower {
  let reader = new TraceReader();
  let builder: TimelineBuilder | null = null;
  let trouble: string | null = null;

  function tell(sentence: string | null): void {
    if (sentence === trouble) return;
    trouble = sentence;
    page.bar.trouble(sentence);
  }

  return {
    more(text, ended) {
      const before = reader.events;
      reader.take(text);
      if (ended) reader.finish();
      if (trouble === LOST || (trouble === RESTARTED && reader.events > 0)) tell(null);
      const reading = reader.reading();
      if (ended) page.bar.end();
      if (!reading.ok) {
        if (ended) page.ended(reading.problem);
        else if (!reader.empty) page.refused(reading.problem);
        else page.bar.show(0, 0);
        return;
      }
      const first = builder === null;
      builder ??= new TimelineBuilder(reading.trace);
      if (first || ended || reader.events > before) {
        const timeline = builder.timeline(reading.trace);
        if (!ended) page.bar.show(reader.events, timeline.eventTimes.at(-1) ?? 0);
        page.show(timeline, ended);
      }
      if (ended) page.ended(reading.warning);
    },
    restarted() {
      reader = new TraceReader();
      builder = null;
      tell(RESTARTED);
    },
    lost: () => tell(LOST),
  };
}
