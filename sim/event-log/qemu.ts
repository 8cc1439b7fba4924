/**
 * QEMU's monitor events, and libvirt's lifecycle events beside them. MIGRATION and MIGRATION_PASS are sent where the capability
 * `events` is on, as libvirt has it. The order of QEMU's was taken from measured runs of QEMU 7.2 on both sides
 * (test/event-log/qemu-order.json).
 */
import type { TraceEvent } from "../trace/events.ts";
import type { Course, MigrationLog } from "./course.ts";
import { type EventLogEntry, entryOf, type KnownEvent } from "./entry.ts";

const MEASURED = "Measured runs of QEMU 7.2: the events of both sides with their times.";
const DEVICE =
  "QEMU 10, migration/migration.c migration_switchover_prepare: without a pause before the switchover the state goes straight to device.";
const PAUSE = "QEMU, migration/migration.c: the states around pause-before-switchover.";
const CANCEL = "QEMU, qapi/migration.json MigrationStatus; that the target ends in failed is assumed.";
const LIBVIRT =
  "libvirt, virDomainEventType and its details (libvirt-domain.h); that they come together with QEMU's events is assumed.";

const qmp = (id: string, text: string, provenance: KnownEvent["provenance"], reference: string): KnownEvent => ({
  source: "QMP",
  id,
  level: "information",
  text,
  provenance,
  reference,
});

const status = (state: string, provenance: KnownEvent["provenance"] = "measured", reference = MEASURED): KnownEvent =>
  qmp("MIGRATION", `status: ${state}`, provenance, reference);

const lifecycle = (id: string, text: string): KnownEvent => ({
  source: "libvirt",
  id,
  level: "information",
  text,
  provenance: "assumed",
  reference: LIBVIRT,
});

export const QEMU_EVENTS = {
  setup: status("setup"),
  active: status("active"),
  postcopyActive: status("postcopy-active"),
  preSwitchover: status("pre-switchover", "documented", PAUSE),
  device: status("device", "documented", DEVICE),
  completed: status("completed"),
  cancelling: status("cancelling", "documented", CANCEL),
  cancelled: status("cancelled", "documented", CANCEL),
  failed: { ...status("failed", "assumed", CANCEL), level: "error" },
  pass: qmp("MIGRATION_PASS", "pass: {pass}", "measured", MEASURED),
  stop: qmp("STOP", "{vm} stands still", "measured", MEASURED),
  resume: qmp("RESUME", "{vm} runs", "measured", MEASURED),
  incoming: lifecycle("VIR_DOMAIN_EVENT_STARTED_MIGRATED", "{vm}: incoming migration from another host"),
  suspended: lifecycle("VIR_DOMAIN_EVENT_SUSPENDED_MIGRATED", "{vm}: suspended for migration"),
  suspendedPostcopy: lifecycle("VIR_DOMAIN_EVENT_SUSPENDED_POSTCOPY", "{vm}: suspended for post-copy migration"),
  resumed: lifecycle("VIR_DOMAIN_EVENT_RESUMED_MIGRATED", "{vm}: resumed on completion of migration"),
  resumedPostcopy: lifecycle(
    "VIR_DOMAIN_EVENT_RESUMED_POSTCOPY",
    "{vm}: resumed, the migration still running in post-copy",
  ),
  gone: lifecycle("VIR_DOMAIN_EVENT_STOPPED_MIGRATED", "{vm}: migrated off to another host"),
} as const satisfies Record<string, KnownEvent>;

export interface QemuRules {
  /** Every switchover goes through the state `device`, not only one that was paused before (from QEMU 10). */
  readonly alwaysDevice: boolean;
  /** The source's `completed` waits until the target has told it that the guest runs there (the return path). */
  readonly completesOnceTold: boolean;
}

/**
 * A stop reads differently in pre-copy and in post-copy, and the trace shows only after it which it was. So the pass that
 * a read of the bitmap opens, and the stop, are held until the next event says.
 */
export class QemuLog implements MigrationLog {
  private readonly rules: QemuRules;
  private passes = 0;
  /** When the bitmap was last read without its pass being logged. */
  private heldPassSeconds: number | null = null;
  /** When the guest stopped without that being logged. */
  private heldStopSeconds: number | null = null;
  private stands = false;
  private isPostcopy = false;
  private completedAtSource = false;
  /** It waited before the switchover, and went to the state `device` from there. */
  private wasPaused = false;

  constructor(rules: QemuRules) {
    this.rules = rules;
  }

  entries(event: TraceEvent, course: Course): EventLogEntry[] {
    const lines: EventLogEntry[] = [];
    const { vm, from, to } = course;
    const say = (known: KnownEvent, node: string, t = event.t) => lines.push(entryOf(known, t, node, vm));
    switch (event.type) {
      case "migration.started":
        say(QEMU_EVENTS.incoming, to);
        say(QEMU_EVENTS.setup, from);
        break;
      case "migration.roundStarted":
        this.release(course, lines);
        if (this.passes === 0) {
          say(QEMU_EVENTS.active, to);
          this.pass(event.t, course, lines);
          say(QEMU_EVENTS.active, from);
        } else if (event.final) {
          this.device(event.t, course, lines);
          this.pass(event.t, course, lines);
        }
        break;
      case "migration.roundEnded":
        if (!event.final) this.heldPassSeconds = event.t;
        break;
      case "vm.stopped":
        this.heldStopSeconds = event.t;
        break;
      case "blackout.partStarted":
        if (event.part === "paused") this.release(course, lines);
        else if (event.part === "pre-switchover") {
          this.release(course, lines);
          this.wasPaused = true;
          say(QEMU_EVENTS.preSwitchover, from);
        } else if (event.part === "discard") this.goAhead(event.t, course, lines);
        break;
      case "blackout.partEnded":
        if (event.part === "pre-switchover") say(QEMU_EVENTS.device, from);
        else if (event.part === "device-state") {
          if (this.isPostcopy) say(QEMU_EVENTS.postcopyActive, to);
          else if (!this.rules.completesOnceTold) this.complete(event.t, course, lines);
        }
        break;
      case "vm.started":
        this.stands = false;
        if (event.node !== to) {
          say(QEMU_EVENTS.resume, from);
          say(QEMU_EVENTS.resumed, from);
          break;
        }
        say(QEMU_EVENTS.resume, to);
        say(this.isPostcopy ? QEMU_EVENTS.resumedPostcopy : QEMU_EVENTS.resumed, to);
        if (!this.isPostcopy) say(QEMU_EVENTS.completed, to);
        break;
      case "migration.ended":
        this.end(event, course, lines);
    }
    return lines;
  }

  private end(event: TraceEvent & { type: "migration.ended" }, course: Course, lines: EventLogEntry[]): void {
    const { vm, from, to } = course;
    // Before it started only what manages QEMU knew of it.
    if (course.startSeconds === null) return;
    this.release(course, lines);
    const say = (known: KnownEvent, node: string) => lines.push(entryOf(known, event.t, node, vm));
    switch (event.outcome) {
      case "completed":
        if (this.isPostcopy) say(QEMU_EVENTS.completed, to);
        if (!this.completedAtSource) this.complete(event.t, course, lines);
        say(QEMU_EVENTS.gone, from);
        return;
      case "cancelled":
        say(QEMU_EVENTS.cancelling, from);
        say(QEMU_EVENTS.cancelled, from);
        say(QEMU_EVENTS.failed, to);
        return;
      case "failed":
      case "lost":
        say(QEMU_EVENTS.failed, from);
        return;
      // The run ends while it goes on: nothing is logged of that.
      case "not-converged":
    }
  }

  private complete(t: number, { vm, from }: Course, lines: EventLogEntry[]): void {
    this.completedAtSource = true;
    lines.push(entryOf(QEMU_EVENTS.completed, t, from, vm));
  }

  private pass(t: number, { vm, from }: Course, lines: EventLogEntry[]): void {
    this.passes += 1;
    this.heldPassSeconds = null;
    lines.push(entryOf(QEMU_EVENTS.pass, t, from, vm, { pass: String(this.passes) }));
  }

  private stop(course: Course, lines: EventLogEntry[]): void {
    const { vm, from } = course;
    if (this.heldStopSeconds === null) return;
    lines.push(entryOf(QEMU_EVENTS.stop, this.heldStopSeconds, from, vm));
    const libvirt = this.isPostcopy ? QEMU_EVENTS.suspendedPostcopy : QEMU_EVENTS.suspended;
    lines.push(entryOf(libvirt, this.heldStopSeconds, from, vm));
    this.heldStopSeconds = null;
    this.stands = true;
  }

  /** What was held belongs to pre-copy. */
  private release(course: Course, lines: EventLogEntry[]): void {
    if (this.heldPassSeconds !== null) this.pass(this.heldPassSeconds, course, lines);
    this.stop(course, lines);
  }

  private device(t: number, { vm, from }: Course, lines: EventLogEntry[]): void {
    if (this.rules.alwaysDevice && this.stands && !this.wasPaused) lines.push(entryOf(QEMU_EVENTS.device, t, from, vm));
  }

  /** The guest goes ahead of its memory: the state changes first, and the bitmap is read with the guest standing still. */
  private goAhead(t: number, course: Course, lines: EventLogEntry[]): void {
    const { vm, from } = course;
    const stopSeconds = this.heldStopSeconds ?? t;
    this.isPostcopy = true;
    if (!this.rules.alwaysDevice) lines.push(entryOf(QEMU_EVENTS.postcopyActive, stopSeconds, from, vm));
    this.stop(course, lines);
    this.device(stopSeconds, course, lines);
    if (this.heldPassSeconds !== null) this.pass(Math.max(this.heldPassSeconds, stopSeconds), course, lines);
    if (this.rules.alwaysDevice) lines.push(entryOf(QEMU_EVENTS.postcopyActive, t, from, vm));
  }
}
