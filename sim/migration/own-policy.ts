/** A convergence rule of one's own, in place of a hypervisor's or on top of it. */
import type { PrecopyDecision, PrecopyPolicy, PrecopyView } from "./policy.ts";

/** The migration that a rule is asked about. */
export interface PolicyMigration {
  readonly vm: string;
  readonly from: string;
  readonly to: string;
  /** Whose rules it would follow otherwise. */
  readonly profile: string;
  /** All that the hypervisor counts as the guest's memory. */
  readonly memoryBytes: number;
  /** Whether `start-post-copy` can be decided: the hypervisor does post-copy, and it was asked for. */
  readonly canPostCopy: boolean;
}

/** What a rule sees after each read of the dirty bitmap, the guest running. */
export interface PolicyView extends PrecopyView {
  /** What the hypervisor itself would do now: return it to agree. */
  readonly proposed: PrecopyDecision;
}

/** Asked after each read of the bitmap. */
export type PolicyRule = (view: PolicyView) => PrecopyDecision;

/**
 * A convergence rule. It must be pure: what it decides follows from what it is shown, with no clock, no Math.random and
 * nothing kept between migrations, or the same scenario and seed no longer give the same result.
 */
export interface PolicyDefinition {
  /** A short name: results say which policy was in force. */
  readonly name: string;
  /** Called once as a migration begins; what the rule keeps of earlier rounds it keeps in here. */
  readonly begin: (migration: PolicyMigration) => PolicyRule;
}

/** Says that an object is a policy, so that an editor checks and completes it; returns it as it is. */
export function definePolicy(policy: PolicyDefinition): PolicyDefinition {
  return policy;
}

/** A policy that is not one, or that broke as it was asked. `problem` is the rest of a sentence. */
export class PolicyFault extends Error {
  readonly policy: string;
  readonly problem: string;
  readonly remedy: string;

  constructor(policy: string, problem: string, remedy: string) {
    super(`policy ${policy}: ${problem}`);
    this.name = "PolicyFault";
    this.policy = policy;
    this.problem = problem;
    this.remedy = remedy;
  }
}

const FORM = "export default { name, begin(migration) { return (view) => view.proposed; } }";
const DECISIONS =
  'return view.proposed, or { kind: "another-round" } with deniedShare and limits as wanted, or { kind: "stop-guest", rule, ' +
  'reason }, "start-post-copy" or "give-up" in the same form';

/** What is wrong with something that should be a policy; null where it is one. */
export function whyNoPolicy(candidate: unknown): { problem: string; remedy: string } | null {
  const remedy = `write ${FORM}`;
  if (typeof candidate !== "object" || candidate === null) {
    return { problem: `it is ${described(candidate)}, not an object with name and begin`, remedy };
  }
  const { name, begin } = candidate as { name?: unknown; begin?: unknown };
  if (typeof name !== "string" || name.trim() === "") return { problem: "its name is missing, or is no text", remedy };
  if (typeof begin !== "function") return { problem: "its begin is missing, or is no function", remedy };
  return null;
}

/** The hypervisor's policy with one's own on top, for one migration. Throws PolicyFault where that breaks. */
export function ownPolicy(
  definition: PolicyDefinition,
  migration: PolicyMigration,
  hypervisors: PrecopyPolicy,
): PrecopyPolicy {
  const { name } = definition;
  const rule: unknown = guarded(name, "begin", () => definition.begin(migration));
  if (typeof rule !== "function") {
    throw new PolicyFault(name, `begin returned ${described(rule)}, not a function of the view`, `write ${FORM}`);
  }
  return (view) => {
    const proposed = hypervisors(view);
    const at = `in round ${view.round}`;
    const decision: unknown = guarded(name, at, () => (rule as PolicyRule)({ ...view, proposed }));
    const problem = whyNoDecision(decision);
    if (problem !== null) throw new PolicyFault(name, `${at} it returned ${problem}`, DECISIONS);
    const decided = decision as PrecopyDecision;
    if (decided.kind === "start-post-copy" && !migration.canPostCopy) {
      const remedy =
        'give the migration mode: post-copy or a profile that can, or return { kind: "stop-guest", rule, reason }';
      throw new PolicyFault(name, `${at} it asked for post-copy, which this migration cannot do`, remedy);
    }
    return decided;
  };
}

function guarded(policy: string, where: string, ask: () => unknown): unknown {
  try {
    return ask();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new PolicyFault(
      policy,
      `${where} it failed: ${said}`,
      "mend the policy; the view's fields are in docs/policies.md",
    );
  }
}

/** What was returned in place of a decision; null where it is one. */
function whyNoDecision(decision: unknown): string | null {
  if (typeof decision !== "object" || decision === null) return described(decision);
  const { kind, rule, reason, deniedShare, limits } = decision as Record<string, unknown>;
  switch (kind) {
    case "another-round":
      if (deniedShare !== undefined && !isBetween(deniedShare, 0, 1)) {
        return `a deniedShare of ${described(deniedShare)}: it is from 0 to 1`;
      }
      return limits === undefined ? null : whyNoLimits(limits);
    case "stop-guest":
    case "start-post-copy":
    case "give-up":
      if (typeof rule === "string" && rule !== "" && typeof reason === "string" && reason !== "") return null;
      return `${kind} without a rule and a reason, both texts`;
    default:
      return `an object whose kind is ${described(kind)}`;
  }
}

function whyNoLimits(limits: unknown): string | null {
  if (typeof limits !== "object" || limits === null) return `limits that are ${described(limits)}`;
  const { downtimeLimitSeconds, maxBandwidthBytesPerSecond } = limits as Record<string, unknown>;
  if (downtimeLimitSeconds !== undefined && !isBetween(downtimeLimitSeconds, 0, 1e9)) {
    return `a downtimeLimitSeconds of ${described(downtimeLimitSeconds)}: it is a number of seconds`;
  }
  const noBandwidth =
    maxBandwidthBytesPerSecond !== undefined && !isBetween(maxBandwidthBytesPerSecond, 1, Number.POSITIVE_INFINITY);
  return noBandwidth
    ? `a maxBandwidthBytesPerSecond of ${described(maxBandwidthBytesPerSecond)}: it is at least 1, Infinity for no limit`
    : null;
}

function isBetween(value: unknown, least: number, greatest: number): boolean {
  return typeof value === "number" && value >= least && value <= greatest;
}

function described(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value === "number" || typeof value === "boolean" || value === null) return String(value);
  return Array.isArray(value) ? "a list" : typeof value === "function" ? "a function" : "an object";
}
