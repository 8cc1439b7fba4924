/** What vCenter and the hosts log of a vMotion: vCenter's events by the names of their types, the hosts' lines without an id. */
import { formatSeconds } from "../kernel/format-units.ts";
import type { TraceEvent } from "../trace/events.ts";
import type { Course, MigrationLog } from "./course.ts";
import { type EventLogEntry, entryOf, type KnownEvent } from "./entry.ts";

const API = "vSphere Web Services API, vim.event: the type of the event.";
const STUN = "VMware KB 436882, How to identify vMotion stun time: the line of vmkernel.log.";
const UNSTUN = "virten.net, How long are virtual machines stunned (2015): the line of vmware.log.";

const vcenter = (id: string, level: KnownEvent["level"], text: string): KnownEvent => ({
  source: "vCenter event",
  id,
  level,
  text,
  provenance: "documented",
  reference: API,
});

export const VSPHERE_EVENTS = {
  migrating: vcenter("VmBeingHotMigratedEvent", "information", "{vm} is being migrated from {from} to {to}"),
  migrated: vcenter(
    "VmMigratedEvent",
    "information",
    "Migration of virtual machine {vm} from {from} to {to} completed",
  ),
  failed: vcenter("VmFailedMigrateEvent", "error", "{vm} could not be migrated from {from} to {to}: {reason}"),
  task: {
    source: "vCenter task",
    id: null,
    level: "information",
    text: "Migrate virtual machine {vm}: {state}",
    provenance: "assumed",
    reference:
      "vCenter's tasks are queued, running, then success or error (vim.TaskInfo.State); their name is from memory.",
  },
  stopping: {
    source: "vmkernel.log",
    id: null,
    level: "information",
    text: "VMotion: S: Stopping pre-copy: {reason}",
    provenance: "documented",
    reference: STUN,
  },
  unstunned: {
    source: "vmware.log",
    id: null,
    level: "information",
    text: "Checkpoint_Unstun: vm stopped for {microseconds} us",
    provenance: "documented",
    reference: UNSTUN,
  },
} as const satisfies Record<string, KnownEvent>;

/** On whose log vCenter's own lines stand. */
const VCENTER = "cluster";

export class VsphereLog implements MigrationLog {
  entries(event: TraceEvent, course: Course): EventLogEntry[] {
    const { vm, from, to } = course;
    const { t } = event;
    const task = (state: string) => entryOf(VSPHERE_EVENTS.task, t, VCENTER, vm, { state });
    switch (event.type) {
      case "migration.queued":
        return [task("queued")];
      case "migration.started":
        return [task("running"), entryOf(VSPHERE_EVENTS.migrating, t, VCENTER, vm, { from, to })];
      case "migration.precopyEnded":
        return [entryOf(VSPHERE_EVENTS.stopping, t, from, vm, { reason: event.reason })];
      case "vm.started": {
        const microseconds = Math.round((t - (course.stoppedSeconds ?? t)) * 1e6);
        return [entryOf(VSPHERE_EVENTS.unstunned, t, event.node, vm, { microseconds: String(microseconds) })];
      }
      case "migration.ended":
        // The run ends while it goes on: nothing is logged of that.
        if (event.outcome === "not-converged") return [];
        if (event.outcome === "completed") {
          const migrated = entryOf(VSPHERE_EVENTS.migrated, t, VCENTER, vm, { from, to });
          return [migrated, task(`success after ${formatSeconds(t - (course.startSeconds ?? t))}`)];
        }
        return [
          entryOf(VSPHERE_EVENTS.failed, t, VCENTER, vm, { from, to, reason: event.reason }),
          task(event.outcome === "cancelled" ? "error: cancelled" : "error"),
        ];
      default:
        return [];
    }
  }
}
