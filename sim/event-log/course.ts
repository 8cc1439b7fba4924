/** How far a migration has come, as its trace tells it: what rules of logging look at. */

import type { TraceEvent, TraceEventBody } from "../trace/events.ts";
import type { MigrationMode } from "../trace/migration-events.ts";

export interface Course {
  readonly vm: string;
  readonly from: string;
  to: string;
  readonly mode: MigrationMode;
  readonly profile: string;
  /** Null before it. */
  startSeconds: number | null;
  /** When the guest last stopped; null while it has not. */
  stoppedSeconds: number | null;
  /** When it ran again; null before. */
  runningSeconds: number | null;
  /** Rounds that have ended, the final copy apart. */
  rounds: number;
  /** Sent in rounds so far. */
  bytes: number;
  /** Pages of the copy in the blackout. */
  finalPages: number;
}

export function courseOf({ vm, from, to, mode, profile }: TraceEventBody & { type: "migration.requested" }): Course {
  return {
    vm,
    from,
    to,
    mode,
    profile,
    startSeconds: null,
    stoppedSeconds: null,
    runningSeconds: null,
    rounds: 0,
    bytes: 0,
    finalPages: 0,
  };
}

/** Takes in an event of the migration, or of its virtual machine. */
export function follow(course: Course, event: TraceEvent): void {
  switch (event.type) {
    case "migration.retargeted":
      course.to = event.to;
      return;
    case "migration.started":
      course.startSeconds = event.t;
      return;
    case "migration.roundStarted":
      if (event.final) course.finalPages = event.pendingPages;
      return;
    case "migration.roundEnded":
      if (!event.final) course.rounds += 1;
      course.bytes += event.bytesSent;
      return;
    case "vm.stopped":
      course.stoppedSeconds = event.t;
      course.runningSeconds = null;
      return;
    case "vm.started":
      course.runningSeconds = event.t;
  }
}

/** What writes a hypervisor's lines of one migration. */
export interface MigrationLog {
  /** The lines that an event brings; `course` has taken it in. Their times may lie before it, where only it shows what they meant. */
  entries(event: TraceEvent, course: Course): readonly import("./entry.ts").EventLogEntry[];
}
