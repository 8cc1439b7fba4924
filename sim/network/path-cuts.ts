/** Where a network is cut: everywhere, or at single nodes' ports. What is cut carries nothing, to nobody's knowledge. */

/** Told after anything was cut or restored, at the present simulated time. */
export interface CutWatcher {
  onCutsChanged(): void;
}

export class PathCuts {
  /** What holds each port cut; null is the network as a whole. */
  readonly #cuts = new Map<string | null, Set<object>>();
  readonly #watchers = new Set<CutWatcher>();

  /** Cuts a node's port, or the whole network, until this cut is ended, or all of the port are. */
  cut(node: string | null): object {
    const cut = {};
    const own = this.#cuts.get(node);
    if (own === undefined) this.#cuts.set(node, new Set([cut]));
    else own.add(cut);
    this.#tell();
    return cut;
  }

  /** Does nothing where it was ended before. */
  end(node: string | null, cut: object): void {
    const own = this.#cuts.get(node);
    if (own?.delete(cut) !== true) return;
    if (own.size === 0) this.#cuts.delete(node);
    this.#tell();
  }

  /** Ends all cuts there. */
  restore(node: string | null): void {
    if (this.#cuts.delete(node)) this.#tell();
  }

  /** Whether this cut has not been ended. */
  holds(node: string | null, cut: object): boolean {
    return this.#cuts.get(node)?.has(cut) === true;
  }

  /** Whether it is cut just there: at this node's port, or as a whole. */
  isCutAt(node: string | null): boolean {
    return this.#cuts.has(node);
  }

  /** Whether this node reaches nobody over the network. */
  isCut(node: string): boolean {
    return this.#cuts.has(null) || this.#cuts.has(node);
  }

  reaches(from: string, to: string): boolean {
    return !(this.isCut(from) || this.isCut(to));
  }

  /** In the order in which they came. */
  watch(watcher: CutWatcher): void {
    this.#watchers.add(watcher);
  }

  unwatch(watcher: CutWatcher): void {
    this.#watchers.delete(watcher);
  }

  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher.onCutsChanged();
  }
}
