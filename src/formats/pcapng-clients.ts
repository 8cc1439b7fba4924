/** The packets of clients, made from a trace's events. */
import { neighbourTimers, type Scenario, type TraceEvent } from "../../sim/index.ts";
import { TCP_FLAGS } from "./packets.ts";
import {
  answer,
  clientAcknowledges,
  clientSends,
  dataFromClient,
  dataFromGuest,
  echo,
  guestAcknowledges,
  inVlanOf,
  type Packet,
  payloadOf,
  question,
  type Station,
  segmentFromClient,
  station,
  type Unreachable,
} from "./pcapng-station.ts";

export class ClientPackets {
  /** A packet may be made so much later than its own time, beside a constant. */
  readonly longestIntervalSeconds: number;
  readonly #latencySeconds: number;
  readonly #stations = new Map<string, Station>();
  /** Pings whose outage is not over. */
  readonly #missing = new Set<Station>();

  constructor(scenario: Scenario, latencySeconds: number) {
    this.#latencySeconds = latencySeconds;
    const taken = new Set(scenario.vms.map(({ ip }) => ip));
    let number = 0;
    let longest = 0;
    for (const vm of scenario.vms) {
      for (const client of vm.clients) {
        number += 1;
        longest = Math.max(longest, client.intervalSeconds);
        this.#stations.set(keyOf(vm.name, client.name), station(vm, client, number, freeAddress(vm.ip, taken)));
      }
    }
    this.longestIntervalSeconds = longest + 2 * latencySeconds;
  }

  /** What an event says was sent, with the tag of the guest's VLAN where it has its own; nothing for most. */
  of(event: TraceEvent): Packet[] {
    const packets = this.#untagged(event);
    return packets.length > 0 && "client" in event
      ? packets.map((packet) => inVlanOf(this.#of(event), packet))
      : packets;
  }

  #untagged(event: TraceEvent): Packet[] {
    switch (event.type) {
      case "client.unreachable":
        return this.#unreachable(event);
      case "tcp.retransmitted":
        return this.#retransmitted(event);
      case "client.reachable":
        return this.#reachable(event);
      case "client.gaveUp":
        return this.#gaveUp(event);
      case "neighbour.answered":
        return this.#answered(event);
      default:
        return [];
    }
  }

  /** Requests of outages under way that were sent by a time and not answered. */
  stillMissing(untilSeconds: number): Packet[] {
    if (this.#missing.size === 0) return [];
    return [...this.#missing].flatMap((each) =>
      this.#lostRequests(each, untilSeconds).map((packet) => inVlanOf(each, packet)),
    );
  }

  #of(event: { readonly vm: string; readonly client: string }): Station {
    const found = this.#stations.get(keyOf(event.vm, event.client));
    if (found === undefined) throw new Error(`the scenario has no client ${event.client} of ${event.vm}`);
    return found;
  }

  #unreachable(event: Unreachable): Packet[] {
    const each = this.#of(event);
    each.missing = { event, written: 0 };
    const { lastReplySeconds, sentSeconds } = event;
    const roundTrip = 2 * this.#latencySeconds;
    const last = "the last before client.unreachable";
    if (each.client.kind === "ping") {
      this.#missing.add(each);
      return [
        echo(each, "request", lastReplySeconds - roundTrip, `echo request, ${last}`),
        echo(each, "reply", lastReplySeconds, `echo reply, ${last}`, lastReplySeconds - roundTrip),
      ];
    }
    const packets: Packet[] = [];
    if (clientSends(each)) {
      packets.push(dataFromClient(each, lastReplySeconds - roundTrip, `data acknowledged, ${last}`));
      each.clientBytes += payloadOf(each);
      packets.push(guestAcknowledges(each, lastReplySeconds, `acknowledgement, ${last}`));
      if (sentSeconds !== undefined) {
        packets.push(dataFromClient(each, sentSeconds, "first sent; client.unreachable: nobody answers"));
      }
    } else {
      packets.push(dataFromGuest(each, lastReplySeconds, `data, ${last}`));
      each.guestBytes += payloadOf(each);
      packets.push(clientAcknowledges(each, lastReplySeconds, `acknowledgement, ${last}; it finds the guest stopped`));
    }
    return packets;
  }

  #retransmitted(event: Extract<TraceEvent, { type: "tcp.retransmitted" }>): Packet[] {
    const each = this.#of(event);
    const comment = `tcp.retransmitted by the ${event.by}, attempt ${event.attempt}${event.lost ? "; lost on its way" : ""}`;
    if (event.by === "client") return [dataFromClient(each, event.sentSeconds, comment)];
    return [dataFromGuest(each, event.t, comment)];
  }

  #reachable(event: Extract<TraceEvent, { type: "client.reachable" }>): Packet[] {
    const each = this.#of(event);
    const comment = `client.reachable, ${event.lost} lost`;
    if (each.client.kind === "ping") {
      const { missing } = each;
      if (missing === null) return [];
      const { intervalSeconds } = each.client;
      const answeredSeconds =
        missing.event.lastReplySeconds - 2 * this.#latencySeconds + (event.lost + 1) * intervalSeconds;
      // Half an interval short of the one that was answered, so that no rounding takes that for lost.
      const packets = this.#lostRequests(each, answeredSeconds - intervalSeconds / 2);
      packets.push(echo(each, "request", answeredSeconds, "echo request, answered again"));
      packets.push(echo(each, "reply", event.t, comment, answeredSeconds));
      each.missing = null;
      this.#missing.delete(each);
      return packets;
    }
    each.missing = null;
    if (clientSends(each)) {
      each.clientBytes += payloadOf(each);
      return [guestAcknowledges(each, event.t, comment)];
    }
    each.guestBytes += payloadOf(each);
    return [clientAcknowledges(each, event.t, comment)];
  }

  #gaveUp(event: Extract<TraceEvent, { type: "client.gaveUp" }>): Packet[] {
    const each = this.#of(event);
    each.missing = null;
    const comment = `client.gaveUp after ${event.retransmissions} retransmissions`;
    return [segmentFromClient(each, event.t, TCP_FLAGS.reset | TCP_FLAGS.acknowledge, 0, comment)];
  }

  /** Questions to the known address that nobody answers, then one to everyone, and the answer. */
  #answered(event: Extract<TraceEvent, { type: "neighbour.answered" }>): Packet[] {
    const each = this.#of(event);
    const { kind = "linux", overrides } = each.client.neighbour ?? {};
    const { unicastProbes, retransmitSeconds } = neighbourTimers(kind, overrides);
    const packets: Packet[] = [];
    for (let probe = 0; probe < unicastProbes; probe += 1) {
      const comment = `ARP question ${probe + 1} to the address that is known; lost on its way`;
      packets.push(question(each, event.probedSinceSeconds + probe * retransmitSeconds, event.mac, comment));
    }
    packets.push(question(each, event.t - this.#latencySeconds, null, "ARP question to everyone"));
    const comment = `neighbour.answered: ${event.vm} answers, and the switches learn where it is`;
    packets.push(answer(each, event.t + this.#latencySeconds, comment));
    return packets;
  }

  #lostRequests(each: Station, untilSeconds: number): Packet[] {
    const { missing, client } = each;
    if (missing === null) return [];
    const packets: Packet[] = [];
    const answered = missing.event.lastReplySeconds - 2 * this.#latencySeconds;
    for (;;) {
      const seconds = answered + (missing.written + 1) * client.intervalSeconds;
      if (seconds > untilSeconds) return packets;
      missing.written += 1;
      packets.push(echo(each, "request", seconds, "echo request, not answered"));
    }
  }
}

/** An address beside the guest's, from the top of its /24 down; where all are taken, one of the block for benchmarks. */
function freeAddress(guestIp: string, taken: Set<string>): string {
  const prefix = guestIp.slice(0, guestIp.lastIndexOf("."));
  for (let last = 254; last > 0; last -= 1) {
    const ip = `${prefix}.${last}`;
    if (taken.has(ip)) continue;
    taken.add(ip);
    return ip;
  }
  const rest = taken.size % 65_024;
  return `198.19.${Math.floor(rest / 254)}.${(rest % 254) + 1}`;
}

function keyOf(vm: string, client: string): string {
  return JSON.stringify([vm, client]);
}
