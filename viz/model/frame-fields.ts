/** An announcement as its frame: the fields on the wire, in their order. */
import { encodeFrame, rarpRequest, unsolicitedArpReply } from "../simulator.ts";
import type { EventOf } from "./migration-timeline.ts";

const OPERATIONS: Readonly<Record<string, string>> = {
  request: "1 (request)",
  reply: "2 (reply)",
  "reverse-request": "3 (reverse request)",
  "reverse-reply": "4 (reverse reply)",
};

export function frameFields(event: EventOf<"arp.sent">): (readonly [string, string])[] {
  const sent: (readonly [string, string])[] = [
    ["from", event.node],
    ["attempt", String(event.attempt)],
    ["fate", event.lost ? "lost on its way" : "arrives"],
  ];
  try {
    const frame =
      event.frame === "rarp" || event.ip === null ? rarpRequest(event.mac) : unsolicitedArpReply(event.mac, event.ip);
    const bytes = encodeFrame(frame).subarray(0, 42);
    return [
      ...sent,
      ["destination", frame.destination],
      ["source", frame.source],
      ["type", `0x${frame.etherType.toString(16).padStart(4, "0")} (${event.frame === "rarp" ? "RARP" : "ARP"})`],
      ["operation", OPERATIONS[frame.operation] ?? frame.operation],
      ["sender", `${frame.senderMac}, ${frame.senderIp}`],
      ["target", `${frame.targetMac}, ${frame.targetIp}`],
      ["bytes", Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ")],
    ];
  } catch {
    // A trace of another's making may hold an address that is none.
    return [...sent, ["address", event.mac]];
  }
}
