/**
 * A run as a packet capture, for Wireshark: what announces a guest, what asks for it, and what its clients send while they
 * miss it. Packets are those of outages, not all that clients ever send. The capture is taken at the clients' end of the
 * network, so that a frame's time there is when they send or see it; lost frames are in it, and their comments say so.
 */
import {
  ENGINE_VERSION,
  encodeFrame,
  gratuitousArpRequest,
  rarpRequest,
  type Scenario,
  type TraceEvent,
  unsolicitedArpReply,
} from "../../sim/index.ts";
import { withVlanTag } from "./packets.ts";
import { enhancedPacketBlock, interfaceDescriptionBlock, sectionHeaderBlock } from "./pcapng-blocks.ts";
import { ClientPackets } from "./pcapng-clients.ts";
import type { Packet } from "./pcapng-station.ts";
import type { OpenTraceSink } from "./trace-sink.ts";

/** The capture has one interface, on the clients' network. */
const INTERFACE = 0;
/** Packets that are known of only later are waited for so long, beside the longest interval between requests. */
const HOLD_SECONDS = 4;

export const openPcapngTrace: OpenTraceSink = ({ scenario, seed }, write) => {
  const network = clientNetwork(scenario);
  write(sectionHeaderBlock(`precopy ${ENGINE_VERSION}`, `${scenario.name}; seed ${seed}; simulated, times from 0`));
  write(interfaceDescriptionBlock(network.name, `${network.name} as its clients see it`, 8 * network.bytesPerSecond));
  const clients = new ClientPackets(scenario, network.latencySeconds);
  const holdSeconds = HOLD_SECONDS + clients.longestIntervalSeconds;
  let waiting: Packet[] = [];
  const put = ({ seconds, frame, comment }: Packet) => {
    const tagged = network.vlan === undefined ? frame : withVlanTag(frame, network.vlan);
    write(enhancedPacketBlock(INTERFACE, seconds, tagged, comment));
  };
  /** Writes what nothing earlier can come before any more, in order of time. */
  const release = (untilSeconds: number) => {
    if (!waiting.some(({ seconds }) => seconds <= untilSeconds)) return;
    // Sorting is stable: packets of one time stay in the order in which they were made.
    waiting.sort((one, other) => one.seconds - other.seconds);
    const held = waiting.findIndex(({ seconds }) => seconds > untilSeconds);
    const due = held === -1 ? waiting.splice(0) : waiting.splice(0, held);
    for (const packet of due) put(packet);
  };
  return {
    record(event) {
      const packets = event.type === "arp.sent" ? [announcement(event)] : clients.of(event);
      waiting.push(...packets.filter(({ seconds }) => seconds >= 0));
      waiting.push(...clients.stillMissing(event.t - holdSeconds));
      release(event.t - holdSeconds);
    },
    close(t) {
      waiting.push(...clients.stillMissing(t));
      release(Number.POSITIVE_INFINITY);
      waiting = [];
    },
  };
};

function announcement(event: Extract<TraceEvent, { type: "arp.sent" }>): Packet {
  const { t, frame, vm, node, mac, ip, attempt, lost, by, vlan } = event;
  const byHost = frame === "rarp" || ip === null ? rarpRequest(mac) : unsolicitedArpReply(mac, ip);
  const bytes = encodeFrame(by === "guest" && ip !== null ? gratuitousArpRequest(mac, ip) : byHost);
  const who = by === "guest" ? `${vm} announces itself from ${node}` : `${node} announces ${vm}`;
  return {
    seconds: t,
    frame: vlan === undefined ? bytes : withVlanTag(bytes, vlan),
    comment: `arp.sent: ${who}, attempt ${attempt}${lost ? "; lost on its way" : ""}`,
  };
}

function clientNetwork({ networks }: Scenario) {
  const found = networks.find(({ carries }) => carries.includes("client")) ?? networks[0];
  if (found === undefined) throw new Error("the scenario has no network");
  return found;
}
