/** What a run comes to, in a sentence. */
import { formatBytes, formatCount, formatSeconds, type MigrationResult } from "../../sim/index.ts";
import type { Paint } from "./paint.ts";

/** Words for the rules of the profiles that end pre-copy; a rule without an entry is told by its name. */
const RULE_WORDS: Readonly<Record<string, string>> = {
  "remaining-below-threshold": "the rest fitting into the downtime limit",
  "pass-limit": "the pass limit",
  "few-pages-left": "few pages being left",
  "nothing-left": "nothing being left to send",
  "round-limit": "the limit on rounds",
  "sent-too-much": "the limit on what is sent",
  "no-progress": "a round that made no progress",
  "left-within-switchover-time": "the rest fitting into the switchover time",
  "post-copy-after-rounds": "post-copy after so many rounds",
  "post-copy-command": "the command to go to post-copy",
  "quick-resume": "quick resume, passes making no progress",
  "nova-completion-timeout": "nova's time-out for completion",
  "ovirt-convergence-schedule": "oVirt's list of actions",
  "ovirt-max-time": "oVirt's time for a migration",
  "ovirt-progress-timeout": "oVirt's time-out for progress",
  "kubevirt-completion-timeout": "KubeVirt's time-out for completion",
  "kubevirt-progress-timeout": "KubeVirt's time-out for progress",
  "kubevirt-stall": "KubeVirt's detection of a stall",
};

/** What ended pre-copy, as a sentence has it. */
export function ruleWords(rule: string): string {
  return RULE_WORDS[rule] ?? `the rule ${rule}`;
}

/** Sentences about one migration, each a line of its own before wrapping. */
export function migrationVerdict(migration: MigrationResult, paint: Paint): string[] {
  const { vm, from, to, mode } = migration;
  const by = `${mode === "live" ? "" : `${mode}, `}${migration.profile}`;
  if (migration.outcome !== "completed") {
    const verb = migration.outcome === "lost" ? "was lost on its way" : "did not move";
    const verdict = `${vm} ${verb} from ${from} to ${to} (${by}): ${migration.outcome}.`;
    return [paint(["bold", "red"], verdict), asSentence(migration), ...describePrecopy(migration)];
  }
  const parts: string[] = [];
  if (migration.totalSeconds !== null) parts.push(`${formatSeconds(migration.totalSeconds)} in all`);
  if (migration.downtimeSeconds !== null) parts.push(`guest stood still ${formatSeconds(migration.downtimeSeconds)}`);
  const outageSeconds = migration.clientOutageSeconds;
  if (outageSeconds !== null)
    parts.push(`clients noticed ${outageSeconds === 0 ? "nothing" : formatSeconds(outageSeconds)}`);
  const verdict = `${vm} moved from ${from} to ${to} (${by}): ${parts.join(", ")}.`;
  return [paint(["bold", "green"], verdict), ...describePrecopy(migration)];
}

/** The verdict on several migrations, or on none. */
export function overallVerdict(migrations: readonly MigrationResult[], paint: Paint): string {
  if (migrations.length === 0) return paint("bold", "Nothing was to be migrated: the timeline asks for no migration.");
  const completed = migrations.filter((migration) => migration.outcome === "completed");
  const counts = `${formatCount(completed.length)} of ${formatCount(migrations.length)} migrations completed`;
  const longest = worst(completed, (migration) => migration.downtimeSeconds);
  const noticed = worst(completed, (migration) => migration.clientOutageSeconds);
  const parts = [counts];
  if (longest !== null) parts.push(`longest downtime ${formatSeconds(longest.seconds)} (${longest.vm})`);
  if (noticed !== null && noticed.seconds > 0) {
    parts.push(`longest client outage ${formatSeconds(noticed.seconds)} (${noticed.vm})`);
  }
  const all = completed.length === migrations.length;
  return paint(["bold", all ? "green" : "red"], `${parts.join("; ")}.`);
}

function worst(
  migrations: readonly MigrationResult[],
  secondsOf: (migration: MigrationResult) => number | null,
): { vm: string; seconds: number } | null {
  let found: { vm: string; seconds: number } | null = null;
  for (const migration of migrations) {
    const seconds = secondsOf(migration);
    if (seconds !== null && (found === null || seconds > found.seconds)) found = { vm: migration.vm, seconds };
  }
  return found;
}

function describePrecopy(migration: MigrationResult): string[] {
  const copies = migration.rounds.filter((round) => !round.final).length;
  const sent = `${formatBytes(migration.transferredBytes)} went over the network`;
  if (copies === 0) return migration.transferredBytes > 0 ? [`${sent}.`] : [];
  const rounds = `${formatCount(copies)} ${copies === 1 ? "round" : "rounds"}`;
  if (migration.endedBy === null) return [`${rounds} of pre-copy; ${sent}.`];
  return [`Pre-copy ended after ${rounds} by ${ruleWords(migration.endedBy)}; ${sent}.`];
}

/** Names keep their small letters. */
function asSentence({ reason, vm, from, to }: MigrationResult): string {
  const trimmed = reason.trim();
  if (trimmed === "") return "No reason is given.";
  const isName = [vm, from, to].some((name) => trimmed.startsWith(name));
  const sentence = isName ? trimmed : (trimmed[0] as string).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
