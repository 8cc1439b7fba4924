/** The lanes of one migration: its machines, rounds, storage, switch and clients. */
import { type ClientTimeline, pingsBetween } from "../model/clients.ts";
import { describeEvent } from "../model/describe.ts";
import { formatBytes, formatCount, formatSeconds } from "../model/format.ts";
import { spansAt } from "../model/machine-history.ts";
import type { MigrationTimeline, Span } from "../model/migration-timeline.ts";
import { announcementSign, storageSign, tellOutage } from "./event-marks.ts";
import { bar, barText, drawPing, isShown, type Lane, type LaneGround, SHAPES, shownPixels, sign } from "./lane.ts";
import type { LegendEntry } from "./legend.ts";
import { px } from "./svg.ts";

const STANDS_STILL: LegendEntry = {
  kind: "stands-still",
  sample: "box",
  text: "stands still",
  fill: "url(#lanes-standstill)",
};
const RECEIVES: LegendEntry = {
  kind: "receives",
  sample: "box",
  text: "receives memory",
  fill: "url(#lanes-receiving)",
};
const ASKS: LegendEntry = signOf("mark metadata", "smallDiamond", "asks the coordinator");
const HANDED_OVER: LegendEntry = signOf("mark handover", "diamond", "handed over");
const ANNOUNCED: LegendEntry = signOf("mark arp", "triangle", "frame that announces");
const LOST: LegendEntry = signOf("mark arp lost", "cross", "frame lost");
const SENT_AGAIN: LegendEntry = signOf("mark again", "back", "sent again");
const ANSWERED: LegendEntry = signOf("ping", "dot", "answered");
const UNANSWERED: LegendEntry = signOf("ping lost", "smallCross", "not answered");
const NO_ANSWER: LegendEntry = { kind: "outage", sample: "box", text: "client waits", fill: "url(#lanes-standstill)" };

function signOf(kind: string, shape: keyof typeof SHAPES, text: string): LegendEntry {
  return { kind, sample: "sign", shape: SHAPES[shape], text };
}

const momentOf = ({ t }: { t: number }): Span => ({ startSeconds: t, endSeconds: t });

export function machineLane(migration: MigrationTimeline, side: "source" | "target", endSeconds: number): Lane {
  const name = side === "source" ? migration.from : migration.to;
  return {
    name,
    detail: side,
    legend: side === "source" && migration.blackouts.length > 0 ? [STANDS_STILL] : side === "target" ? [RECEIVES] : [],
    height: 1.5,
    draw(ground) {
      for (const span of spansAt(migration.history.nodes, name, endSeconds)) {
        bar(ground, span.startSeconds, span.endSeconds, "runs");
        barText(
          ground,
          span.startSeconds,
          span.endSeconds,
          [`${migration.vm} runs here`, "runs here", "runs"],
          migration.blackouts,
        );
        ground.tell(span.startSeconds, span.endSeconds, {
          title: `${migration.vm} runs on ${name}`,
          rows: [],
          term: "node",
        });
      }
      if (side === "target" && migration.startSeconds !== null) {
        const until = migration.blackouts.at(-1)?.endSeconds ?? migration.endSeconds ?? endSeconds;
        bar(ground, migration.startSeconds, until, "receives")?.attr("fill", "url(#lanes-receiving)");
        barText(ground, migration.startSeconds, until, ["receives its memory", "receives"]);
        ground.tell(migration.startSeconds, until, {
          title: `${name} receives the memory of ${migration.vm}`,
          rows: [
            ["pages", formatCount(migration.memoryPages)],
            ["over the network", formatBytes(migration.rounds.reduce((sum, round) => sum + round.bytesSent, 0))],
          ],
          term: "sent",
        });
      }
      if (side === "target") return;
      for (const span of migration.blackouts) {
        // The bar of the guest that stands still covers that of the one that runs.
        bar(ground, span.startSeconds, span.endSeconds, "stands-still")?.attr("fill", "url(#lanes-standstill)");
        ground.tell(span.startSeconds, span.endSeconds, {
          title: `${migration.vm} stands still`,
          rows: [],
          term: "blackout",
        });
      }
    },
  };
}

export function roundsLane(migration: MigrationTimeline): Lane {
  return {
    name: "Rounds",
    detail: "",
    height: 1.4,
    draw(ground) {
      const { frame, labels, place } = ground;
      for (const round of migration.rounds) {
        if (!isShown(frame, round.startSeconds, round.endSeconds)) continue;
        const kind = round.final ? "round-bar final" : round.round % 2 === 1 ? "round-bar odd" : "round-bar even";
        const rect = bar(ground, round.startSeconds, round.endSeconds, kind);
        if (round.final) rect?.attr("fill", "url(#lanes-standstill)");
        ground.tell(round.startSeconds, round.endSeconds, {
          title: round.final ? "Final copy" : `Round ${round.round}`,
          rows: [
            ["sent", `${formatCount(round.pagesSent + round.zeroPagesSent)} pages, ${formatBytes(round.bytesSent)}`],
            ["dirtied meanwhile", formatCount(round.newlyDirtyPages)],
          ],
          term: "round",
        });
        const [left, right] = shownPixels(frame, round.startSeconds, round.endSeconds);
        const middle = (left + right) / 2;
        const room = right - left;
        if (round.final || room < place.rem) continue;
        labels
          .append("text")
          .attr("class", "bar-text")
          .attr("text-anchor", "middle")
          .attr("x", px(middle))
          .attr("y", px(place.rem * 0.95))
          .text(room > place.rem * 6 ? `round ${round.round}` : String(round.round));
      }
    },
  };
}

export function storageLane(migration: MigrationTimeline): Lane {
  return {
    name: migration.storage[0]?.volume ?? "Storage",
    detail: `coordinator ${migration.storage[0]?.coordinator ?? ""}`,
    legend: migration.storage.some((event) => event.type === "csv.handedOver") ? [ASKS, HANDED_OVER] : [ASKS],
    height: 1.5,
    draw(ground) {
      for (const event of migration.storage) storageSign(ground, event);
    },
  };
}

export function switchLane(migration: MigrationTimeline, endSeconds: number): Lane {
  return {
    name: "Switch",
    detail: "sends frames to",
    legend: [
      ...(migration.announcements.some((event) => !event.lost) ? [ANNOUNCED] : []),
      ...(migration.announcements.some((event) => event.lost) ? [LOST] : []),
    ],
    height: 1.5,
    draw(ground) {
      for (const node of new Set([migration.from, migration.to])) {
        for (const span of spansAt(migration.history.ports, node, endSeconds)) {
          bar(ground, span.startSeconds, span.endSeconds, node === migration.to ? "port target" : "port source");
          barText(ground, span.startSeconds, span.endSeconds, [`port ${node}`], migration.announcements.map(momentOf));
          ground.tell(span.startSeconds, span.endSeconds, {
            title: `${migration.mac} → port ${node}`,
            rows: [],
            term: "port",
          });
        }
      }
      for (const event of migration.announcements) announcementSign(ground, event);
    },
  };
}

export function clientLane(client: MigrationTimeline["clients"][number], endSeconds: number): Lane {
  return {
    name: client.name,
    detail: client.kind === "tcp" ? "client, TCP" : "client, pings",
    legend:
      client.kind === "tcp"
        ? [
            ...(client.retransmissions.some((event) => !event.lost) ? [SENT_AGAIN] : []),
            ...(client.retransmissions.some((event) => event.lost) ? [LOST] : []),
            ...(client.allOutages.length > 0 ? [NO_ANSWER] : []),
          ]
        : [ANSWERED, ...(client.allOutages.length > 0 ? [UNANSWERED, NO_ANSWER] : [])],
    height: 1.5,
    draw(ground) {
      const { shapes, frame, height } = ground;
      const [start = 0, end = 1] = frame.x.domain();
      const pings = client.kind === "tcp" ? [] : pingsBetween(client, start, end, (frame.right - frame.left) / 6);
      if (pings.length === 0) bar(ground, 0, endSeconds, "answers");
      for (const outage of client.allOutages) {
        bar(ground, outage.lastReplySeconds, outage.endSeconds, "outage")?.attr("fill", "url(#lanes-standstill)");
        tellOutage(ground, client, outage);
      }
      for (const event of client.retransmissions) {
        sign(ground, event.t, event.lost ? "mark again lost" : "mark again", event.lost ? SHAPES.cross : SHAPES.back);
        ground.tell(event.t, event.t, {
          title: describeEvent(event),
          rows: [
            ["left at", formatSeconds(event.sentSeconds)],
            ["attempt", String(event.attempt)],
            ["fate", event.lost ? "lost" : "arrives"],
          ],
          term: "retransmission",
        });
      }
      for (const ping of pings) drawPing(shapes, frame, ping.atSeconds, ping.answered, height / 2);
      if (client.kind === "ping") tellPings(ground, client, endSeconds);
    },
  };
}

/** The client's pings over the whole run; those that were lost stand at their outages too. */
function tellPings({ tell }: LaneGround, client: ClientTimeline, endSeconds: number): void {
  const lost = client.allOutages.reduce((sum, outage) => sum + outage.lost, 0);
  tell(0, endSeconds, {
    title: `Pings of ${client.name}`,
    rows: [
      ["every", formatSeconds(client.intervalSeconds)],
      ["lost", formatCount(lost)],
    ],
    term: "ping",
  });
}
