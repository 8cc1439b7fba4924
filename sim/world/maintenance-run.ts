/** Maintenance that goes round the cluster: so many nodes at a time are emptied, maintained and given back. */
import type { ClusterNode } from "../cluster/node.ts";
import type { MaintenanceEntry } from "../scenario/maintenance.ts";
import type { MaintenanceResult } from "../trace/orchestration-result.ts";
import type { DrainRun } from "./drain-run.ts";
import type { EvacuationPlan } from "./evacuation-plan.ts";
import type { Evacuations } from "./evacuations.ts";

export class MaintenanceRun {
  private readonly evacuations: Evacuations;
  private readonly entry: MaintenanceEntry;
  private readonly plan: EvacuationPlan;
  private readonly nodes: readonly ClusterNode[];
  private readonly startSeconds: number;
  private next = 0;
  private underWay = 0;
  private done = 0;
  private incomplete = 0;
  private makespanSeconds: number | null = null;

  constructor(evacuations: Evacuations, entry: MaintenanceEntry, plan: EvacuationPlan) {
    const { cluster, simulation } = evacuations.world;
    this.evacuations = evacuations;
    this.entry = entry;
    this.plan = plan;
    this.nodes = entry.nodes?.map((name) => cluster.node(name)) ?? [...cluster.nodes];
    this.startSeconds = simulation.now;
  }

  /** Begins with as many nodes as there may be at a time; all of them stop taking machines before the first one moves. */
  goOn(): void {
    const begun: DrainRun[] = [];
    const { durationSeconds, moveBack, atOnce } = this.entry;
    while (this.underWay < atOnce && this.next < this.nodes.length) {
      const node = this.nodes[this.next] as ClusterNode;
      this.next += 1;
      const drain = this.evacuations.drain(node, this.plan, {
        durationSeconds,
        moveBack,
        givesUp: true,
        onOver: (over) => this.over(over),
      });
      if (drain === null) {
        this.incomplete += 1;
        continue;
      }
      this.underWay += 1;
      begun.push(drain);
    }
    for (const drain of begun) drain.start();
    if (this.underWay > 0 || this.next < this.nodes.length) return;
    this.makespanSeconds ??= this.evacuations.world.simulation.now - this.startSeconds;
  }

  private over({ outcome }: DrainRun): void {
    this.underWay -= 1;
    if (outcome === "completed") this.done += 1;
    else this.incomplete += 1;
    this.evacuations.soon(() => this.goOn());
  }

  result(): MaintenanceResult {
    const { startSeconds, makespanSeconds, done, incomplete } = this;
    return { startSeconds, makespanSeconds, nodes: this.nodes.length, done, incomplete };
  }
}
