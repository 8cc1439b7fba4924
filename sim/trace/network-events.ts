/** What can be observed of links, switches and the clients of guests. */

/** A flow over a network: what it carries. */
export type FlowKind = "migration";

export type NetworkEventBody =
  /** A network carries nothing any more: at one node's port, or, `node` being null, at all. */
  | { type: "link.cut"; network: string; node: string | null }
  | { type: "link.restored"; network: string; node: string | null }
  | {
      type: "link.flowStarted";
      network: string;
      flow: number;
      kind: FlowKind;
      migration: number;
      bytesPerSecond: number;
    }
  | {
      type: "team.connectionsPlaced";
      network: string;
      migration: number;
      from: string;
      to: string;
      /** Of each connection the member by which it leaves and that by which it arrives, from 1. */
      members: { from: number; to: number }[];
    }
  | { type: "link.flowRateChanged"; network: string; flow: number; bytesPerSecond: number }
  | { type: "link.flowEnded"; network: string; flow: number; bytes: number }
  | {
      type: "arp.sent";
      /** What announces the move: a gratuitous ARP (Ethernet type 0x0806) or a RARP request (0x8035). */
      frame: "gratuitous-arp" | "rarp";
      network: string;
      node: string;
      vm: string;
      mac: string;
      /** Address announced; null in a RARP frame, which holds none. */
      ip: string | null;
      /** 1 for the first announcement. */
      attempt: number;
      lost: boolean;
      /** The guest itself sent it; absent: its host did. */
      by?: "guest";
      /** The VLAN whose tag the guest put on it; absent: none. */
      vlan?: number;
      /** It is in another VLAN than the guest's frames: no switch learns from it for those. */
      inOtherVlan?: true;
    }
  /** `switch` where the network has several. */
  | {
      type: "switch.macMoved";
      network: string;
      switch?: string;
      vm: string;
      mac: string;
      fromPort: string;
      toPort: string;
    }
  /** The guest answers a client's ARP question to everyone; from here on the switches on the way know where it is. */
  | {
      type: "neighbour.answered";
      client: string;
      vm: string;
      mac: string;
      /** When the first question to the known address was sent, which nobody answered. */
      probedSinceSeconds: number;
    }
  /** One side of a TCP connection sends again what was not acknowledged. */
  | {
      type: "tcp.retransmitted";
      client: string;
      vm: string;
      by: "client" | "guest";
      /** 1 for the first of the stall. */
      attempt: number;
      /** When it left; the event's time is when it arrives, or would have. */
      sentSeconds: number;
      lost: boolean;
    }
  /** A client gave its connection up: it had made no progress for too long. */
  | { type: "client.gaveUp"; client: string; vm: string; stalledSeconds: number; retransmissions: number }
  | {
      type: "client.unreachable";
      client: string;
      vm: string;
      /** The last answer; of a TCP connection the last progress. */
      lastReplySeconds: number;
      /** Of a TCP connection in which the client sends: when what is not answered was first sent. */
      sentSeconds?: number;
    }
  | { type: "client.reachable"; client: string; vm: string; outageSeconds: number; lost: number };
