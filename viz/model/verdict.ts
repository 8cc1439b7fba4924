/** What came of a migration, as sentences. */
import { formatSeconds } from "./format.ts";
import type { MigrationTimeline } from "./migration-timeline.ts";
import { wordsFor } from "./words-for.ts";

/** The answer in a sentence or three, and whether it is good news. */
export interface Verdict {
  good: boolean;
  text: string;
}

export function verdict(migration: MigrationTimeline): Verdict {
  const { vm, from, to, outcome } = migration;
  if (outcome === null) {
    return { good: false, text: `${vm} was still on its way from ${from} to ${to} when the trace ended.` };
  }
  const still = migration.blackouts.reduce((sum, span) => sum + span.endSeconds - span.startSeconds, 0);
  const downtime = migration.result?.downtimeSeconds ?? (migration.blackouts.length > 0 ? still : null);
  const stood =
    downtime === null ? "The guest never stood still." : `The guest stood still for ${formatSeconds(downtime)}`;
  const wait = worstOutage(migration);
  const waited =
    wait === null
      ? ""
      : wait === 0
        ? "; no client lost an answer"
        : `; its clients had no answer for ${formatSeconds(wait)}`;
  const tail = downtime === null ? stood : `${stood}${waited}.`;
  if (outcome === "completed") {
    const started = migration.startSeconds ?? migration.requestedSeconds;
    const total = migration.result?.totalSeconds ?? (migration.endSeconds ?? started) - started;
    return { good: true, text: `${vm} moved from ${from} to ${to} in ${formatSeconds(total)}. ${tail}` };
  }
  const said: Record<string, string> = {
    failed: `The migration of ${vm} failed`,
    cancelled: `The migration of ${vm} was cancelled`,
    "not-converged": `${vm} did not move: pre-copy did not converge`,
    lost: `${vm} was lost on its way`,
  };
  return { good: false, text: `${wordsFor(said, outcome)}. ${asSentence(migration.reason, [vm, from, to])} ${tail}` };
}

/** Names keep their small letters. */
function asSentence(text: string, names: readonly string[]): string {
  const isName = names.some((name) => text.startsWith(name));
  const sentence = isName ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function worstOutage(migration: MigrationTimeline): number | null {
  if (migration.result !== null) return migration.result.clientOutageSeconds;
  if (migration.clients.length === 0) return null;
  const waits = migration.clients.flatMap((client) =>
    client.outages.map((outage) => outage.endSeconds - outage.lastReplySeconds),
  );
  return Math.max(0, ...waits);
}
