/** Templates: one entry of a scenario that stands for many. */
import type { ProblemList, ScenarioPath } from "./problem.ts";

/** An entry after expansion, with the place in the file that it came from. */
export interface Placed<Entry> {
  readonly entry: Entry;
  readonly path: ScenarioPath;
}

interface Template {
  template?: string | undefined;
  count?: number | undefined;
}

/** `{i}`, or `{i:2}` padded with zeros to that many digits. */
const PLACEHOLDER = /\{i(?::(\d))?\}/g;

function fill(text: string, index: number): string {
  return text.replace(PLACEHOLDER, (_whole, digits: string | undefined) =>
    String(index).padStart(Number(digits ?? 0), "0"),
  );
}

function fillAll<Value>(value: Value, index: number): Value {
  if (typeof value === "string") return fill(value, index) as Value;
  if (Array.isArray(value)) return value.map((item: unknown) => fillAll(item, index)) as Value;
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillAll(item, index)])) as Value;
  }
  return value;
}

function holdsPlaceholder(value: unknown): boolean {
  if (typeof value === "string") return value.search(PLACEHOLDER) >= 0;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsPlaceholder);
}

export interface Expansion<Entry> {
  readonly placed: Placed<Omit<Entry, keyof Template>>[];
  /** False where a template could not be expanded, so that a name not found may be one of its. */
  readonly complete: boolean;
}

/** Entries in order, each template replaced by `count` entries with `{i}` from 1. At most `greatestCount` in all. */
export function expandTemplates<Entry extends Template>(
  entries: readonly Entry[],
  collection: string,
  greatestCount: number,
  problems: ProblemList,
): Expansion<Entry> {
  const kind = collection === "nodes" ? "node" : "vm";
  const placed: Placed<Omit<Entry, keyof Template>>[] = [];
  let complete = true;
  for (const [index, { template, count, ...entry }] of entries.entries()) {
    const path = [collection, index];
    if (template === undefined) {
      if (count !== undefined)
        problems.add([...path, "count"], "count stands without template", `add template: ${kind}, or remove count`);
      if (holdsPlaceholder(entry)) {
        problems.add(path, "{i} stands outside a template", `add template: ${kind} and count, or write the name out`);
      }
      placed.push({ entry, path });
      continue;
    }
    if (count === undefined) {
      problems.add([...path, "template"], "the template does not say how many to make", "add count: 3, for example");
      complete = false;
      continue;
    }
    if (placed.length + count > greatestCount) {
      problems.add([...path, "count"], `more than ${greatestCount} ${collection} in all`, "lower the count");
      complete = false;
      continue;
    }
    for (let number = 1; number <= count; number += 1) placed.push({ entry: fillAll(entry, number), path });
  }
  return { placed, complete };
}
