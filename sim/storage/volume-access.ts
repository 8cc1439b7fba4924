/**
 * How the nodes reach a volume. On a cluster shared volume each node reads and writes blocks itself; a node that has lost its
 * path, or all of them during a backup on 2008 R2, goes over the cluster network to the coordinator (dynamic I/O). Without
 * a coordinator, metadata and redirected I/O wait.
 */
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";
import type { PathCuts } from "../network/path-cuts.ts";
import type { TraceEventBody } from "../trace/events.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { OwnerChangeReason } from "../trace/storage-events.ts";
import type { Volume } from "./volume.ts";

/** `paused`: I/O waits. */
export type Access = "direct" | "redirected" | "paused";

/** A node's way to the storage, or to the coordinator over the cluster network. */
export type PathKind = "san" | "network";

export interface VolumeAccessOptions {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  readonly volume: Volume;
  /** All nodes of the cluster, in the order in which a new coordinator is looked for. */
  readonly nodes: readonly string[];
  /** Those without a path to the storage from the start. */
  readonly withoutPath: readonly string[];
  /** How long metadata waits while the coordinator changes. */
  readonly ownerMoveSeconds: number;
  /** Of the nodes that can, who takes a volume over that has lost its coordinator; absent: the first. */
  readonly chooseOwner?: (able: readonly string[]) => string;
}

/** Told after anything has changed, at the present simulated time. */
export interface AccessWatcher {
  onAccessChanged(): void;
}

export class VolumeAccess implements EventHandler {
  readonly volume: Volume;
  ownerChanges = 0;
  readonly #options: VolumeAccessOptions;
  readonly #lost: Readonly<Record<PathKind, Set<string>>> = { san: new Set(), network: new Set() };
  readonly #gone = new Set<string>();
  readonly #watchers: AccessWatcher[] = [];
  readonly #told = new Map<string, Access>();
  /** Who has it redirected for all: backups, by name. */
  readonly #redirections = new Set<string>();
  /** Where the cluster network is cut; null as long as it never was. */
  #cuts: PathCuts | null = null;
  #nextOwner: string | null = null;
  #reason: OwnerChangeReason = "timeline";
  #changeStartedSeconds = 0;
  #ticket: EventTicket | null = null;
  #pausedSeconds = 0;

  constructor(options: VolumeAccessOptions) {
    this.#options = options;
    this.volume = options.volume;
    for (const node of options.withoutPath) this.#lost.san.add(node);
    for (const node of options.nodes) this.#told.set(node, this.accessFrom(node));
  }

  watch(watcher: AccessWatcher): void {
    this.#watchers.push(watcher);
  }

  accessFrom(node: string): Access {
    if (this.#gone.has(node)) return "paused";
    const reaches = !this.#lost.san.has(node);
    const { volume } = this;
    if (volume.kind === "lun") return reaches ? "direct" : "paused";
    if (node === volume.coordinator && this.#nextOwner === null) return reaches ? "direct" : "paused";
    if (reaches && this.#redirections.size === 0) return "direct";
    return this.hasMetadata(node) && !this.#lost.san.has(volume.coordinator) ? "redirected" : "paused";
  }

  /** Whether files can be opened, created and extended from this node now. */
  hasMetadata(node: string): boolean {
    const { coordinator } = this.volume;
    if (this.#nextOwner !== null || this.#gone.has(coordinator)) return false;
    return node === coordinator || !(this.#hasNoNetwork(node) || this.#hasNoNetwork(coordinator));
  }

  /** Time in which there was no coordinator, up to a time from the last event on. */
  withoutCoordinatorSeconds(untilSeconds: number): number {
    const isUnder = this.#nextOwner !== null || this.#isWithoutCoordinator;
    const under = isUnder ? untilSeconds - this.#changeStartedSeconds : 0;
    return this.#pausedSeconds + under;
  }

  /** A coordinator that has lost the storage hands its part to a node that has not. */
  losePath(node: string, kind: PathKind): void {
    this.#lost[kind].add(node);
    if (kind === "san" && node === this.volume.coordinator && this.#nextOwner === null) this.#chooseOwner("path-lost");
    if (node === this.#nextOwner && kind === "san") this.#chooseOwner("path-lost");
    this.#tell();
  }

  restorePath(node: string, kind: PathKind): void {
    this.#lost[kind].delete(node);
    this.#tell();
  }

  /** The network was cut or restored somewhere. */
  pathsChanged(cuts: PathCuts): void {
    this.#cuts = cuts;
    this.#tell();
  }

  /**
   * The node is dead: nothing of it is reached, and what it coordinated is without a coordinator until `nodeDeclaredDown`,
   * at `noticedSeconds` if that is known by now.
   */
  nodeFailed(node: string, noticedSeconds: number | null = null): void {
    const { simulation, ownerMoveSeconds } = this.#options;
    this.#gone.add(node);
    if (this.volume.kind === "csv") {
      const { coordinator } = this.volume;
      if (node === coordinator && this.#nextOwner === null) {
        this.#changeStartedSeconds = simulation.now;
        // What needs its metadata meanwhile waits that long.
        if (noticedSeconds !== null) this.volume.setCoordinator(coordinator, noticedSeconds + ownerMoveSeconds);
      }
      if (node === this.#nextOwner) this.#chooseOwner("node-failed");
    }
    this.#tell();
  }

  /** The others know that it is dead: what it coordinated finds another coordinator. */
  nodeDeclaredDown(node: string): void {
    const { kind, coordinator } = this.volume;
    if (kind === "csv" && node === coordinator && this.#isWithoutCoordinator) this.#chooseOwner("node-failed");
    this.#tell();
  }

  nodeIsBack(node: string): void {
    if (this.#isWithoutCoordinator) this.#pausedSeconds += this.#options.simulation.now - this.#changeStartedSeconds;
    this.#gone.delete(node);
    const { kind, coordinator } = this.volume;
    if (kind === "csv" && node === coordinator && this.#nextOwner === null) this.volume.setCoordinator(node, 0);
    if (this.#isWithoutCoordinator) this.#changeStartedSeconds = this.#options.simulation.now;
    this.#tell();
  }

  /** It is dead, and no other has been chosen. */
  get #isWithoutCoordinator(): boolean {
    const { kind, coordinator } = this.volume;
    return kind === "csv" && this.#nextOwner === null && this.#gone.has(coordinator);
  }

  get isChangingOwner(): boolean {
    return this.#nextOwner !== null;
  }

  /** Who coordinates it once a change that is under way is over. */
  get ownerToBe(): string {
    return this.#nextOwner ?? this.volume.coordinator;
  }

  /** Whether the cluster can move it there of its own accord: not while its coordinator is dead and nobody knows. */
  mayGoTo(node: string): boolean {
    return !this.#gone.has(this.volume.coordinator) && this.#mayCoordinate(node);
  }

  #mayCoordinate(node: string): boolean {
    return !(this.#gone.has(node) || this.#lost.san.has(node) || this.#hasNoNetwork(node));
  }

  /** Why this node cannot take the volume over now, a sentence; null where it can. */
  whyNotOwner(node: string): string | null {
    const { name, coordinator } = this.volume;
    if (this.#nextOwner !== null) return `${name} is being moved to ${this.#nextOwner} already.`;
    if (node === coordinator) return `${node} coordinates ${name} already.`;
    if (this.#gone.has(node)) return `${node} is down.`;
    return this.#lost.san.has(node) ? `${node} has no path to ${name}.` : null;
  }

  /** Only where `whyNotOwner` has no objection; guests go on running. */
  moveOwner(to: string, reason: OwnerChangeReason): void {
    const objection = this.whyNotOwner(to);
    if (objection !== null) throw new Error(objection);
    this.#beginChange(to, reason);
    this.#tell();
  }

  /** All nodes but the coordinator go over the network until everyone who asked for it has ended it. */
  redirect(by: string): void {
    this.#redirections.add(by);
    this.#tell();
  }

  endRedirection(by: string): void {
    this.#redirections.delete(by);
    this.#tell();
  }

  /** For the kernel: the new coordinator has taken over. */
  onEvent(): void {
    const to = this.#nextOwner as string;
    const from = this.volume.coordinator;
    const seconds = this.#options.simulation.now - this.#changeStartedSeconds;
    this.#ticket = null;
    this.#nextOwner = null;
    this.#pausedSeconds += seconds;
    this.#changeStartedSeconds = this.#options.simulation.now;
    this.ownerChanges += 1;
    this.volume.setCoordinator(to, 0);
    this.#record({ type: "csv.ownerChanged", volume: this.volume.name, from, to, reason: this.#reason, seconds });
    this.#tell();
  }

  #hasNoNetwork(node: string): boolean {
    return this.#lost.network.has(node) || this.#cuts?.isCut(node) === true;
  }

  #chooseOwner(reason: OwnerChangeReason): void {
    const { nodes, chooseOwner } = this.#options;
    const { coordinator } = this.volume;
    const able = nodes.filter((node) => node !== coordinator && this.#mayCoordinate(node));
    const [first] = able;
    if (first !== undefined) this.#beginChange(chooseOwner?.(able) ?? first, reason);
  }

  #beginChange(to: string, reason: OwnerChangeReason): void {
    const { simulation, ownerMoveSeconds } = this.#options;
    if (this.#nextOwner === null && !this.#isWithoutCoordinator) this.#changeStartedSeconds = simulation.now;
    if (this.#ticket !== null) simulation.cancel(this.#ticket);
    this.#nextOwner = to;
    this.#reason = reason;
    const atSeconds = simulation.now + ownerMoveSeconds;
    this.volume.setCoordinator(this.volume.coordinator, atSeconds);
    // Before migrations' own steps of that moment, which may need the new coordinator.
    this.#ticket = simulation.schedule(atSeconds, this, 0, -2);
  }

  #tell(): void {
    const { volume } = this;
    if (volume.kind === "csv") for (const node of this.#options.nodes) this.#tellOf(node, this.accessFrom(node));
    for (const watcher of this.#watchers) watcher.onAccessChanged();
  }

  #tellOf(node: string, access: Access): void {
    const before = this.#told.get(node) as Access;
    if (access === before) return;
    this.#told.set(node, access);
    const { name: volume, coordinator } = this.volume;
    if (access === "paused") this.#record({ type: "csv.paused", volume, node, reason: this.#whyPaused(node) });
    else {
      if (before === "paused") this.#record({ type: "csv.resumed", volume, node });
      if (access === "redirected") {
        const reason = this.#lost.san.has(node) ? "path-lost" : "backup";
        this.#record({ type: "csv.redirected", volume, node, coordinator, reason });
      } else if (before === "redirected") this.#record({ type: "csv.directAgain", volume, node });
    }
  }

  #whyPaused(node: string): "no-coordinator" | "no-network" | "no-path" | "node-failed" {
    if (this.#gone.has(node)) return "node-failed";
    if (this.#nextOwner !== null || this.#gone.has(this.volume.coordinator)) return "no-coordinator";
    return this.hasMetadata(node) ? "no-path" : "no-network";
  }

  #record(event: TraceEventBody): void {
    const { recorder, simulation } = this.#options;
    if (recorder.recording) recorder.record({ t: simulation.now, ...event });
  }
}
