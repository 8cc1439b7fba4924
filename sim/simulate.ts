/** The one front door: a scenario in, a result and, where asked for, a trace out. */
import { type PolicyDefinition, PolicyFault, whyNoPolicy } from "./migration/own-policy.ts";
import { portableSha256, type Sha256, scenarioSha256 } from "./scenario/digest.ts";
import { isFailoverEntry } from "./scenario/failover.ts";
import { isLoadEntry } from "./scenario/load.ts";
import { isMaintenanceEntry } from "./scenario/maintenance.ts";
import { isNetworkFault } from "./scenario/network-faults.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { isStorageEntry } from "./scenario/storage.ts";
import { ENGINE_VERSION } from "./trace/engine-version.ts";
import { SCHEMA_VERSION, type TraceEvent } from "./trace/events.ts";
import { type Recorder, silentRecorder } from "./trace/recorder.ts";
import type { Assumption, RunResult } from "./trace/result.ts";
import { assumptionsOf } from "./world/assumptions.ts";
import { Backups } from "./world/backups.ts";
import { Evacuations } from "./world/evacuations.ts";
import { Failover } from "./world/failover.ts";
import { Loads } from "./world/loads.ts";
import { MigrationCommand } from "./world/migration-command.ts";
import { MigrationRun } from "./world/migration-run.ts";
import { NetworkFaults } from "./world/network-faults.ts";
import { type MigrationPlan, type Plan, planOf } from "./world/plan.ts";
import { Storage } from "./world/storage.ts";
import { World } from "./world/world.ts";

export interface SimulateOptions {
  /** Instead of the scenario's own seed. */
  seed?: string;
  /** Called with each event in total order; without it no event is built. */
  onEvent?: (event: TraceEvent) => void;
  /** How dirty pages are tracked: by counts (exact in law, fast) or page by page (the judge). Default `statistical`. */
  dirtyLog?: "statistical" | "bitmap";
  /** A convergence rule of one's own for all migrations. Where it breaks, PolicyFault is thrown. */
  policy?: PolicyDefinition | null;
  /** SHA-256 as the platform has it, which is faster for large scenarios; its answer must be that of any other. */
  sha256?: Sha256;
}

/** A scenario made ready for many runs: what does not depend on the seed is done once. */
export class PreparedScenario {
  readonly scenario: Scenario;
  private readonly plan: Plan;
  private readonly sha256: string;
  private readonly assumptions: Assumption[];

  /** The scenario must be a normalised one (parseScenario), and must not be changed afterwards. */
  constructor(scenario: Scenario, sha256: Sha256 = portableSha256) {
    this.scenario = scenario;
    this.plan = planOf(scenario);
    this.sha256 = scenarioSha256(scenario, sha256);
    this.assumptions = assumptionsOf(scenario, this.plan.environment);
  }

  /** Simulates to the end. Deterministic: the same scenario and seed give the same result, bit for bit. */
  run(options: SimulateOptions = {}): RunResult {
    const { scenario } = this;
    const seed = options.seed ?? scenario.seed;
    const recorder = recorderFor(options.onEvent);
    const policy = options.policy ?? null;
    const fault = policy === null ? null : whyNoPolicy(policy);
    if (fault !== null) throw new PolicyFault("given", fault.problem, fault.remedy);
    const world = new World(this.plan, seed, recorder, options.dirtyLog ?? "statistical", policy);
    const { simulation } = world;
    const warnings: string[] = [...this.plan.warnings];
    const storage = new Storage(world, scenario, warnings);
    const networkFaults = new NetworkFaults(world, storage, warnings);
    const evacuations = new Evacuations(world, this.plan, warnings);
    const loads = new Loads(evacuations, this.plan);
    const backups = new Backups(
      world,
      storage,
      scenario.vms.map(({ name }) => name),
    );
    const failover = new Failover(world, this.plan.failover, { storage, evacuations, backups }, warnings);
    const runs: MigrationRun[] = [];
    for (const entry of scenario.timeline) {
      if (isMaintenanceEntry(entry)) {
        evacuations.schedule(entry);
      } else if (isNetworkFault(entry)) {
        networkFaults.schedule(entry);
      } else if (isLoadEntry(entry)) {
        loads.schedule(entry);
      } else if (isStorageEntry(entry)) {
        storage.schedule(entry);
      } else if (isFailoverEntry(entry)) {
        failover.schedule(entry);
      } else if (entry.kind === "backup") {
        backups.schedule(entry);
      } else if (entry.kind === "migrate") {
        const run = new MigrationRun(world, this.plan.migrations[runs.length] as MigrationPlan);
        runs.push(run);
        simulation.schedule(entry.atSeconds, run, 0);
      } else {
        const command = new MigrationCommand(simulation, world.runs.requested, entry, warnings);
        simulation.schedule(entry.atSeconds, command, 0);
      }
    }
    simulation.run(scenario.horizonSeconds);
    for (const run of [...world.runs.open, ...runs]) run.atHorizon(scenario.horizonSeconds);
    const migrations = world.runs.requested.map((run) => run.result(scenario.horizonSeconds));
    return {
      schemaVersion: SCHEMA_VERSION,
      engineVersion: ENGINE_VERSION,
      scenario: { name: scenario.name, sha256: this.sha256 },
      seed,
      ...(policy === null ? {} : { policy: policy.name }),
      migrations,
      ...evacuations.result(),
      ...loads.result(migrations),
      ...backups.result(scenario.horizonSeconds),
      ...storage.result(scenario.horizonSeconds),
      ...failover.result(scenario.horizonSeconds),
      assumptions: this.assumptions,
      warnings,
    };
  }
}

/** Simulates a scenario to its end. For many seeds of one scenario, `new PreparedScenario(scenario).run()` is faster. */
export function simulate(scenario: Scenario, options: SimulateOptions = {}): RunResult {
  return new PreparedScenario(scenario, options.sha256).run(options);
}

function recorderFor(onEvent: SimulateOptions["onEvent"]): Recorder {
  return onEvent === undefined ? silentRecorder : { recording: true, record: onEvent };
}
