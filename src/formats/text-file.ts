/** Text that a user hands in: read whole, refused where it is not text. */
import { readFileSync } from "node:fs";
import { type Attempt, badInput, describeSystemError, succeeded } from "../failure.ts";

/** `-` stands for standard input. */
export const STANDARD_STREAM = "-";

/** How messages call a source of text. */
export function nameOfSource(path: string): string {
  return path === STANDARD_STREAM ? "standard input" : path;
}

export function readTextFile(path: string): Attempt<string> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path === STANDARD_STREAM ? 0 : path);
  } catch (error) {
    const { problem, remedy } = describeSystemError(error);
    return badInput(`cannot read ${nameOfSource(path)}: ${problem}. ${remedy}`);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return succeeded(text);
  } catch {
    // Not UTF-8: the answer is the same as for text with null characters.
  }
  return badInput(`${nameOfSource(path)} is not a text file. Give a scenario in YAML or JSON, in UTF-8.`);
}
