/** A run as the tracks of a Chrome trace. */
import type { TraceEvent } from "../../sim/index.ts";
import { ChromeTracks } from "./chrome-tracks.ts";
import type { TraceOpening } from "./trace-sink.ts";

interface OpenSpan {
  since: number;
  name: string;
  arguments: Record<string, unknown>;
}

interface MigrationStory {
  vm: string;
  from: string;
  to: string;
  track: string;
  open: Map<string, OpenSpan>;
  stoppedAt: number | null;
}

const MIGRATIONS = "migrations";
const CLIENTS = "clients";

/** Turns events, one by one, into spans, counters, instants and arrows. */
export class ChromeRun {
  readonly tracks = new ChromeTracks();
  readonly #migrations: MigrationStory[] = [];
  /** Where each guest runs, and since when; null while it stands still. */
  readonly #running = new Map<string, { node: string; since: number } | null>();
  readonly #flows = new Map<string, OpenSpan>();
  readonly #rates = new Map<string, Map<string, number>>();
  readonly #outages = new Map<string, OpenSpan>();

  constructor({ scenario }: TraceOpening) {
    this.tracks.addProcess(MIGRATIONS);
    for (const node of scenario.nodes) this.tracks.addProcess(`node ${node.name}`);
    for (const network of scenario.networks) this.tracks.addProcess(`network ${network.name}`);
    for (const volume of scenario.volumes) this.tracks.addProcess(`volume ${volume.name}`);
    this.tracks.addProcess(CLIENTS);
    for (const vm of scenario.vms) this.#running.set(vm.name, { node: vm.node, since: 0 });
  }

  tell(event: TraceEvent): void {
    switch (event.type) {
      case "migration.requested": {
        const { vm, from, to, mode, profile } = event;
        const track = `${vm}: ${from} to ${to} (#${event.migration + 1})`;
        this.#migrations[event.migration] = { vm, from, to, track, open: new Map(), stoppedAt: null };
        this.#open(event.migration, "queue", event.t, "waits", { mode, profile });
        break;
      }
      case "migration.queued":
        this.tracks.addInstant(
          MIGRATIONS,
          this.#of(event.migration).track,
          event.t,
          `queued: ${event.reason}`,
          "migration",
          {},
        );
        break;
      case "migration.started": {
        const { network, memoryPages, zeroPages } = event;
        this.#close(event.migration, "queue", event.t, {});
        this.#open(event.migration, "migration", event.t, "migration", { network, memoryPages, zeroPages });
        break;
      }
      case "migration.roundStarted": {
        const { pendingPages, zeroPages } = event;
        const name = event.final ? "last round" : `round ${event.round}`;
        this.#open(event.migration, "round", event.t, name, { pendingPages, zeroPages });
        this.#countPending(event.migration, event.t, pendingPages);
        break;
      }
      case "migration.roundEnded": {
        const { pagesSent, zeroPagesSent, bytesSent, dirtyPagesAtEnd, thresholdBytes, throttle } = event;
        const facts = { pagesSent, zeroPagesSent, bytesSent, dirtyPagesAtEnd, thresholdBytes, throttle };
        this.#close(event.migration, "round", event.t, facts);
        this.#countPending(event.migration, event.t, dirtyPagesAtEnd);
        break;
      }
      case "migration.precopyEnded":
        this.tracks.addInstant(
          MIGRATIONS,
          this.#of(event.migration).track,
          event.t,
          `pre-copy ends: ${event.rule}`,
          "migration",
          {
            reason: event.reason,
          },
        );
        break;
      case "migration.ended":
        for (const key of [...this.#of(event.migration).open.keys()]) {
          this.#close(event.migration, key, event.t, { outcome: event.outcome, reason: event.reason });
        }
        break;
      case "blackout.partStarted":
        this.#open(event.migration, `part ${event.part}`, event.t, event.part, {});
        break;
      case "blackout.partEnded":
        this.#close(event.migration, `part ${event.part}`, event.t, {});
        break;
      case "vm.stopped":
        this.#stop(event.vm, event.t);
        break;
      case "vm.started":
        this.#start(event.vm, event.node, event.t);
        break;
      case "link.flowStarted":
        this.#flows.set(flowKey(event.network, event.flow), {
          since: event.t,
          name: `${event.kind} ${this.#migrations[event.migration]?.vm ?? ""}`.trim(),
          arguments: { flow: event.flow },
        });
        this.#setRate(event.network, event.flow, event.t, event.bytesPerSecond);
        break;
      case "link.flowRateChanged":
        this.#setRate(event.network, event.flow, event.t, event.bytesPerSecond);
        break;
      case "link.flowEnded":
        this.#endFlow(event.network, event.flow, event.t, { bytes: event.bytes });
        this.#setRate(event.network, event.flow, event.t, 0);
        break;
      case "csv.metadataSent": {
        const { node, coordinator, vm, operation } = event;
        this.tracks.addSpan(
          `volume ${event.volume}`,
          "metadata",
          event.t,
          event.t + event.seconds,
          operation,
          "storage",
          {
            vm,
            node,
            coordinator,
          },
        );
        break;
      }
      case "csv.handedOver":
        this.tracks.addInstant(
          `volume ${event.volume}`,
          "hand-over",
          event.t,
          `${event.vm}: ${event.from} to ${event.to}`,
          "storage",
          {
            coordinator: event.coordinator,
          },
        );
        break;
      case "arp.sent": {
        const { vm, mac, ip, attempt, lost } = event;
        const name = `${event.frame}${lost ? " (lost)" : ""}`;
        this.tracks.addInstant(`network ${event.network}`, "announcements", event.t, name, "network", {
          vm,
          mac,
          ip,
          attempt,
          lost,
        });
        break;
      }
      case "switch.macMoved": {
        const { vm, mac, fromPort, toPort } = event;
        this.tracks.addInstant(`network ${event.network}`, "switch", event.t, `${vm} is at ${toPort}`, "network", {
          mac,
          fromPort,
          toPort,
        });
        break;
      }
      case "client.unreachable":
        this.#outages.set(clientKey(event.client, event.vm), {
          since: event.lastReplySeconds,
          name: "no answer",
          arguments: { vm: event.vm },
        });
        break;
      case "client.reachable":
        this.#endOutage(event.client, event.vm, event.t, { outageSeconds: event.outageSeconds, lost: event.lost });
        break;
      default:
        // Types are added over time; what this form has no picture for is left to the JSON Lines trace.
        break;
    }
  }

  /** Ends what is still open at the end of the run. */
  finish(t: number): void {
    for (const [vm, state] of this.#running) if (state !== null) this.#endRunning(vm, state, t);
    for (const [index, migration] of this.#migrations.entries()) {
      for (const key of [...migration.open.keys()]) this.#close(index, key, t, { unfinished: true });
    }
    for (const key of [...this.#flows.keys()]) {
      const [network, flow] = JSON.parse(key) as [string, number];
      this.#endFlow(network, flow, t, { unfinished: true });
    }
    for (const key of [...this.#outages.keys()]) {
      const [client, vm] = JSON.parse(key) as [string, string];
      this.#endOutage(client, vm, t, { unfinished: true });
    }
  }

  #of(migration: number): MigrationStory {
    return this.#migrations[migration] as MigrationStory;
  }

  #open(migration: number, key: string, t: number, name: string, facts: Record<string, unknown>): void {
    this.#of(migration).open.set(key, { since: t, name, arguments: facts });
  }

  #close(migration: number, key: string, t: number, facts: Record<string, unknown>): void {
    const story = this.#of(migration);
    const span = story.open.get(key);
    if (span === undefined) return;
    story.open.delete(key);
    // A migration that starts when it is asked for has not waited.
    if (key === "queue" && span.since === t) return;
    this.tracks.addSpan(MIGRATIONS, story.track, span.since, t, span.name, "migration", {
      ...span.arguments,
      ...facts,
    });
  }

  #countPending(migration: number, t: number, pages: number): void {
    const { track } = this.#of(migration);
    this.tracks.addCounter(MIGRATIONS, `pages to send, ${track}`, t, { pages });
  }

  #stop(vm: string, t: number): void {
    const state = this.#running.get(vm);
    if (state !== undefined && state !== null) this.#endRunning(vm, state, t);
    this.#running.set(vm, null);
    const migration = this.#migrations.findLast((story) => story.vm === vm);
    if (migration !== undefined) migration.stoppedAt = t;
  }

  #start(vm: string, node: string, t: number): void {
    this.#running.set(vm, { node, since: t });
    const index = this.#migrations.findLastIndex((story) => story.vm === vm);
    const migration = this.#migrations[index];
    if (migration === undefined || migration.stoppedAt === null) return;
    this.tracks.addSpan(MIGRATIONS, migration.track, migration.stoppedAt, t, "blackout", "migration", {});
    this.tracks.addArrow(
      index + 1,
      { process: MIGRATIONS, track: migration.track, t: migration.stoppedAt },
      { process: `node ${node}`, track: vm, t },
      "moves",
    );
    migration.stoppedAt = null;
  }

  #endRunning(vm: string, { node, since }: { node: string; since: number }, t: number): void {
    if (t > since) this.tracks.addSpan(`node ${node}`, vm, since, t, `${vm} runs`, "vm", {});
  }

  #setRate(network: string, flow: number, t: number, bytesPerSecond: number): void {
    const rates = this.#rates.get(network) ?? new Map<string, number>();
    this.#rates.set(network, rates);
    if (bytesPerSecond > 0) rates.set(String(flow), bytesPerSecond);
    else rates.delete(String(flow));
    let total = 0;
    for (const rate of rates.values()) total += rate;
    this.tracks.addCounter(`network ${network}`, "bytes per second", t, { bytesPerSecond: total });
  }

  #endFlow(network: string, flow: number, t: number, facts: Record<string, unknown>): void {
    const span = this.#flows.get(flowKey(network, flow));
    if (span === undefined) return;
    this.#flows.delete(flowKey(network, flow));
    this.tracks.addSpan(`network ${network}`, "flows", span.since, t, span.name, "network", {
      ...span.arguments,
      ...facts,
    });
  }

  #endOutage(client: string, vm: string, t: number, facts: Record<string, unknown>): void {
    const span = this.#outages.get(clientKey(client, vm));
    if (span === undefined) return;
    this.#outages.delete(clientKey(client, vm));
    this.tracks.addSpan(CLIENTS, `${client} of ${vm}`, span.since, t, span.name, "client", {
      ...span.arguments,
      ...facts,
    });
  }
}

function flowKey(network: string, flow: number): string {
  return JSON.stringify([network, flow]);
}

function clientKey(client: string, vm: string): string {
  return JSON.stringify([client, vm]);
}
