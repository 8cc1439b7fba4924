/** What a hypervisor's or a cluster's own log would hold of a run: one line of it, and the data that lines are made from. */

export type EventLogLevel = "critical" | "error" | "warning" | "information";

export interface EventLogEntry {
  /** Simulated seconds. */
  t: number;
  /** On whose log it stands: a node's name, or `cluster` for what manages them all. */
  node: string;
  /** The log or channel, by the name under which its reader finds it. */
  source: string;
  /** The event's id or name there; null where none is documented. */
  id: number | string | null;
  level: EventLogLevel;
  /** The virtual machine that it is about; null where it is about none. */
  vm: string | null;
  /** What it says, in words of our own: logs of other releases and languages word it differently. */
  text: string;
}

/** An event that a hypervisor logs. */
export interface KnownEvent {
  readonly source: string;
  readonly id: number | string | null;
  readonly level: EventLogLevel;
  /** With `{names}` of what is filled in. */
  readonly text: string;
  /** How sure it is that this event stands for what happened. */
  readonly provenance: "documented" | "measured" | "assumed";
  /** Where that is from. */
  readonly reference: string;
}

/** The line for an event that is known. */
export function entryOf(
  known: KnownEvent,
  t: number,
  node: string,
  vm: string | null,
  fields: Readonly<Record<string, string>> = {},
): EventLogEntry {
  const { source, id, level } = known;
  const text = known.text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = name === "vm" ? vm : fields[name];
    if (value == null) throw new Error(`nothing to fill {${name}} in "${known.text}"`);
    return value;
  });
  return { t, node, source, id, level, vm, text };
}
