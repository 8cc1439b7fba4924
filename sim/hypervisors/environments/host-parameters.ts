/** Constants of the hosts, as opposed to the hypervisor's rules: how fast they copy, what stopping and resuming cost. */
import type { Parameter, ParameterTable, ParameterValues } from "../../kernel/parameter.ts";
import { CONNECTION_PARAMETERS } from "../../network/connection.ts";
import { GUEST_ANSWER_PARAMETERS } from "../../network/guest-answers.ts";
import { GUEST_TRAFFIC_PARAMETERS } from "../../network/guest-traffic.ts";
import { PACKET_WORK_PARAMETERS } from "../../network/packet-work.ts";
import { SWITCH_PARAMETERS } from "../../network/switch.ts";
import { BACKUP_PARAMETERS } from "../../storage/backup-parameters.ts";
import { CLUSTER_SHARED_VOLUME_PARAMETERS, OWNER_MOVE_PARAMETERS } from "../../storage/cluster-shared-volume.ts";
import { DISK_PARAMETERS } from "../../storage/disk-kinds.ts";
import { LUN_PARAMETERS } from "../../storage/lun.ts";
import { SAVED_STATE_PARAMETERS } from "../../storage/saved-state.ts";
import { VOLUME_SPACE_PARAMETERS } from "../../storage/volume-space.ts";
import { POST_COPY_HOST_PARAMETERS } from "./post-copy-hosts.ts";
import { TRACKING_PARAMETERS } from "./tracking-hosts.ts";

export const ASSUMED = "assumed" as const;
export const MEASURED = "measured" as const;

/** What every environment says; the values are those of the measured machine unless a preset says otherwise. */
const HOST_PARAMETERS = {
  copyRateBytesPerSecond: {
    value: 1.3e9,
    kind: "bytesPerSecond",
    provenance: MEASURED,
    source: "measured: qemu-7.2 unlimited runs, 1.27 to 1.36 GB/s in windows of 100 ms on loopback.",
    meaning: "What one sender pushes while the guest runs, where neither link nor rate limit holds it back.",
    least: 1e6,
    greatest: 1e12,
  },
  finalCopyRateBytesPerSecond: {
    value: 3.6e9,
    kind: "bytesPerSecond",
    provenance: MEASURED,
    source: "measured: qemu-7.2 runs on loopback, 8 to 254 MB in the last copy: 3.4 to 3.9 GB/s.",
    meaning: "What one sender pushes while the guest stands still.",
    least: 1e6,
    greatest: 1e12,
  },
  zeroPageSeconds: {
    value: 0.12e-6,
    kind: "seconds",
    provenance: MEASURED,
    source: "measured: qemu-7.2 runs, README item 1.",
    meaning: "Finding that a page is zero and saying so.",
    least: 0,
    greatest: 1,
  },
  oversleepSeconds: {
    value: 0.07e-3,
    kind: "seconds",
    provenance: MEASURED,
    source: "measured: qemu-7.2 rate-limited runs, windows of 100.07 ms on average.",
    meaning: "What a sleep to the end of a rate-limit window oversleeps on average.",
    least: 0,
    greatest: 1,
  },
  setupSeconds: {
    value: 0.9e-3,
    kind: "seconds",
    provenance: MEASURED,
    source: "measured: qemu-7.2 runs on loopback, 0.8 to 1.0 ms from the command to the first pass.",
    meaning: "From the start of a migration to its first page, beside a round trip for the connection.",
    least: 0,
    greatest: 3600,
  },
  stopSeconds: {
    value: 0.05e-3,
    kind: "seconds",
    provenance: MEASURED,
    source: "measured: qemu-7.2 runs, 0.02 to 0.1 ms from the command to the stop of one vCPU.",
    meaning: "Stopping the guest's processors.",
    least: 0,
    greatest: 60,
  },
  deviceStateBytes: {
    value: 8192,
    kind: "bytes",
    provenance: ASSUMED,
    source: "One vCPU and a serial port. QEMU's own figures count memory only, so that the measured runs do not tell.",
    meaning: "State of processors and devices, sent in the blackout.",
    least: 0,
    greatest: 1e12,
  },
  deviceStateCollectionSeconds: {
    value: 0.5e-3,
    kind: "seconds",
    provenance: MEASURED,
    source: "measured: qemu-7.2 idle runs, 0 to 1 ms of downtime by QEMU's clock.",
    meaning: "Collecting the state of processors and devices.",
    least: 0,
    greatest: 600,
  },
  resumeSeconds: {
    value: 1.5e-3,
    kind: "seconds",
    provenance: MEASURED,
    source: "measured: qemu-7.2 runs on loopback, stop to run less the downtime that QEMU reports.",
    meaning: "From the last byte at the target until the guest runs there.",
    least: 0,
    greatest: 600,
  },
  socketBufferBytes: {
    value: 4.2e6,
    kind: "bytes",
    provenance: MEASURED,
    source:
      "measured: qemu-7.2 network runs: a blocked sender wakes for 1.36 to 1.45 MB, a third of its socket buffer " +
      "(Linux, tcp_wmem maximum 4 MiB).",
    meaning: "What the sender's socket holds of bytes written but not yet acknowledged.",
    least: 1e4,
    greatest: 1e9,
  },
  extraPages: {
    value: 0,
    kind: "pages",
    provenance: ASSUMED,
    source: "Firmware and video memory migrated beside the guest's; a few MiB at most.",
    meaning: "Pages that migrate beside the guest's own memory.",
    least: 0,
    greatest: 2_097_152,
  },
  extraUsedPages: {
    value: 0,
    kind: "pages",
    provenance: ASSUMED,
    source: "As extraPages.",
    meaning: "Pages in use beside those that the scenario counts, at most its zero pages and the extra ones.",
    least: 0,
    greatest: 2_097_152,
  },
  alwaysDirtyPages: {
    value: 3,
    kind: "pages",
    provenance: MEASURED,
    source: "measured: qemu-7.2 idle runs, 2 to 3 pages of the guest's own in every interval.",
    meaning: "Pages that the guest writes all the time, whatever its workload.",
    least: 0,
    greatest: 1e6,
  },
  tracksByChunk: {
    value: true,
    kind: "flag",
    provenance: "documented",
    source: "QEMU 7.2 migration/ram.c with KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2: chunks of 2^18 pages.",
    meaning: "Dirty tracking is armed again 1 GiB at a time, as the scan gets there; false: at once, with the read.",
  },
  compressesToShare: {
    value: 0.4,
    kind: "share",
    provenance: ASSUMED,
    source:
      "Of the order of what is published: 0.28 (12 GiB to 3.3 GiB, KubeVirt VEP 246, zstd), 0.63 (Nathan et al., traffic 37 % less); " +
      "guests differ widely.",
    meaning: "Share of its size to which a page in use compresses, where its machine does not say.",
    least: 0.001,
    greatest: 1,
  },
  wordsPerWrite: {
    value: 16,
    kind: "count",
    provenance: ASSUMED,
    source: "A write that touches a quarter of the page's cache lines; no document tells, and programs differ widely.",
    meaning:
      "32-bit words that one write changes, one in each 64 bytes of its page, where the page class does not say.",
    least: 1,
    greatest: 64,
  },
  balloonRateBytesPerSecond: {
    value: 1e9,
    kind: "bytesPerSecond",
    provenance: ASSUMED,
    source:
      "No document or measurement was found: a guest gives pages up as fast as it finds free ones and tells its host.",
    meaning: "Dynamic memory: how fast a guest gives memory back that is squeezed out of it before it moves.",
    least: 1e6,
    greatest: 1e12,
  },
  ...POST_COPY_HOST_PARAMETERS,
  ...TRACKING_PARAMETERS,
  ...PACKET_WORK_PARAMETERS,
  ...CONNECTION_PARAMETERS,
  ...SWITCH_PARAMETERS,
  ...GUEST_TRAFFIC_PARAMETERS,
  ...GUEST_ANSWER_PARAMETERS,
  ...CLUSTER_SHARED_VOLUME_PARAMETERS,
  ...LUN_PARAMETERS,
  ...SAVED_STATE_PARAMETERS,
  ...OWNER_MOVE_PARAMETERS,
  ...DISK_PARAMETERS,
  ...VOLUME_SPACE_PARAMETERS,
  ...BACKUP_PARAMETERS,
} as const satisfies ParameterTable;

export type EnvironmentValues = Readonly<ParameterValues<typeof HOST_PARAMETERS>>;
export type EnvironmentTable = {
  readonly [Name in keyof typeof HOST_PARAMETERS]: Parameter<
    (typeof HOST_PARAMETERS)[Name]["value"] extends boolean ? boolean : number
  >;
};

export interface Environment {
  readonly name: string;
  readonly title: string;
  readonly parameters: EnvironmentTable;
}

/** What a preset says otherwise than the measured machine. */
export type Changes = {
  readonly [Name in keyof EnvironmentTable]?: Pick<Parameter, "value" | "provenance" | "source">;
};

/** Whose hosts a preset is about: of all but the measured machine, nothing was measured. */
type Hosts = "measured machine" | "KVM" | "Hyper-V" | "ESX" | "Xen";

/**
 * Documented constants that depend neither on the hypervisor nor on the machine. (Connections are those of Linux' TCP, on Xen's
 * hosts too; other hosts' presets say their own.)
 */
const HOLDS_EVERYWHERE: ParameterTable = {
  ...PACKET_WORK_PARAMETERS,
  ...CONNECTION_PARAMETERS,
  ...SWITCH_PARAMETERS,
  ...VOLUME_SPACE_PARAMETERS,
  ...BACKUP_PARAMETERS,
};

/**
 * A preset: what `changes` does not say is taken over from the measured machine, as an assumption. What is documented of
 * QEMU stays so where hosts run QEMU; what holds everywhere, everywhere.
 */
export function environmentPreset(name: string, title: string, hosts: Hosts, changes: Changes): Environment {
  const parameters: Record<string, Parameter> = {};
  for (const [key, parameter] of Object.entries<Parameter>(HOST_PARAMETERS)) {
    const change = changes[key as keyof Changes];
    parameters[key] = { ...parameter, ...(change ?? takenOver(key, parameter, hosts)) };
  }
  return { name, title, parameters: parameters as unknown as EnvironmentTable };
}

function takenOver(
  name: string,
  { provenance, source }: Parameter,
  hosts: Hosts,
): Partial<Pick<Parameter, "provenance" | "source">> {
  if (hosts === "measured machine" || provenance === ASSUMED || name in HOLDS_EVERYWHERE) return {};
  if (provenance === MEASURED) {
    return {
      provenance: ASSUMED,
      source: `Taken over from qemu-tcg-2-core, where it was measured; no ${hosts} host was.`,
    };
  }
  return hosts === "KVM" ? {} : { provenance: ASSUMED, source: `Taken over from QEMU: ${source}` };
}
