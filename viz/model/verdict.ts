/** What came of a migration, as sentences. */
import { formatSeconds } from "./format.ts";
import type { MigrationTimeline } from "./migration-timeline.ts";
import type { TermId } from "./terms.ts";
import { wordsFor } from "./words-for.ts";

/** The answer in a sentence or three, and whether it is good news. */
export interface Verdict {
  good: boolean;
  text: string;
  /** Numbers of the text, in its order, each with what it means. */
  numbers: readonly VerdictNumber[];
}

export interface VerdictNumber {
  /** Where it stands in the text. */
  start: number;
  text: string;
  title: string;
  term: TermId;
}

/** Puts a verdict together, and notes where its numbers stand. */
export class VerdictText {
  text = "";
  readonly numbers: VerdictNumber[] = [];

  say(words: string): this {
    this.text += words;
    return this;
  }

  number(text: string, title: string, term: TermId): this {
    this.numbers.push({ start: this.text.length, text, title, term });
    return this.say(text);
  }

  verdict(good: boolean): Verdict {
    return { good, text: this.text, numbers: this.numbers };
  }
}

export function verdict(migration: MigrationTimeline): Verdict {
  const { vm, from, to, outcome } = migration;
  const told = new VerdictText();
  if (outcome === null) {
    return told.say(`${vm} was still on its way from ${from} to ${to} when the trace ended.`).verdict(false);
  }
  const completed = outcome === "completed";
  if (completed) {
    const started = migration.startSeconds ?? migration.requestedSeconds;
    const total = migration.result?.totalSeconds ?? (migration.endSeconds ?? started) - started;
    told.say(`${vm} moved from ${from} to ${to} in `).number(formatSeconds(total), "In all", "total").say(". ");
  } else {
    const said: Record<string, string> = {
      failed: `The migration of ${vm} failed`,
      cancelled: `The migration of ${vm} was cancelled`,
      "not-converged": `${vm} did not move: pre-copy did not converge`,
      lost: `${vm} was lost on its way`,
    };
    told.say(`${wordsFor(said, outcome)}. ${asSentence(migration.reason, [vm, from, to])} `);
  }
  sayStandstill(told, migration);
  return told.verdict(completed);
}

/** `The guest stood still for 302 ms; its clients had no answer for 500 ms.` */
function sayStandstill(told: VerdictText, migration: MigrationTimeline): void {
  const still = migration.blackouts.reduce((sum, span) => sum + span.endSeconds - span.startSeconds, 0);
  const downtime = migration.result?.downtimeSeconds ?? (migration.blackouts.length > 0 ? still : null);
  if (downtime === null) {
    told.say("The guest never stood still.");
    return;
  }
  told.say("The guest stood still for ").number(formatSeconds(downtime), "The guest stood still", "blackout");
  const wait = worstOutage(migration);
  if (wait === 0) told.say("; no client lost an answer");
  else if (wait !== null) {
    const { clients } = migration;
    const title = clients.length > 1 ? "The client that waited longest" : "Its clients had no answer";
    told.say("; its clients had no answer for ").number(formatSeconds(wait), title, "outage");
  }
  told.say(".");
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
