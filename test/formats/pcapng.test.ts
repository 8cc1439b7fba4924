/** A packet capture, read back block by block as the format's draft has it, and frame by frame as the protocols have theirs. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseScenario, type Scenario, simulate, type TraceEvent } from "../../sim/index.ts";
import { decodeFrame } from "../../sim/network/frames.ts";
import { checksum } from "../../src/formats/packets.ts";
import { openPcapngTrace } from "../../src/formats/pcapng.ts";
import { nanosecondsOf } from "../../src/formats/pcapng-blocks.ts";

interface Block {
  type: number;
  body: DataView;
}

interface Packet {
  nanoseconds: bigint;
  frame: Uint8Array;
  comment: string;
}

const EXAMPLES = ["network-after-migration", "network-silent-guest", "network-session-lost", "network-no-announcement"];

function scenarioOf(name: string): Scenario {
  const text = readFileSync(new URL(`../../examples/${name}.yaml`, import.meta.url), "utf8");
  const read = parseScenario(parse(text));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

function capture(scenario: Scenario) {
  const pieces: Uint8Array[] = [];
  const events: TraceEvent[] = [];
  const sink = openPcapngTrace({ scenario, seed: scenario.seed, engineVersion: "1" }, (piece) => {
    if (typeof piece === "string") throw new Error("a capture is no text");
    pieces.push(piece);
  });
  const result = simulate(scenario, {
    onEvent(event) {
      events.push(event);
      sink.record(event);
    },
  });
  sink.close(events.at(-1)?.t ?? 0, result);
  return { bytes: Buffer.concat(pieces), events };
}

/** Draft, section 3.1: type, length, body, the length again. */
function blocksOf(bytes: Uint8Array): Block[] {
  const blocks: Block[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const length = view.getUint32(at + 4, true);
    expect(length % 4).toBe(0);
    expect(view.getUint32(at + length - 4, true)).toBe(length);
    const body = new DataView(bytes.buffer, bytes.byteOffset + at + 8, length - 12);
    blocks.push({ type: view.getUint32(at, true), body });
    at += length;
  }
  expect(at).toBe(bytes.length);
  return blocks;
}

function optionsOf(body: DataView, from: number): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  let at = from;
  for (;;) {
    const code = body.getUint16(at, true);
    const length = body.getUint16(at + 2, true);
    if (code === 0) {
      expect(length).toBe(0);
      expect(at + 4).toBe(body.byteLength);
      return found;
    }
    found.set(code, new Uint8Array(body.buffer, body.byteOffset + at + 4, length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
}

const textOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("utf8");

function packetsOf(blocks: readonly Block[]): Packet[] {
  return blocks.slice(2).map(({ type, body }) => {
    expect(type).toBe(6);
    expect(body.getUint32(0, true)).toBe(0);
    const captured = body.getUint32(12, true);
    expect(body.getUint32(16, true)).toBe(captured);
    const options = optionsOf(body, 20 + Math.ceil(captured / 4) * 4);
    return {
      nanoseconds: (BigInt(body.getUint32(4, true)) << 32n) | BigInt(body.getUint32(8, true)),
      frame: new Uint8Array(body.buffer, body.byteOffset + 20, captured),
      comment: textOf(options.get(1)),
    };
  });
}

function withoutTag(frame: Uint8Array): Uint8Array {
  const isTagged = frame[12] === 0x81 && frame[13] === 0;
  return isTagged ? Uint8Array.from([...frame.subarray(0, 12), ...frame.subarray(16)]) : frame;
}

describe.each(EXAMPLES)("the capture of %s", (name) => {
  const scenario = scenarioOf(name);
  const { bytes, events } = capture(scenario);
  const blocks = blocksOf(bytes);
  const packets = packetsOf(blocks);

  it("begins with its byte order and one Ethernet interface with times in nanoseconds", () => {
    const [section, description] = blocks as [Block, Block];
    expect(section.type).toBe(0x0a0d0d0a);
    expect(section.body.getUint32(0, true)).toBe(0x1a2b3c4d);
    expect([section.body.getUint16(4, true), section.body.getUint16(6, true)]).toEqual([1, 0]);
    expect(textOf(optionsOf(section.body, 16).get(1))).toContain(scenario.name);
    expect(description.type).toBe(1);
    expect(description.body.getUint16(0, true)).toBe(1);
    const options = optionsOf(description.body, 8);
    expect(options.get(9)).toEqual(Uint8Array.of(9));
    expect(textOf(options.get(2))).toBe(scenario.networks.find(({ carries }) => carries.includes("client"))?.name);
  });

  it("has every announcement of the trace at its time, as the frame that it is", () => {
    const announced = packets.filter(({ comment }) => comment.startsWith("arp.sent"));
    const sent = events.filter((event) => event.type === "arp.sent");
    expect(announced).toHaveLength(sent.length);
    for (const [index, event] of sent.entries()) {
      const { nanoseconds, frame } = announced[index] as Packet;
      expect(nanoseconds).toBe(nanosecondsOf(event.t));
      expect(decodeFrame(withoutTag(frame))).toMatchObject({
        etherType: event.frame === "rarp" ? 0x8035 : 0x0806,
        operation: event.frame === "rarp" ? "reverse-request" : "reply",
        senderMac: event.mac,
        senderIp: event.ip ?? "0.0.0.0",
      });
    }
  });

  it("has what clients sent again, and the numbers that pings lost", () => {
    const retransmitted = events.filter((event) => event.type === "tcp.retransmitted");
    const found = packets.filter(({ comment }) => comment.startsWith("tcp.retransmitted"));
    expect(found.map(({ nanoseconds }) => nanoseconds).sort()).toEqual(
      retransmitted.map((event) => nanosecondsOf(event.by === "client" ? event.sentSeconds : event.t)).sort(),
    );
    const lost = events.reduce((sum, event) => {
      const isPing = event.type === "client.reachable" && clientOf(scenario, event.client)?.kind === "ping";
      return isPing ? sum + event.lost : sum;
    }, 0);
    expect(packets.filter(({ comment }) => comment === "echo request, not answered")).toHaveLength(lost);
  });

  it("is in order of time, and every checksum is right", () => {
    for (const [index, { nanoseconds, frame }] of packets.entries()) {
      expect(nanoseconds).toBeGreaterThanOrEqual(packets[index - 1]?.nanoseconds ?? 0n);
      const plain = withoutTag(frame);
      if (plain[12] !== 8 || plain[13] !== 0) continue;
      const header = plain.subarray(14, 34);
      expect(checksum([header])).toBe(0);
      const length = ((header[2] as number) << 8) | (header[3] as number);
      const payload = plain.subarray(34, 14 + length);
      const isTcp = header[9] === 6;
      const pseudoHeader = Uint8Array.from([
        ...header.subarray(12, 20),
        0,
        6,
        payload.length >> 8,
        payload.length & 255,
      ]);
      expect(checksum(isTcp ? [pseudoHeader, payload] : [payload])).toBe(0);
    }
  });

  it("tags the frames of a network with a VLAN", () => {
    const vlan = scenario.networks.find(({ carries }) => carries.includes("client"))?.vlan;
    for (const { frame } of packets) {
      expect(frame[12] === 0x81).toBe(vlan !== undefined);
      if (vlan !== undefined) expect((((frame[14] as number) & 0x0f) << 8) | (frame[15] as number)).toBe(vlan);
    }
  });
});

function clientOf(scenario: Scenario, name: string) {
  return scenario.vms.flatMap(({ clients }) => clients).find((client) => client.name === name);
}

describe("times in a capture", () => {
  it("are whole nanoseconds, late in a run too", () => {
    expect(nanosecondsOf(0)).toBe(0n);
    expect(nanosecondsOf(1.5)).toBe(1_500_000_000n);
    expect(nanosecondsOf(86_400.000_000_25)).toBe(86_400_000_000_250n);
  });
});

describe("a checksum", () => {
  it("is that of the example in RFC 1071", () => {
    expect(checksum([Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7)])).toBe(0xffff - 0xddf2);
  });
});

describe("the capture of guests that tag their frames themselves", () => {
  const packets = packetsOf(blocksOf(capture(scenarioOf("network-guest-announces")).bytes));
  const isByHost = ({ comment }: Packet) => comment.includes(" announces ") && !comment.includes("announces itself");

  it("has their tag, once, on all that they and their clients send, and none on what their hosts announce", () => {
    expect(packets.filter(isByHost).length).toBeGreaterThan(0);
    expect(packets.filter((packet) => !isByHost(packet)).length).toBeGreaterThan(100);
    for (const packet of packets) {
      const etherTypes = [12, 16].map((at) => new DataView(packet.frame.buffer, packet.frame.byteOffset).getUint16(at));
      if (isByHost(packet)) expect(etherTypes[0]).toBe(0x8035);
      else {
        expect(etherTypes[0]).toBe(0x8100);
        expect([0x0800, 0x0806]).toContain(etherTypes[1]);
        expect(packet.frame[15]).toBe(20);
      }
    }
  });
});
