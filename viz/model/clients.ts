/** What a guest's clients see: when they had answers and when they had none. */
import type { Scenario, TraceEvent } from "../simulator.ts";
import type { EventOf } from "./migration-timeline.ts";
import type { MigrationSummary } from "./migrations.ts";

export interface Outage {
  /** The last answer before it. */
  lastReplySeconds: number;
  /** The first answer after it; the end of the drawing where none came. */
  endSeconds: number;
  ended: boolean;
  lost: number;
}

export interface ClientTimeline {
  name: string;
  kind: "ping" | "tcp";
  intervalSeconds: number;
  /** What either side of a TCP connection sent again. */
  retransmissions: EventOf<"tcp.retransmitted">[];
  /** Those of the migration. */
  outages: Outage[];
  /** Those of the whole trace, in which the guest may move more than once. */
  allOutages: Outage[];
}

/** The clients of a migration's guest; its own outages lie between its request and the next one's. */
export function clientTimelines(
  migration: MigrationSummary,
  untilSeconds: number,
  machineEvents: readonly TraceEvent[],
  scenario: Scenario,
  endSeconds: number,
): ClientTimeline[] {
  const machine = scenario.vms.find((vm) => vm.name === migration.vm);
  const clients = (machine?.clients ?? []).map(
    (client): ClientTimeline => ({
      name: client.name,
      kind: client.kind,
      retransmissions: [],
      intervalSeconds: client.intervalSeconds,
      outages: [],
      allOutages: [],
    }),
  );
  for (const event of machineEvents) {
    if (event.type !== "client.unreachable" && event.type !== "client.reachable" && event.type !== "tcp.retransmitted")
      continue;
    if (event.vm !== migration.vm) continue;
    const client = clients.find((candidate) => candidate.name === event.client);
    if (client === undefined) continue;
    if (event.type === "tcp.retransmitted") client.retransmissions.push(event);
    else if (event.type === "client.unreachable") {
      // A broken trace may know of answers to come: an outage begins at the latest when it is noticed.
      const lastReplySeconds = Math.min(event.lastReplySeconds, event.t);
      const outage = { lastReplySeconds, endSeconds, ended: false, lost: 0 };
      client.allOutages.push(outage);
      if (event.t >= migration.requestedSeconds && event.t <= untilSeconds) client.outages.push(outage);
    } else {
      const open = client.allOutages.at(-1);
      if (open === undefined || open.ended) continue;
      open.endSeconds = event.t;
      open.ended = true;
      open.lost = event.lost;
    }
  }
  return clients;
}

/** A ping: when it was sent (or answered, which is the same to the eye), and whether it was answered. */
export interface Ping {
  atSeconds: number;
  answered: boolean;
}

/**
 * A client's pings in a span of time. The trace holds only the outages; the rest follow from the interval, in step with
 * the first outage's last answer. Empty where more than `most` would fall into the span.
 */
export function pingsBetween(client: ClientTimeline, startSeconds: number, endSeconds: number, most: number): Ping[] {
  const interval = client.intervalSeconds;
  if (!(interval > 0) || (endSeconds - startSeconds) / interval > most) return [];
  const origin = client.allOutages[0]?.lastReplySeconds ?? 0;
  const pings: Ping[] = [];
  for (let k = Math.ceil((startSeconds - origin) / interval - 1e-9); origin + k * interval <= endSeconds; k += 1) {
    const atSeconds = origin + k * interval;
    const margin = interval * 1e-3;
    const lost = client.allOutages.some(
      (outage) =>
        atSeconds > outage.lastReplySeconds + margin && (!outage.ended || atSeconds < outage.endSeconds - margin),
    );
    if (atSeconds >= 0) pings.push({ atSeconds, answered: !lost });
  }
  return pings;
}
