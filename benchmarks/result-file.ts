/** What a run of the benchmarks leaves for programs, and for `npm run bench:compare`. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Environment } from "./environment.ts";
import type { Figure } from "./suite.ts";
import type { TargetReached } from "./target-table.ts";

export const SCHEMA_VERSION = 2;

export interface ResultFile {
  readonly schemaVersion: number;
  readonly engineVersion: string;
  readonly environment: Environment & { readonly loadAverageAfter: readonly number[] };
  readonly suites: readonly {
    readonly name: string;
    readonly title: string;
    readonly figures: readonly Figure[];
    readonly skipped: readonly string[];
  }[];
  readonly targets: readonly TargetReached[];
  readonly doubts: readonly string[];
}

/** Writes it whole or not at all, and makes its folder. */
export function writeResult(file: string, result: ResultFile): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, `${JSON.stringify(result, null, 2)}\n`);
  renameSync(`${file}.part`, file);
}

/** The result in a file, or a sentence on why there is none. */
export function readResult(file: string): ResultFile | string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return `${file} cannot be read: ${(error as Error).message}`;
  }
  return parseResult(text, file);
}

/** @param file what messages call it */
export function parseResult(text: string, file: string): ResultFile | string {
  let value: Partial<ResultFile> | null;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `${file} is not JSON: ${(error as Error).message}. Give a file that npm run bench wrote.`;
  }
  if (!Array.isArray(value?.suites) || typeof value.environment?.node !== "string") {
    return `${file} is not a result of npm run bench.`;
  }
  if (value.schemaVersion !== SCHEMA_VERSION) {
    return `${file} has schemaVersion ${value.schemaVersion}; this program compares ${SCHEMA_VERSION}. Measure anew.`;
  }
  return value as ResultFile;
}
