/** What the parts of a blackout are called in the page. */
import type { BlackoutPart } from "../simulator.ts";

export const PART_NAMES: Readonly<Record<BlackoutPart, string>> = {
  stop: "stop the processors",
  paused: "wait for pre-copy",
  "pre-switchover": "wait to be told to go on",
  "final-copy": "copy the last pages",
  discard: "throw away stale pages",
  "device-state": "send device state",
  "save-state": "save the state",
  offline: "group offline",
  "storage-handover": "hand over storage",
  online: "group online",
  "restore-state": "restore the state",
  resume: "start at the target",
  announce: "announce",
};

/** For a narrow page. */
export const SHORT_PART_NAMES: Readonly<Record<BlackoutPart, string>> = {
  stop: "stop",
  paused: "pre-copy",
  "pre-switchover": "told to go on",
  "final-copy": "last pages",
  discard: "stale pages",
  "device-state": "device state",
  "save-state": "save",
  offline: "offline",
  "storage-handover": "storage",
  online: "online",
  "restore-state": "restore",
  resume: "start",
  announce: "announce",
};
