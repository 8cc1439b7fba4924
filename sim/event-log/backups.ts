/** What Hyper-V logs of backups: machines that are saved for one and restored. Of the rest no id could be found in a document. */
import type { TraceEvent } from "../trace/events.ts";
import { type EventLogEntry, entryOf } from "./entry.ts";
import { HYPER_V_EVENTS } from "./hyper-v.ts";

export function backupEntries(event: TraceEvent): EventLogEntry[] {
  const { t } = event;
  if (event.type === "vm.stateSaved") return [entryOf(HYPER_V_EVENTS.saved, t, event.node, event.vm)];
  if (event.type === "vm.stateRestored") return [entryOf(HYPER_V_EVENTS.restored, t, event.node, event.vm)];
  return [];
}
