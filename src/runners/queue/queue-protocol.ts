/** What a sweep and its workers tell each other by way of Redis. */
import type { Redis } from "ioredis";
import { ENGINE_VERSION } from "../../../sim/index.ts";
import type { Failure } from "../../failure.ts";
import type { TextForm } from "../../formats/sweep/row-text.ts";
import type { SweepDefinition, TaskRange } from "../../planning/sweep/sweep-definition.ts";
import type { TimedTasks } from "../sweep/task-runner.ts";

/** Of each version its own: a worker of another one would give other rows, and never sees these. */
export const QUEUE_NAME = `precopy-${ENGINE_VERSION}`;

/** Who is there tells so again after a third of this. */
const PRESENCE_SECONDS = 15;
export const HEARTBEAT_MILLISECONDS = (PRESENCE_SECONDS * 1000) / 3;

/** A definition stays for as long as a sweep may be left alone before it is gone on with. */
const DEFINITION_SECONDS = 7 * 86_400;

/** Some tasks of a sweep. */
export interface JobData extends TaskRange {
  /** Names the definition. */
  sweep: string;
}

/** What a job gives back. */
export type JobResult = { timed: TimedTasks } | { fault: Failure };

export interface StoredSweep {
  definition: SweepDefinition;
  form: TextForm;
}

const definitionKey = (sweep: string) => `precopy:sweep:${sweep}`;

export async function storeSweep(client: Redis, sweep: string, stored: StoredSweep): Promise<void> {
  await client.set(definitionKey(sweep), JSON.stringify(stored), "EX", DEFINITION_SECONDS);
}

/** Null where it is not there (any more). */
export async function loadSweep(client: Redis, sweep: string): Promise<StoredSweep | null> {
  const text = await client.get(definitionKey(sweep));
  return text === null ? null : (JSON.parse(text) as StoredSweep);
}

export type Role = "sweep" | "worker";

const presenceKey = (role: Role, name: string) => `precopy:present:${role}:${name}`;

/** Says that somebody of this version is there, for a while. */
export async function announcePresence(client: Redis, role: Role, name: string): Promise<void> {
  await client.set(presenceKey(role, name), ENGINE_VERSION, "EX", PRESENCE_SECONDS);
}

export async function withdrawPresence(client: Redis, role: Role, name: string): Promise<void> {
  await client.del(presenceKey(role, name));
}

/** The versions of those who are there. */
export async function presentVersions(client: Redis, role: Role): Promise<string[]> {
  const versions = new Set<string>();
  let cursor = "0";
  do {
    const [next, keys] = await client.scan(cursor, "MATCH", presenceKey(role, "*"), "COUNT", 1000);
    cursor = next;
    for (const version of keys.length === 0 ? [] : await client.mget(keys)) if (version !== null) versions.add(version);
  } while (cursor !== "0");
  return [...versions].sort();
}

/** As JSON has it. */
export function portable({ done, seconds }: TimedTasks): TimedTasks {
  const tallies = done.tallies.map((tally) => ({
    ...tally,
    totals: Array.from(tally.totals),
    downtimes: Array.from(tally.downtimes),
  }));
  return { done: { ...done, tallies }, seconds };
}
