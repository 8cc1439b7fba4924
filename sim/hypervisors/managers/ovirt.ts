/**
 * oVirt: vdsm watches a migration at the source host (lib/vdsm/virt/migration.py) and goes through a list of actions that the
 * engine gives it with its migration policy.
 */
import { type ParameterTable, resolveParameters } from "../../kernel/parameter.ts";
import { firstPollFrom, type ManagedMigration, type Manager, type ManagerView } from "../../migration/manager.ts";
import type { PrecopyView } from "../../migration/policy.ts";
import { PollSampler } from "../../migration/poll-sampler.ts";
import { type Management, type ManagementValues, POST_COPY_ON_COMMAND } from "./management.ts";
import { ovirtLegacy } from "./ovirt-legacy.ts";
import { VDSM_PARAMETERS } from "./vdsm-parameters.ts";

const ENGINE = "oVirt engine, packaging/dbscripts/upgrade/pre_upgrade/0000_config.sql, MigrationPolicies";

const NEVER = Number.POSITIVE_INFINITY;

/** What is done once the migration has begun more than so many new iterations, as the monitor counts them. */
export interface ConvergenceStep {
  readonly afterIterations: number;
  readonly action: { readonly setDowntimeSeconds: number } | "post-copy" | "abort";
}

/**
 * The monitor: it sees a new iteration where more is left than at its last look, and goes on to the next step of the list
 * where the iterations seen outnumber that step's limit (_next_action); one step a look.
 */
class ScheduleManager implements Manager {
  readonly firstLookSeconds = NEVER;
  private readonly schedule: readonly ConvergenceStep[];
  private readonly sampler: PollSampler;
  private iterations = 0;
  private done = 0;

  constructor(schedule: readonly ConvergenceStep[], intervalSeconds: number) {
    this.schedule = schedule;
    this.sampler = new PollSampler(intervalSeconds);
  }

  /** Within a round what is left goes down: only the first look after it can see more than the one before. */
  roundEnded(view: PrecopyView): number {
    this.sampler.roundEnded(view);
    if (this.done === this.schedule.length) return NEVER;
    return firstPollFrom(view.elapsedSeconds, this.sampler.intervalSeconds);
  }

  look({ elapsedSeconds, remainingBytes }: ManagerView, migration: ManagedMigration): number {
    const before = this.sampler.remainingBytes;
    this.sampler.saw(elapsedSeconds, remainingBytes);
    if (before !== null && before < remainingBytes) {
      this.iterations++;
      this.nextAction(migration);
    }
    return NEVER;
  }

  private nextAction(migration: ManagedMigration): void {
    const step = this.schedule[this.done];
    if (step === undefined || step.afterIterations >= this.iterations) return;
    this.done++;
    const rule = "ovirt-convergence-schedule";
    const seen = `${this.iterations} iterations that vdsm has seen`;
    if (step.action === "abort")
      migration.abort(rule, `oVirt aborted the migration after ${seen}: its list of actions ends so.`);
    else if (step.action === "post-copy") migration.startPostCopy(rule, `oVirt's list of actions, ${seen}`);
    else migration.changeLimits({ downtimeLimitSeconds: step.action.setDowntimeSeconds });
  }
}

/** One of the engine's policies: its list of actions, as parameters. */
interface EnginePolicy {
  readonly name: string;
  readonly policy: string;
  /** Downtime limit once more than so many iterations were seen. */
  readonly downtimes: readonly (readonly [afterIterations: number, seconds: number])[];
  /** Done one after the other, an iteration each, once the downtimes are through. */
  readonly last: readonly ConvergenceStep["action"][];
  readonly compression: boolean;
}

const UP_TO_500_MS = [
  [1, 0.15],
  [2, 0.2],
  [3, 0.3],
  [4, 0.4],
  [6, 0.5],
] as const;

const ENGINE_POLICIES: readonly EnginePolicy[] = [
  { name: "ovirt", policy: "Minimal downtime", downtimes: UP_TO_500_MS, last: ["abort"], compression: false },
  {
    name: "ovirt-suspend-workload",
    policy: "Suspend workload if needed",
    downtimes: UP_TO_500_MS,
    last: [{ setDowntimeSeconds: 5 }, "abort"],
    compression: true,
  },
  {
    name: "ovirt-post-copy",
    policy: "Post-copy migration",
    downtimes: UP_TO_500_MS.slice(0, 2),
    last: ["post-copy", "abort"],
    compression: false,
  },
];

function downtimeKey(afterIterations: number): string {
  return `downtimeAfter${afterIterations}Seconds`;
}

function parametersOf({ policy, downtimes, compression }: EnginePolicy): ParameterTable {
  const source = `${ENGINE}, ${policy}`;
  const table: Record<string, ParameterTable[string]> = {
    ...VDSM_PARAMETERS,
    initialDowntimeSeconds: {
      value: 0.1,
      kind: "seconds",
      provenance: "documented",
      source: `${source}: initialItems, setDowntime 100.`,
      meaning: "Downtime limit from the start.",
      least: 0,
      greatest: 2000,
    },
    autoConverge: {
      value: true,
      kind: "flag",
      provenance: "documented",
      source: `${source}: autoConvergence.`,
      meaning: "QEMU throttles a guest that dirties too fast.",
    },
    compression: {
      value: compression,
      kind: "flag",
      provenance: "documented",
      source: `${source}: migrationCompression, libvirt's VIR_MIGRATE_COMPRESSED, QEMU's xbzrle.`,
      meaning: "QEMU sends what changed of a page only.",
    },
  };
  for (const [afterIterations, seconds] of downtimes) {
    table[downtimeKey(afterIterations)] = {
      value: seconds,
      kind: "seconds",
      provenance: "documented",
      source: `${source}: convergenceItems, stallingLimit ${afterIterations}, setDowntime ${Math.round(seconds * 1000)}.`,
      meaning: `Downtime limit once more than ${afterIterations} iterations were seen.`,
      least: 0,
      greatest: 2000,
    };
  }
  return table;
}

function engineManagement(engine: EnginePolicy): Management {
  const parameters = parametersOf(engine);
  const resolved = (values: ManagementValues): ManagementValues => resolveParameters(parameters, values);
  return {
    name: engine.name,
    title: `oVirt, policy "${engine.policy}"`,
    parameters,
    profileSettings(values) {
      const { maxBandwidthBytesPerSecond, initialDowntimeSeconds, autoConverge, compression } = resolved(values);
      return {
        maxBandwidthBytesPerSecond: maxBandwidthBytesPerSecond as number,
        downtimeLimitSeconds: initialDowntimeSeconds as number,
        ...(autoConverge === true ? { autoConverge } : {}),
        ...(compression === true ? { xbzrle: compression } : {}),
        ...(engine.last.includes("post-copy") ? POST_COPY_ON_COMMAND : {}),
      };
    },
    makeManager(values) {
      const inForce = resolved(values);
      const rising = engine.downtimes.map(([afterIterations]) => ({
        afterIterations,
        action: { setDowntimeSeconds: inForce[downtimeKey(afterIterations)] as number },
      }));
      // The engine gives the last ones a limit of -1: at the next iteration, however many there were.
      const last = engine.last.map((action) => ({ afterIterations: -1, action }));
      return new ScheduleManager([...rising, ...last], inForce.monitorIntervalSeconds as number);
    },
  };
}

/** The default of new clusters first. */
export const ovirt: readonly Management[] = [...ENGINE_POLICIES.map(engineManagement), ovirtLegacy];
