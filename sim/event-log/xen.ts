/** What xapi's task list and the log of Xen's migration library hold of a migration. */
import { formatCount, formatSeconds } from "../kernel/format-units.ts";
import type { TraceEvent } from "../trace/events.ts";
import type { Course, MigrationLog } from "./course.ts";
import { type EventLogEntry, entryOf, type KnownEvent } from "./entry.ts";

const TASK = "xapi's log of a migration under the task Async.VM.pool_migrate, as published by users of XenServer.";
const LIBRARY =
  "Xen, tools/libs/guest: the migration library tells its log of every round; worded here in words of our own.";

const task = (level: KnownEvent["level"], text: string): KnownEvent => ({
  source: "xapi task",
  id: "Async.VM.pool_migrate",
  level,
  text,
  provenance: "documented",
  reference: TASK,
});

const library = (text: string): KnownEvent => ({
  source: "xenguest",
  id: null,
  level: "information",
  text,
  provenance: "assumed",
  reference: LIBRARY,
});

export const XEN_EVENTS = {
  pending: task("information", "{vm}: pending, from {from} to {to}"),
  success: task("information", "{vm}: success after {total}"),
  cancelled: task("warning", "{vm}: cancelled: {reason}"),
  failure: task("error", "{vm}: failure: {reason}"),
  round: library("{vm}: iteration {round}: {pages} pages sent, {dirty} dirty"),
  suspending: library("{vm}: suspending the domain"),
  lastRound: library("{vm}: last iteration: {pages} pages"),
  unpaused: library("{vm}: unpaused, {downtime} after it was suspended"),
} as const satisfies Record<string, KnownEvent>;

export class XenLog implements MigrationLog {
  entries(event: TraceEvent, course: Course): EventLogEntry[] {
    const { vm, from, to } = course;
    const { t } = event;
    switch (event.type) {
      case "migration.started":
        return [entryOf(XEN_EVENTS.pending, t, from, vm, { from, to })];
      case "migration.roundEnded": {
        const pages = formatCount(event.pagesSent + event.zeroPagesSent);
        if (event.final) return [entryOf(XEN_EVENTS.lastRound, t, from, vm, { pages })];
        const fields = { round: String(event.round), pages, dirty: formatCount(event.dirtyPagesAtEnd) };
        return [entryOf(XEN_EVENTS.round, t, from, vm, fields)];
      }
      case "vm.stopped":
        return [entryOf(XEN_EVENTS.suspending, t, from, vm)];
      case "vm.started": {
        const downtime = formatSeconds(t - (course.stoppedSeconds ?? t));
        return [entryOf(XEN_EVENTS.unpaused, t, event.node, vm, { downtime })];
      }
      case "migration.ended": {
        // The run ends while it goes on: nothing is logged of that.
        if (event.outcome === "not-converged") return [];
        if (event.outcome === "completed") {
          return [entryOf(XEN_EVENTS.success, t, from, vm, { total: formatSeconds(t - (course.startSeconds ?? t)) })];
        }
        const known = event.outcome === "cancelled" ? XEN_EVENTS.cancelled : XEN_EVENTS.failure;
        return [entryOf(known, t, from, vm, { reason: event.reason })];
      }
      default:
        return [];
    }
  }
}
