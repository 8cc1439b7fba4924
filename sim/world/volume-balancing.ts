/**
 * The cluster spreads its shared volumes evenly over its nodes: as a volume has failed over, as a node has joined again, and
 * as one is emptied or takes machines again. What an administrator moves stays where it is until the next such occasion.
 */
import type { EventHandler } from "../kernel/simulation.ts";
import type { FailoverSettings } from "../orchestration/failover/parameters.ts";
import { votesOf } from "../orchestration/failover/quorum.ts";
import { spreadEvenly } from "../orchestration/volume-spread.ts";
import type { AccessWatcher, VolumeAccess } from "../storage/volume-access.ts";
import type { Evacuations } from "./evacuations.ts";
import type { Storage } from "./storage.ts";
import type { World } from "./world.ts";

export interface VolumeBalancingOptions {
  readonly world: World;
  readonly settings: FailoverSettings;
  readonly evacuations: Evacuations;
  readonly storage: Storage;
}

/** Where the cluster is one that does so. */
export function balanceVolumes(options: VolumeBalancingOptions): void {
  if (options.settings.balancesVolumes) options.storage.balanceBy(new VolumeBalancing(options));
}

export class VolumeBalancing implements EventHandler, AccessWatcher {
  readonly #options: VolumeBalancingOptions;
  /** Nodes that are emptied, in maintenance or powered off. */
  #closed: ReadonlySet<string> = new Set();
  /** Null until they are needed: volumes of which nobody asks are in no result. */
  #volumes: readonly VolumeAccess[] | null = null;
  #state: "idle" | "scheduled" | "waits-for-owners" = "idle";

  constructor(options: VolumeBalancingOptions) {
    this.#options = options;
    options.evacuations.observeNodes(() => this.#onNodesChanged());
  }

  /** Once what is going on at this moment is done, and no coordinator is being changed any more. */
  request(): void {
    if (this.#state === "idle") this.#schedule();
  }

  /** A volume fails over to one of these, and the cluster balances all once it has: the one that coordinates fewest. */
  chooseOwner(able: readonly string[]): string {
    const { cluster } = this.#options.world;
    this.request();
    const open = able.filter((node) => cluster.node(node).takesMachines);
    const candidates = open.length > 0 ? open : able;
    const held = new Map(candidates.map((node) => [node, 0]));
    for (const { ownerToBe } of this.#all) held.set(ownerToBe, (held.get(ownerToBe) ?? 0) + 1);
    const heldBy = (node: string) => held.get(node) as number;
    return candidates.reduce((best, node) => (heldBy(node) < heldBy(best) ? node : best));
  }

  onAccessChanged(): void {
    if (this.#state === "waits-for-owners" && !this.#ownersChange) this.#schedule();
  }

  onEvent(): void {
    if (this.#ownersChange) {
      this.#state = "waits-for-owners";
      return;
    }
    this.#state = "idle";
    if (this.#hasQuorum) this.#balance();
  }

  #onNodesChanged(): void {
    const { cluster } = this.#options.world;
    const closed = new Set<string>();
    for (const { name, takesMachines } of cluster.nodes) if (!takesMachines) closed.add(name);
    const isSame = closed.size === this.#closed.size && [...closed].every((node) => this.#closed.has(node));
    this.#closed = closed;
    if (!isSame) this.request();
  }

  #balance(): void {
    const nodes = [...this.#options.world.cluster.nodes].filter(({ whyClosed }) => whyClosed === null);
    const moves = spreadEvenly(
      nodes.map(({ name }) => name),
      this.#all.map((access) => ({
        name: access.volume.name,
        coordinator: access.volume.coordinator,
        mayGoTo: (node) => access.mayGoTo(node),
      })),
    );
    for (const access of this.#all) {
      const to = moves.get(access.volume.name);
      if (to !== undefined) access.moveOwner(to, "balancing");
    }
  }

  get #all(): readonly VolumeAccess[] {
    if (this.#volumes === null) {
      this.#volumes = this.#options.storage.sharedVolumes();
      for (const access of this.#volumes) access.watch(this);
    }
    return this.#volumes;
  }

  get #ownersChange(): boolean {
    return this.#all.some(({ isChangingOwner }) => isChangingOwner);
  }

  /** Without a majority nothing is moved. */
  get #hasQuorum(): boolean {
    const nodes = [...this.#options.world.cluster.nodes];
    const up = nodes.filter(({ isUp }) => isUp).length;
    return votesOf(up, nodes.length, this.#options.settings).isQuorum;
  }

  #schedule(): void {
    const { simulation } = this.#options.world;
    this.#state = "scheduled";
    simulation.schedule(simulation.now, this, 0, 1);
  }
}
