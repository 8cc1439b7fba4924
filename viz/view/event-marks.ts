/** What single events are in a chart: the sign that stands for each, and its numbers. The lanes and the close-up share them. */
import type { ClientTimeline, Outage } from "../model/clients.ts";
import { describeEvent } from "../model/describe.ts";
import { formatCount, formatSeconds } from "../model/format.ts";
import { frameFields } from "../model/frame-fields.ts";
import type { EventOf } from "../model/migration-timeline.ts";
import { type LaneGround, SHAPES, sign } from "./lane.ts";

/** A storage operation: metadata on its way to the coordinator, or the volume in other hands. */
export function storageSign(ground: LaneGround, event: EventOf<"csv.metadataSent" | "csv.handedOver">): void {
  const over = event.type === "csv.handedOver";
  sign(ground, event.t, `mark ${over ? "handover" : "metadata"}`, over ? SHAPES.diamond : SHAPES.smallDiamond);
  ground.tell(event.t, event.t, {
    title: describeEvent(event),
    rows: over
      ? [
          ["from", event.from],
          ["to", event.to],
        ]
      : [["answer after", formatSeconds(event.seconds)]],
    term: "volume",
  });
}

/** A frame that announces the guest, opened to its fields. */
export function announcementSign(ground: LaneGround, event: EventOf<"arp.sent">): void {
  sign(ground, event.t, event.lost ? "mark arp lost" : "mark arp", event.lost ? SHAPES.cross : SHAPES.triangle);
  ground.tell(event.t, event.t, {
    title: event.frame === "rarp" ? "RARP frame" : "Gratuitous ARP frame",
    rows: frameFields(event),
    term: "frame",
  });
}

/** A time in which a client has no answer. */
export function tellOutage({ tell }: LaneGround, client: ClientTimeline, outage: Outage): void {
  tell(outage.lastReplySeconds, outage.endSeconds, {
    title: `${client.name} has no answer`,
    rows: [["lost", formatCount(outage.lost)]],
    term: "outage",
  });
}
