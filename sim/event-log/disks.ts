/** What Hyper-V logs of disks that come and go while their machines run. */
import type { TraceEvent } from "../trace/events.ts";
import { type EventLogEntry, entryOf, type KnownEvent } from "./entry.ts";

const NO_ID = {
  source: "Microsoft-Windows-Hyper-V-VMMS-Admin",
  id: null,
  level: "information",
  provenance: "assumed",
  reference: "No id could be found in a document.",
} as const;

export const DISK_EVENTS = {
  attached: { ...NO_ID, text: "'{vm}': a disk on '{volume}' was added while it ran." },
  detached: { ...NO_ID, text: "'{vm}': a disk on '{volume}' was removed while it ran." },
} as const satisfies Record<string, KnownEvent>;

export function diskEntries(event: TraceEvent): EventLogEntry[] {
  if (event.type !== "disk.attached" && event.type !== "disk.detached") return [];
  const { t, vm, volume, node, hosts } = event;
  if (!hosts.startsWith("hyper-v-")) return [];
  const known = event.type === "disk.attached" ? DISK_EVENTS.attached : DISK_EVENTS.detached;
  return [entryOf(known, t, node, vm, { volume })];
}
