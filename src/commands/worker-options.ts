/** Options of commands that have workers. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Attempt, badInput, succeeded } from "../failure.ts";

export const MOST_WORKERS = 1024;

/** Less does not hold the simulator itself. */
const LEAST_WORKER_BYTES = 64 * 2 ** 20;

export function addRedisOption(command: Command): void {
  command.addOption(
    new Option("--redis <url>", "where the queue is, as redis://:password@host:6379").env("PRECOPY_REDIS"),
  );
}

export function addWorkerMemoryOption(command: Command): void {
  command.option("--worker-memory <size>", "most memory of a thread, as 1GiB");
}

/** Bytes; null where the flag was not given. */
export async function parseWorkerMemory(text: string | undefined): Promise<Attempt<number | null>> {
  if (text === undefined) return succeeded(null);
  const { parseBytes } = await import("../../sim/index.ts");
  const parsed = parseBytes(text);
  if (!parsed.ok) return badInput(`--worker-memory: ${parsed.problem}; ${parsed.remedy}.`);
  if (parsed.value >= LEAST_WORKER_BYTES) return succeeded(parsed.value);
  return badInput("--worker-memory: the simulator itself needs 64 MiB. Give more.");
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
  };
}
