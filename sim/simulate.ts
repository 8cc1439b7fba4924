/** The one front door: a scenario in, a result and, where asked for, a trace out. */
import { type PolicyDefinition, PolicyFault, whyNoPolicy } from "./migration/own-policy.ts";
import { portableSha256, type Sha256, scenarioSha256 } from "./scenario/digest.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { ENGINE_VERSION } from "./trace/engine-version.ts";
import { SCHEMA_VERSION, type TraceEvent } from "./trace/events.ts";
import { type Recorder, silentRecorder } from "./trace/recorder.ts";
import type { Assumption, RunResult } from "./trace/result.ts";
import { assumptionsOf } from "./world/assumptions.ts";
import { type Plan, planOf } from "./world/plan.ts";
import { ScenarioRun } from "./world/scenario-run.ts";

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
    const dirtyLog = options.dirtyLog ?? "statistical";
    const scenarioRun = new ScenarioRun(this.plan, { seed, recorder, dirtyLog, policy });
    const { migrations, incidents, warnings } = scenarioRun.run();
    return {
      schemaVersion: SCHEMA_VERSION,
      engineVersion: ENGINE_VERSION,
      scenario: { name: scenario.name, sha256: this.sha256 },
      seed,
      ...(policy === null ? {} : { policy: policy.name }),
      migrations,
      ...incidents,
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
