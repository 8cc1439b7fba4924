/** An event log as text, for people and for programs. Lines come without their line feed. */
import type { EventLogEntry } from "./entry.ts";

/** `  12.345678 s  HV01  Microsoft-...-VMMS-Admin  20418  information  Live migration of ...` */
export function eventLogTextLine({ t, node, source, id, level, text }: EventLogEntry): string {
  return [`${t.toFixed(6).padStart(12)} s`, node, source, id ?? "-", level, text].join("  ");
}

/** One entry as a JSON object. */
export function eventLogJsonLine({ t, node, source, id, level, vm, text }: EventLogEntry): string {
  return JSON.stringify({ t, node, source, id, level, vm, text });
}
