/** A run's trace as the logs of its hypervisors: event by event, so that a trace need not be kept. */
import type { TraceEvent } from "../trace/events.ts";
import { backupEntries } from "./backups.ts";
import { type Course, courseOf, follow, type MigrationLog } from "./course.ts";
import { diskEntries } from "./disks.ts";
import type { EventLogEntry } from "./entry.ts";
import { clusteringEntries } from "./failover-clustering.ts";
import { HyperVLog } from "./hyper-v.ts";
import { QemuLog } from "./qemu.ts";
import { VsphereLog } from "./vsphere.ts";
import { XenLog } from "./xen.ts";

/** Who logs a migration of which profile, by how the profile's name begins. A model of no product logs nothing. */
const WRITERS: readonly { readonly profile: string; readonly make: () => MigrationLog }[] = [
  { profile: "hyper-v-", make: () => new HyperVLog() },
  { profile: "qemu-7.", make: () => new QemuLog({ alwaysDevice: false, completesOnceTold: false }) },
  { profile: "qemu-", make: () => new QemuLog({ alwaysDevice: true, completesOnceTold: true }) },
  { profile: "vsphere-", make: () => new VsphereLog() },
  { profile: "xen", make: () => new XenLog() },
];

interface Followed {
  readonly course: Course;
  readonly log: MigrationLog;
}

export class EventLog {
  private readonly followed = new Map<number, Followed>();
  /** The migration under way of each machine. */
  private readonly byVm = new Map<string, Followed>();
  private readonly lines: EventLogEntry[] = [];

  /** Events come in the order of the trace. */
  record(event: TraceEvent): void {
    if (event.type === "migration.requested") {
      const make = WRITERS.find(({ profile }) => event.profile.startsWith(profile))?.make;
      if (make !== undefined) this.followed.set(event.migration, { course: courseOf(event), log: make() });
      return;
    }
    const one = this.concerned(event);
    if (one === undefined) {
      for (const line of [...clusteringEntries(event), ...backupEntries(event), ...diskEntries(event)])
        this.lines.push(line);
      return;
    }
    follow(one.course, event);
    for (const line of one.log.entries(event, one.course)) this.lines.push(line);
    if (event.type === "migration.started") this.byVm.set(one.course.vm, one);
    if (event.type === "migration.ended") {
      this.followed.delete(event.migration);
      if (this.byVm.get(one.course.vm) === one) this.byVm.delete(one.course.vm);
    }
  }

  /** All lines so far, in order of time; lines of one moment in the order in which they came about. */
  entries(): EventLogEntry[] {
    return [...this.lines].sort((one, other) => one.t - other.t);
  }

  private concerned(event: TraceEvent): Followed | undefined {
    if ("migration" in event) return this.followed.get(event.migration);
    if (event.type === "vm.stopped" || event.type === "vm.started") return this.byVm.get(event.vm);
    return undefined;
  }
}

/** What the hypervisors of a run would have logged of it. */
export function eventLogOf(events: Iterable<TraceEvent>): EventLogEntry[] {
  const log = new EventLog();
  for (const event of events) log.record(event);
  return log.entries();
}
