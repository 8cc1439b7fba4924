/** What can be asked about in the sketch: each thing with its numbers, as they are at present. */
import { formatBytes, formatCount, formatRate, formatSeconds, formatShare } from "../model/format.ts";
import type { MigrationTimeline } from "../model/migration-timeline.ts";
import type { MigrationState } from "../model/state-at.ts";
import type { Scenario } from "../simulator.ts";
import { PAGE_BYTES } from "../simulator.ts";
import type { Mark, Numbers } from "./mark.ts";
import type { Box, SketchLayout } from "./sketch-layout.ts";

/** Clients told by name. */
const MOST_CLIENTS = 4;

/** @param present what is drawn; null before anything is */
export function sketchMarks(
  migration: MigrationTimeline,
  scenario: Scenario,
  layout: SketchLayout,
  present: () => MigrationState | null,
): Mark[] {
  const now = (tell: (state: MigrationState) => Numbers) => (): Numbers => {
    const state = present();
    return state === null ? [] : tell(state);
  };
  return [
    ...(migration.clients.length > 0 ? [clientsMark(migration, layout.client, now)] : []),
    {
      ...layout.relay,
      title: "The switch",
      rows: [["address of the guest", migration.mac]],
      now: now((state) => [
        ["sends its frames to", state.macNode],
        ["announcements so far", formatCount(state.announcementsSent)],
      ]),
      term: "port",
    },
    ...nodeMarks("source", migration, scenario, layout.source, now),
    linkMark(migration, layout, now),
    ...nodeMarks("target", migration, scenario, layout.target, now),
    ...volumeMarks(migration, scenario, layout.volume, now),
  ];
}

type Now = (tell: (state: MigrationState) => Numbers) => () => Numbers;

function clientsMark({ vm, clients }: MigrationTimeline, at: Box, now: Now): Mark {
  const kinds = clients.slice(0, MOST_CLIENTS).map((client): readonly [string, string] => {
    const every = client.intervalSeconds > 0 ? `, every ${formatSeconds(client.intervalSeconds)}` : "";
    return [client.name, client.kind === "tcp" ? "a TCP connection" : `pings${every}`];
  });
  const more: Numbers = clients.length > MOST_CLIENTS ? [["more", formatCount(clients.length - MOST_CLIENTS)]] : [];
  return {
    ...at,
    title: `Clients of ${vm}`,
    rows: [...kinds, ...more],
    now: now((state) => [
      ["without an answer", state.clientsWaiting.length === 0 ? "none" : state.clientsWaiting.join(", ")],
      ["longest wait so far", formatSeconds(state.clientOutageSeconds)],
      ["lost so far", formatCount(state.lostPings)],
    ]),
    term: "ping",
  };
}

function linkMark({ link }: MigrationTimeline, { source, target }: SketchLayout, now: Now): Mark {
  const capacity: Numbers =
    link.capacityBytesPerSecond > 0 ? [["signals at", formatRate(link.capacityBytesPerSecond)]] : [];
  return {
    x: source.x + source.width,
    width: target.x - source.x - source.width,
    y: source.y + source.height * 0.4,
    height: source.height * 0.2,
    title: link.network === "" ? "The link" : `The link, ${link.network}`,
    rows: capacity,
    now: now((state) => [
      ["carries", formatRate(state.linkBytesPerSecond)],
      ["of its rate", formatShare(state.linkShare)],
      ["of this migration so far", formatBytes(state.transferredBytes)],
    ]),
    term: "link",
  };
}

/** The node, and the guest's memory on it. */
function nodeMarks(
  side: "source" | "target",
  migration: MigrationTimeline,
  scenario: Scenario,
  at: Box,
  now: Now,
): Mark[] {
  const { vm, memoryPages } = migration;
  const name = side === "source" ? migration.from : migration.to;
  const memory = scenario.nodes.find((node) => node.name === name)?.memoryBytes;
  return [
    {
      ...at,
      title: `${name}, the ${side}`,
      rows: memory === undefined ? [] : [["memory", formatBytes(memory)]],
      now: now((state) => [
        [vm, state.vmNode !== name ? "does not run here" : state.stopped ? "stands still" : "runs here"],
      ]),
      term: "node",
    },
    {
      ...{ x: at.x + at.width * 0.06, width: at.width * 0.88, y: at.y + at.height * 0.25, height: at.height * 0.68 },
      title: `Memory of ${vm} on ${name}`,
      rows: [["in all", `${formatCount(memoryPages)} pages, ${formatBytes(memoryPages * PAGE_BYTES)}`]],
      now: now((state) =>
        side === "source"
          ? [
              ["wait to be sent", pagesAndBytes(state.phase === "ended" ? 0 : state.pendingPages)],
              ["sent and dirtied since", pagesAndBytes(state.newlyDirtyPages)],
            ]
          : [
              ["never arrived", pagesAndBytes(state.missingPages)],
              ["not as they are now", pagesAndBytes(state.dirtyPages)],
            ],
      ),
      term: "dirty",
    },
  ];
}

function pagesAndBytes(pages: number): string {
  return `${formatCount(pages)} pages, ${formatBytes(pages * PAGE_BYTES)}`;
}

function volumeMarks(migration: MigrationTimeline, scenario: Scenario, at: Box, now: Now): Mark[] {
  const first = migration.storage[0];
  if (first === undefined) return [];
  const kind = scenario.volumes.find((volume) => volume.name === first.volume)?.kind;
  return [
    {
      ...at,
      title: `Volume ${first.volume}`,
      rows: [...(kind === undefined ? [] : ([["kind", kind]] as const)), ["coordinator", first.coordinator]],
      now: now((state) => {
        const past = migration.storage.filter((event) => event.t <= state.t);
        const over = past.findLast((event) => event.type === "csv.handedOver");
        return [
          ["in the hands of", over?.type === "csv.handedOver" ? over.to : migration.from],
          [
            "questions to the coordinator so far",
            formatCount(past.filter((event) => event.type === "csv.metadataSent").length),
          ],
        ];
      }),
      term: "volume",
    },
  ];
}
