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

const OPENS = new Map(RULES.flatMap((each) => each.from.map((type) => [type, each] as const)));
const CLOSES = new Map(RULES.flatMap((each) => each.until.map((type) => [type, each] as const)));
const PRECEDES = new Map(RULES.flatMap((each) => (each.since === undefined ? [] : [[each.since, each] as const])));
const TYPES: ReadonlySet<string> = new Set([...OPENS.keys(), ...CLOSES.keys(), ...PRECEDES.keys()]);

/** The conditions of a trace that may grow, in the order in which they begin. */
export class Conditions {
  private readonly index: TraceIndex;
  private readonly conditions: Condition[] = [];
  private readonly open = new Map<string, Condition>();
  /** When what a condition counts from last happened to its subject. */
  private readonly sinceSeconds = new Map<string, number>();
  private taken = 0;

  constructor(index: TraceIndex) {
    this.index = index;
  }

  /** All so far; those that have not ended last until `endSeconds`. */
  until(endSeconds: number): Condition[] {
    for (const place of this.index.ofTypes(TYPES, this.taken)) this.take(place);
    this.taken = this.index.events.length;
    for (const condition of this.open.values()) condition.endSeconds = endSeconds;
    return [...this.conditions];
  }

  private take(place: number): void {
    const { events } = this.index;
    const type = events.typeAt(place);
    const found = OPENS.get(type) ?? CLOSES.get(type) ?? PRECEDES.get(type);
    if (found === undefined) return;
    const { kind, weight } = found;
    const names = found.subject.map((field) => events.fieldAt(place, field)).filter((name) => name !== null);
    const subject = names.join(" on ");
    const key = `${kind} ${subject}`;
    const running = this.open.get(key);
    const t = events.timeAt(place);
    if (PRECEDES.has(type)) this.sinceSeconds.set(key, t);
    else if (OPENS.has(type)) {
      if (running !== undefined) return;
      const condition = { subject, kind, weight, startSeconds: this.sinceSeconds.get(key) ?? t, endSeconds: t };
      this.conditions.push(condition);
      this.open.set(key, condition);
    } else if (running !== undefined) {
      running.endSeconds = t;
      this.open.delete(key);
    }
  }
}
