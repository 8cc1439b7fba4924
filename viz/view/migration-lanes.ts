/** The lanes of one migration: its machines, rounds, storage, switch and clients. */
import { pingsBetween } from "../model/clients.ts";
import { describeEvent } from "../model/describe.ts";
import { formatBytes, formatCount, formatSeconds } from "../model/format.ts";
import { spansAt } from "../model/machine-history.ts";
import type { MigrationTimeline } from "../model/migration-timeline.ts";
import { announcementSign, storageSign, tellOutage } from "./event-marks.ts";
import { bar, barText, drawPing, isShown, type Lane, SHAPES, shownPixels, sign } from "./lane.ts";
import { px } from "./svg.ts";

export function machineLane(migration: MigrationTimeline, side: "source" | "target", endSeconds: number): Lane {
  const name = side === "source" ? migration.from : migration.to;
  return {
    name,
    detail: side,
    height: 1.5,
    draw(ground) {
      for (const span of spansAt(migration.history.nodes, name, endSeconds)) {
        bar(ground, span.startSeconds, span.endSeconds, "runs");
        barText(ground, span.startSeconds, span.endSeconds, `${migration.vm} runs here`);
        ground.tell(span.startSeconds, span.endSeconds, {
          title: `${migration.vm} runs on ${name}`,
          rows: [],
          term: "node",
        });
      }
      if (side === "target" && migration.startSeconds !== null) {
        const until = migration.blackouts.at(-1)?.endSeconds ?? migration.endSeconds ?? endSeconds;
        bar(ground, migration.startSeconds, until, "receives")?.attr("fill", "url(#lanes-receiving)");
        barText(ground, migration.startSeconds, until, "receives its memory");
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
    height: 1.5,
    draw(ground) {
      for (const node of new Set([migration.from, migration.to])) {
        for (const span of spansAt(migration.history.ports, node, endSeconds)) {
          bar(ground, span.startSeconds, span.endSeconds, node === migration.to ? "port target" : "port source");
          barText(ground, span.startSeconds, span.endSeconds, `port ${node}`);
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
    },
  };
}
