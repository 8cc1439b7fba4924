/** States that last: a node in maintenance, a volume whose I/O is redirected, a link that is cut. Each from one event to another. */
import type { TraceIndex } from "./trace-index.ts";

export interface Condition {
  /** The node, volume or network that is in it. */
  subject: string;
  /** Words for it, as `maintenance`. */
  kind: string;
  /** `down` is out of order, `busy` at work, `slow` something between. */
  weight: "down" | "busy" | "slow";
  startSeconds: number;
  /** The end of the drawing where it never ended. */
  endSeconds: number;
}

interface Rule {
  from: readonly string[];
  until: readonly string[];
  /** The event from which it counts, where its first event only says what has become of it. */
  since?: string;
  /** Fields that name the subject, one after the other. */
  subject: readonly string[];
  kind: string;
  weight: Condition["weight"];
}

const RULES: readonly Rule[] = [
  rule("drain.started", ["drain.ended"], ["node"], "draining", "busy"),
  rule("node.maintenanceStarted", ["node.maintenanceEnded"], ["node"], "maintenance", "slow"),
  rule("node.failed", ["node.recovered"], ["node"], "failed", "down"),
  rule("node.poweredOff", ["node.booted"], ["node"], "powered off", "slow"),
  rule("link.cut", ["link.restored"], ["network", "node"], "cut", "down"),
  rule("csv.paused", ["csv.resumed"], ["volume", "node"], "I/O waits", "down"),
  rule("csv.redirected", ["csv.directAgain"], ["volume", "node"], "redirected", "slow"),
  rule("backup.started", ["backup.ended"], ["volume"], "backup", "busy"),
  {
    from: ["vm.restartQueued", "vm.notRestarted"],
    until: ["vm.booted"],
    since: "vm.stopped",
    subject: ["vm"],
    kind: "down",
    weight: "down",
  },
];

function rule(from: string, until: string[], subject: string[], kind: string, weight: Condition["weight"]): Rule {
  return { from: [from], until, subject, kind, weight };
}

/** All of a trace, by subject in the order in which they first appear. */
export function conditionsOf(index: TraceIndex, endSeconds: number): Condition[] {
  const { events } = index;
  const conditions: Condition[] = [];
  const open = new Map<string, Condition>();
  const opens = new Map(RULES.flatMap((each) => each.from.map((type) => [type, each] as const)));
  const closes = new Map(RULES.flatMap((each) => each.until.map((type) => [type, each] as const)));
  const precedes = new Map(RULES.flatMap((each) => (each.since === undefined ? [] : [[each.since, each] as const])));
  /** When what a condition counts from last happened to its subject. */
  const sinceSeconds = new Map<string, number>();
  for (const place of index.ofTypes(new Set([...opens.keys(), ...closes.keys(), ...precedes.keys()]))) {
    const type = events.typeAt(place);
    const found = opens.get(type) ?? closes.get(type) ?? precedes.get(type);
    if (found === undefined) continue;
    const { kind, weight } = found;
    const names = found.subject.map((field) => events.fieldAt(place, field)).filter((name) => name !== null);
    const subject = names.join(" on ");
    const key = `${kind} ${subject}`;
    const running = open.get(key);
    const t = events.timeAt(place);
    if (precedes.has(type)) sinceSeconds.set(key, t);
    else if (opens.has(type)) {
      if (running !== undefined) continue;
      const condition = { subject, kind, weight, startSeconds: sinceSeconds.get(key) ?? t, endSeconds };
      conditions.push(condition);
      open.set(key, condition);
    } else if (running !== undefined) {
      running.endSeconds = t;
      open.delete(key);
    }
  }
  return conditions;
}
