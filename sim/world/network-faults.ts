/** What the timeline cuts of networks, and restores. */
import type { Simulation } from "../kernel/simulation.ts";
import type { CutLinkEntry, NetworkFaultEntry, RestoreLinkEntry } from "../scenario/network-faults.ts";
import type { Storage } from "./storage.ts";
import type { World } from "./world.ts";

export class NetworkFaults {
  private readonly world: World;
  private readonly simulation: Simulation;
  private readonly warnings: string[];

  /** A warning is added to `warnings` where nothing was cut that is to be restored. */
  constructor(world: World, storage: Storage, warnings: string[]) {
    this.world = world;
    this.simulation = world.simulation;
    this.warnings = warnings;
    if (world.hasCuts) storage.followCuts(world.cutsOf(world.clusterNetwork.name));
  }

  schedule(entry: NetworkFaultEntry): void {
    const onEvent = () => (entry.kind === "cutLink" ? this.cut(entry) : this.restore(entry));
    this.simulation.schedule(entry.atSeconds, { onEvent }, 0);
  }

  private cut({ network, node: port, forSeconds }: CutLinkEntry): void {
    const node = port ?? null;
    const cuts = this.world.cutsOf(network);
    this.record("link.cut", network, node);
    const cut = cuts.cut(node);
    if (forSeconds === undefined) return;
    const onEvent = () => {
      if (!cuts.holds(node, cut)) return;
      this.record("link.restored", network, node);
      cuts.end(node, cut);
    };
    this.simulation.schedule(this.simulation.now + forSeconds, { onEvent }, 0);
  }

  private restore({ network, node: port }: RestoreLinkEntry): void {
    const node = port ?? null;
    const cuts = this.world.cutsOf(network);
    if (!cuts.isCutAt(node)) {
      const what = node === null ? network : `${node}'s port on ${network}`;
      this.warnings.push(`At ${this.simulation.now} s there was nothing to restore: ${what} was not cut.`);
      return;
    }
    this.record("link.restored", network, node);
    cuts.restore(node);
  }

  private record(type: "link.cut" | "link.restored", network: string, node: string | null): void {
    const { recorder } = this.world;
    if (recorder.recording) recorder.record({ t: this.simulation.now, type, network, node });
  }
}
