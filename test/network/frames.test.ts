import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatIpv4, formatMac, parseIpv4, parseMac } from "../../sim/network/addresses.ts";
import {
  type ArpFrame,
  decodeFrame,
  encodeFrame,
  gratuitousArpRequest,
  rarpRequest,
  unsolicitedArpReply,
} from "../../sim/network/frames.ts";
import "../support/fixed-seed.ts";

const macs = fc.uint8Array({ minLength: 6, maxLength: 6 }).map(formatMac);
const ips = fc.uint8Array({ minLength: 4, maxLength: 4 }).map(formatIpv4);
const frames: fc.Arbitrary<ArpFrame> = fc.record({
  destination: macs,
  source: macs,
  etherType: fc.constantFrom(0x0806 as const, 0x8035 as const),
  operation: fc.constantFrom(
    "request" as const,
    "reply" as const,
    "reverse-request" as const,
    "reverse-reply" as const,
  ),
  senderMac: macs,
  senderIp: ips,
  targetMac: macs,
  targetIp: ips,
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

describe("announcement frames", () => {
  const mac = "52:54:00:12:34:56";
  const padding = "00".repeat(18);

  it("has QEMU's RARP request byte by byte", () => {
    expect(hex(encodeFrame(rarpRequest(mac)))).toBe(
      `ffffffffffff${"525400123456"}8035${"0001080006040003"}${"525400123456"}00000000${"525400123456"}00000000${padding}`,
    );
  });

  it("has the gratuitous ARP request byte by byte", () => {
    expect(hex(encodeFrame(gratuitousArpRequest(mac, "192.0.2.7")))).toBe(
      `ffffffffffff${"525400123456"}0806${"0001080006040001"}${"525400123456"}c0000207${"000000000000"}c0000207${padding}`,
    );
  });

  it("has the unsolicited ARP reply byte by byte", () => {
    expect(hex(encodeFrame(unsolicitedArpReply(mac, "192.0.2.7")))).toBe(
      `ffffffffffff${"525400123456"}0806${"0001080006040002"}${"525400123456"}c0000207${"525400123456"}c0000207${padding}`,
    );
  });

  it("come back from their 60 bytes as they went in", () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const bytes = encodeFrame(frame);
        expect(bytes.length).toBe(60);
        expect(decodeFrame(bytes)).toEqual(frame);
        // Also from the middle of a capture.
        const capture = new Uint8Array(100);
        capture.set(bytes, 13);
        expect(decodeFrame(capture.subarray(13, 73))).toEqual(frame);
      }),
    );
  });

  it("are not read from what is none", () => {
    const bytes = encodeFrame(rarpRequest(mac));
    expect(decodeFrame(bytes.subarray(0, 41))).toBeNull();
    for (const [index, value] of [
      [12, 0x86],
      [15, 2],
      [17, 1],
      [18, 8],
      [19, 16],
      [21, 9],
      [20, 1],
    ]) {
      const other = bytes.slice();
      other[index] = value;
      expect(decodeFrame(other), `byte ${index}`).toBeNull();
    }
  });

  it("refuse to be made of addresses that are none", () => {
    expect(() => encodeFrame(rarpRequest("52:54:00:12:34"))).toThrow("MAC");
    expect(() => encodeFrame(gratuitousArpRequest(mac, "192.0.2.256"))).toThrow("IPv4");
  });
});

describe("addresses", () => {
  it("are read and written back", () => {
    fc.assert(
      fc.property(macs, ips, (mac, ip) => {
        expect(formatMac(parseMac(mac) as Uint8Array)).toBe(mac);
        expect(formatMac(parseMac(mac.toUpperCase().replaceAll(":", "-")) as Uint8Array)).toBe(mac);
        expect(formatIpv4(parseIpv4(ip) as Uint8Array)).toBe(ip);
      }),
    );
  });

  it.each([
    "",
    "525400123456",
    "52:54:00:12:34",
    "52:54:00:12:34:56:78",
    "52:54:00:12:34:5g",
    "52:54-00:12:34:56",
    "52:54:0:12:34:56",
  ])("are no MAC address: %j", (text) => expect(parseMac(text)).toBeNull());

  it.each(["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.-4", "1.2.3.4 ", "1.2.3.0x4"])(
    "are no IPv4 address: %j",
    (text) => expect(parseIpv4(text)).toBeNull(),
  );
});
