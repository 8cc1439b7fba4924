/** Where in a run a lesson's moments are. */
import type { LessonMoment, TraceEvent } from "../simulator.ts";
import type { EventList } from "./event-list.ts";
import type { MigrationTimeline } from "./migration-timeline.ts";
import type { Timeline } from "./timeline.ts";

/** Whether an event is another machine's own affair. */
function isOfAnother(event: TraceEvent, migration: MigrationTimeline): boolean {
  if ("migration" in event) return event.migration !== migration.index;
  return "vm" in event && event.vm !== migration.vm;
}

function nthEvent(events: EventList, type: string, nth: number, migration: MigrationTimeline): TraceEvent | null {
  let found = 0;
  for (let index = 0; index < events.length; index += 1) {
    if (events.typeAt(index) !== type) continue;
    const event = events.at(index);
    if (isOfAnother(event, migration)) continue;
    found += 1;
    if (found === nth) return event;
  }
  return null;
}

/** The moment's time; null where the run has no such event or round. */
export function momentSeconds(timeline: Timeline, migration: MigrationTimeline, moment: LessonMoment): number | null {
  const within = (seconds: number): number => Math.min(Math.max(seconds, timeline.startSeconds), timeline.endSeconds);
  switch (moment.kind) {
    case "start":
      return timeline.startSeconds;
    case "end":
      return timeline.endSeconds;
    case "time":
      return within(moment.seconds);
    case "event": {
      const event = nthEvent(timeline.trace.events, moment.type, moment.nth, migration);
      return event === null ? null : within(event.t + moment.afterSeconds);
    }
    case "round": {
      const { rounds } = migration;
      const round = rounds.find((each) =>
        moment.round === "final" ? each.final : each.round === moment.round && !each.final,
      );
      if (round === undefined) return null;
      return within(round.startSeconds + (round.endSeconds - round.startSeconds) * moment.share);
    }
  }
}

/** The moment as a sentence about a run would name it. */
export function describeMoment(moment: LessonMoment): string {
  if (moment.kind === "event") return `${moment.nth === 1 ? "" : `${moment.nth}th `}event ${moment.type}`;
  if (moment.kind === "round") return moment.round === "final" ? "final copy" : `round ${moment.round}`;
  return moment.kind;
}
