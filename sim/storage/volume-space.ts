/**
 * Free space of a volume on which disks grow. Hyper-V looks at it all the time: below 2 GB it warns, below 200 MB it pauses
 * the machines that have a disk there.
 */

import type { ParameterTable, ParameterValues } from "../kernel/parameter.ts";
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";
import type { Recorder } from "../trace/recorder.ts";

export const VOLUME_SPACE_PARAMETERS = {
  spaceWarningBytes: {
    value: 2e9,
    kind: "bytes",
    provenance: "documented",
    source: "B. Armstrong, Virtual PC Guy's blog, 2009: warnings below 2 GB of free space.",
    meaning: "Free space of a volume below which Hyper-V warns.",
    least: 0,
    greatest: 1e15,
  },
  spaceCriticalBytes: {
    value: 200e6,
    kind: "bytes",
    provenance: "documented",
    source: "B. Armstrong, Virtual PC Guy's blog, 2009: below 200 MB the machines on the volume are paused.",
    meaning: "Free space of a volume below which the machines with a disk on it are paused.",
    least: 0,
    greatest: 1e15,
  },
} as const satisfies ParameterTable;

/** Of the family of events that Hyper-V logs as it pauses machines for want of space; known from administrators, not documented. */
const SPACE_CRITICAL_EVENT_ID = 16050;

export interface VolumeSpaceOptions {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  readonly volume: string;
  readonly freeBytes: number;
  readonly parameters: ParameterValues<typeof VOLUME_SPACE_PARAMETERS>;
  /** Pauses the machines that have a disk there. */
  onCritical(): void;
}

export class VolumeSpace implements EventHandler {
  private readonly options: VolumeSpaceOptions;
  private readonly growth = new Map<object, number>();
  private readonly limits: { readonly bytes: number; readonly isCritical: boolean }[];
  private free: number;
  private asOfSeconds: number;
  private rate = 0;
  private ticket: EventTicket | null = null;

  constructor(options: VolumeSpaceOptions) {
    const { simulation, freeBytes, parameters } = options;
    this.options = options;
    this.free = freeBytes;
    this.asOfSeconds = simulation.now;
    this.limits = [
      { bytes: parameters.spaceWarningBytes, isCritical: false },
      { bytes: parameters.spaceCriticalBytes, isCritical: true },
    ].sort((one, other) => other.bytes - one.bytes);
    this.plan();
  }

  /** At a time from the last event on. */
  freeBytesAt(seconds: number): number {
    return Math.max(0, this.free - (seconds - this.asOfSeconds) * this.rate);
  }

  /** So fast do this source's disks grow from now on. */
  setGrowth(source: object, bytesPerSecond: number): void {
    this.growth.set(source, bytesPerSecond);
    let rate = 0;
    for (const each of this.growth.values()) rate += each;
    this.settle();
    this.rate = rate;
    this.plan();
  }

  /** For the kernel: the next limit is reached. */
  onEvent(): void {
    const { simulation, recorder, volume, onCritical } = this.options;
    this.ticket = null;
    const limit = this.limits.shift();
    if (limit === undefined) return;
    this.settle();
    this.free = Math.min(this.free, limit.bytes);
    const freeBytes = Math.round(this.free);
    if (recorder.recording) {
      const t = simulation.now;
      if (limit.isCritical)
        recorder.record({ t, type: "volume.spaceCritical", volume, freeBytes, eventId: SPACE_CRITICAL_EVENT_ID });
      else recorder.record({ t, type: "volume.spaceLow", volume, freeBytes });
    }
    if (limit.isCritical) onCritical();
    this.plan();
  }

  private settle(): void {
    const { now } = this.options.simulation;
    this.free = this.freeBytesAt(now);
    this.asOfSeconds = now;
  }

  private plan(): void {
    const { simulation } = this.options;
    if (this.ticket !== null) simulation.cancel(this.ticket);
    this.ticket = null;
    const next = this.limits[0];
    if (next === undefined) return;
    const overBytes = this.free - next.bytes;
    if (overBytes > 0 && this.rate === 0) return;
    const seconds = overBytes > 0 ? overBytes / this.rate : 0;
    this.ticket = simulation.schedule(simulation.now + seconds, this, 0);
  }
}
