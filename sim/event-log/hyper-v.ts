/** What Hyper-V and its failover cluster log of a migration. */
import { formatBytes, formatCount, formatSeconds } from "../kernel/format-units.ts";
import type { Parameter } from "../kernel/parameter.ts";
import type { TraceEvent } from "../trace/events.ts";
import type { Course, MigrationLog } from "./course.ts";
import { type EventLogEntry, entryOf, type KnownEvent } from "./entry.ts";

const WORKER = "Microsoft-Windows-Hyper-V-Worker-Admin";
const VMMS = "Microsoft-Windows-Hyper-V-VMMS-Admin";
const HIGH_AVAILABILITY = "Microsoft-Windows-Hyper-V-High-Availability-Admin";
const CLUSTERING = "Microsoft-Windows-FailoverClustering/Operational";

const TERMS =
  "Ramprasad, Hyper-V Live Migration terms (2016): brownout 22508, blackout and dirty pages 22509, summary 22507 in Hyper-V-Worker; 20415 with the blackout time, 20418 successful.";
const BLACKOUT_SCRIPT =
  "WebPerfect wiki, Blackout-Time (VM Live Migration): 20415 and 20417 (critical) of Microsoft-Windows-Hyper-V-VMMS-Admin.";
const MANIFEST = "The provider's manifest, as catalogued from Windows.";
const REMEMBERED = "Ids of Hyper-V-Worker for saved and restored machines, from memory.";
const UNKNOWN = "No id could be found in a document.";

export const HYPER_V_EVENTS = {
  moving: {
    source: CLUSTERING,
    id: 1641,
    level: "information",
    text: "Clustered role '{vm}' is moving from cluster node '{from}' to cluster node '{to}'.",
    provenance: "documented",
    reference: MANIFEST,
  },
  brownout: {
    source: WORKER,
    id: 22508,
    level: "information",
    text: "'{vm}': the memory was transferred in {brownout} while the machine ran (brownout).",
    provenance: "documented",
    reference: TERMS,
  },
  blackout: {
    source: WORKER,
    id: 22509,
    level: "information",
    text: "'{vm}': the blackout took {blackout}; {pages} dirty pages were sent in it.",
    provenance: "documented",
    reference: TERMS,
  },
  summary: {
    source: WORKER,
    id: 22507,
    level: "information",
    text: "'{vm}': live migration from '{from}' to '{to}' took {total}: {passes}, {bytes}.",
    provenance: "documented",
    reference: TERMS,
  },
  completedWithBlackout: {
    source: VMMS,
    id: 20415,
    level: "information",
    text: "'{vm}' was live migrated, with a blackout of {blackout}.",
    provenance: "documented",
    reference: BLACKOUT_SCRIPT,
  },
  completedWithLongBlackout: {
    source: VMMS,
    id: 20417,
    level: "critical",
    text: "'{vm}' was live migrated, with an unusually long blackout of {blackout}.",
    provenance: "documented",
    reference: BLACKOUT_SCRIPT,
  },
  succeeded: {
    source: VMMS,
    id: 20418,
    level: "information",
    text: "Live migration of '{vm}' to '{to}' succeeded.",
    provenance: "documented",
    reference: TERMS,
  },
  failed: {
    source: HIGH_AVAILABILITY,
    id: 21111,
    level: "error",
    text: "Live migration of '{vm}' failed: {reason}",
    provenance: "documented",
    reference: MANIFEST,
  },
  cancelled: {
    source: HIGH_AVAILABILITY,
    id: null,
    level: "warning",
    text: "Live migration of '{vm}' was cancelled: {reason}",
    provenance: "assumed",
    reference: UNKNOWN,
  },
  notMoved: {
    source: CLUSTERING,
    id: 1155,
    level: "error",
    text: "The pending move of the role '{vm}' did not complete: {reason}",
    provenance: "documented",
    reference: MANIFEST,
  },
  saved: {
    source: WORKER,
    id: 18510,
    level: "information",
    text: "'{vm}' was saved.",
    provenance: "assumed",
    reference: REMEMBERED,
  },
  restored: {
    source: WORKER,
    id: 18596,
    level: "information",
    text: "'{vm}' was restored.",
    provenance: "assumed",
    reference: REMEMBERED,
  },
} as const satisfies Record<string, KnownEvent>;

/** When Hyper-V calls a blackout unusually long. */
const LONG_BLACKOUT: Parameter = {
  kind: "seconds",
  value: 5,
  provenance: "assumed",
  source:
    "No document says from when on 20417 is logged in place of 20415. 5 s are five heartbeats of a cluster between guests, which Microsoft's guidance tells a blackout to stay below (TechNet dn440540).",
  meaning: "Blackouts from here on are logged as unusually long.",
};

/** On which node each of VMMS's and the worker's events stands is assumed: the worker's at the source, VMMS's at the target. */
export class HyperVLog implements MigrationLog {
  entries(event: TraceEvent, course: Course): EventLogEntry[] {
    return course.mode === "quick" ? quick(event, course) : live(event, course);
  }
}

function live(event: TraceEvent, course: Course): EventLogEntry[] {
  const { vm, from, to, startSeconds, stoppedSeconds, runningSeconds } = course;
  const { t } = event;
  switch (event.type) {
    case "migration.started":
      return [entryOf(HYPER_V_EVENTS.moving, t, from, vm, { from, to })];
    case "vm.stopped":
      return [entryOf(HYPER_V_EVENTS.brownout, t, from, vm, { brownout: formatSeconds(t - (startSeconds ?? t)) })];
    case "migration.ended": {
      if (event.outcome !== "completed") return notCompleted(event, course);
      const blackoutSeconds = (runningSeconds ?? t) - (stoppedSeconds ?? t);
      const blackout = formatSeconds(blackoutSeconds);
      const isLong = blackoutSeconds >= (LONG_BLACKOUT.value as number);
      const completed = isLong ? HYPER_V_EVENTS.completedWithLongBlackout : HYPER_V_EVENTS.completedWithBlackout;
      return [
        entryOf(HYPER_V_EVENTS.blackout, t, from, vm, { blackout, pages: formatCount(course.finalPages) }),
        entryOf(HYPER_V_EVENTS.summary, t, from, vm, {
          from,
          to,
          total: formatSeconds(t - (startSeconds ?? t)),
          passes: course.rounds === 1 ? "1 pass" : `${course.rounds} passes`,
          bytes: formatBytes(course.bytes),
        }),
        entryOf(completed, t, to, vm, { blackout }),
        entryOf(HYPER_V_EVENTS.succeeded, t, to, vm, { to }),
      ];
    }
    default:
      return [];
  }
}

function quick(event: TraceEvent, course: Course): EventLogEntry[] {
  const { vm, from, to } = course;
  const { t } = event;
  switch (event.type) {
    case "migration.started":
      return [entryOf(HYPER_V_EVENTS.moving, t, from, vm, { from, to })];
    case "blackout.partEnded":
      return event.part === "save-state" ? [entryOf(HYPER_V_EVENTS.saved, t, from, vm)] : [];
    case "vm.started":
      return event.node === to ? [entryOf(HYPER_V_EVENTS.restored, t, to, vm)] : [];
    case "migration.ended":
      return event.outcome === "completed" ? [] : notCompleted(event, course);
    default:
      return [];
  }
}

function notCompleted(event: TraceEvent & { type: "migration.ended" }, course: Course): EventLogEntry[] {
  const { outcome, reason, t } = event;
  const { vm, from, mode } = course;
  // The run ends while it goes on: nothing is logged of that.
  if (outcome === "not-converged") return [];
  const known =
    mode === "quick"
      ? HYPER_V_EVENTS.notMoved
      : outcome === "cancelled"
        ? HYPER_V_EVENTS.cancelled
        : HYPER_V_EVENTS.failed;
  return [entryOf(known, t, from, vm, { reason })];
}
