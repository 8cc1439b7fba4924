/** What a run does about the load of its hosts: balancing and consolidations. */
import { resolveParameters } from "../kernel/parameter.ts";
import { BALANCING_METHODS } from "../orchestration/balancing-methods.ts";
import { POWER_PARAMETERS } from "../orchestration/power.ts";
import type { LoadTimelineEntry } from "../scenario/load.ts";
import type { MigrationResult } from "../trace/migration-result.ts";
import type { RunResult } from "../trace/result.ts";
import { BalanceRun } from "./balance-run.ts";
import { ConsolidationRun } from "./consolidation-run.ts";
import type { EvacuationPlan } from "./evacuation-plan.ts";
import type { Evacuations } from "./evacuations.ts";
import { named } from "./named.ts";
import type { Plan } from "./plan.ts";
import { Processors } from "./processors.ts";

export class Loads {
  readonly #evacuations: Evacuations;
  readonly #plan: Plan;
  readonly #balances: BalanceRun[] = [];
  readonly #consolidations: ConsolidationRun[] = [];
  #processors: Processors | null = null;

  constructor(evacuations: Evacuations, plan: Plan) {
    this.#evacuations = evacuations;
    this.#plan = plan;
  }

  schedule(entry: LoadTimelineEntry): void {
    // Where machines are is kept up from the start of the run.
    this.#processors ??= new Processors(this.#evacuations.world, this.#plan.scenario);
    const handler = { onEvent: () => this.#begin(entry) };
    this.#evacuations.world.simulation.schedule(entry.atSeconds, handler, 0);
  }

  #begin(entry: LoadTimelineEntry): void {
    const evacuations = this.#evacuations;
    const processors = this.#processors as Processors;
    const plan = this.#plan.evacuations.get(entry) as EvacuationPlan;
    const common = { evacuations, processors, plan };
    if (entry.kind === "consolidate") {
      const power = resolveParameters(POWER_PARAMETERS, entry.power);
      this.#consolidations.push(new ConsolidationRun({ ...common, entry, power }));
      return;
    }
    const method = named(BALANCING_METHODS, entry.method.name, "method");
    const run = new BalanceRun({
      ...common,
      entry,
      method,
      values: resolveParameters(method.parameters, entry.method.overrides),
      balance: this.#balances.length,
      untilSeconds: Math.min(entry.untilSeconds ?? Number.POSITIVE_INFINITY, this.#plan.scenario.horizonSeconds),
    });
    this.#balances.push(run);
    evacuations.observeNodes(() => run.nodesChanged());
  }

  result(migrations: readonly MigrationResult[]): Pick<RunResult, "balances" | "consolidations"> {
    const { horizonSeconds } = this.#plan.scenario;
    const consolidations = this.#consolidations.map((run) => run.result(migrations, horizonSeconds));
    return {
      ...(this.#balances.length === 0 ? {} : { balances: this.#balances.map((run) => run.result()) }),
      ...(consolidations.length === 0 ? {} : { consolidations }),
    };
  }
}
