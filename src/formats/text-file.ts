/** Text that a user hands in: read whole, refused where it is not text. */
import { readFile } from "node:fs/promises";
import { addAbortSignal } from "node:stream";
import { type Attempt, badInput, describeSystemError, succeeded } from "../failure.ts";

/** `-` stands for standard input. */
export const STANDARD_STREAM = "-";

/** How messages call a source of text. */
export function nameOfSource(path: string): string {
  return path === STANDARD_STREAM ? "standard input" : path;
}

/**
 * @param stopping ends the reading of a pipe that brings nothing; rejects then
 * @param remedy what to give instead of a file that is not text
 */
export async function readTextFile(
  path: string,
  stopping: AbortSignal,
  remedy = "Give a scenario in YAML or JSON, in UTF-8.",
): Promise<Attempt<string>> {
  let bytes: Uint8Array;
  try {
    bytes = path === STANDARD_STREAM ? await readStandardInput(stopping) : await readFile(path, { signal: stopping });
  } catch (error) {
    if (stopping.aborted) throw error;
    const failed = describeSystemError(error);
    return badInput(`cannot read ${nameOfSource(path)}: ${failed.problem}. ${failed.remedy}`);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return succeeded(text);
  } catch {
    // Not UTF-8: the answer is the same as for text with null characters.
  }
  return badInput(`${nameOfSource(path)} is not a text file. ${remedy}`);
}

async function readStandardInput(stopping: AbortSignal): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of addAbortSignal(stopping, process.stdin)) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces);
}
