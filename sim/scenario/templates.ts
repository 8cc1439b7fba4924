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
  copies?: number | undefined;
}

/** `{i}` and, of a copy, `{j}`; `{i:2}` padded with zeros to that many digits. */
const PLACEHOLDER = /\{([ij])(?::(\d))?\}/g;

function fill(text: string, index: number, copy: number): string {
  return text.replace(PLACEHOLDER, (_whole, which: string, digits: string | undefined) =>
    String(which === "i" ? index : copy).padStart(Number(digits ?? 0), "0"),
  );
}

/** The value with its texts filled in; parts without placeholders are those of the template itself. */
function fillAll<Value>(value: Value, index: number, copy: number): Value {
  if (typeof value === "string") return value.includes("{") ? (fill(value, index, copy) as Value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const filled = value.map((item: unknown) => fillAll(item, index, copy));
    return filled.some((item, position) => item !== value[position]) ? (filled as Value) : value;
  }
  let changed: Record<string, unknown> | null = null;
  for (const [key, item] of Object.entries(value)) {
    const filled: unknown = fillAll(item, index, copy);
    if (filled === item) continue;
    changed ??= { ...(value as Record<string, unknown>) };
    changed[key] = filled;
  }
  return (changed ?? value) as Value;
}

/** The keys under which an entry holds placeholders: the others are looked at once for the whole template. */
function keysToFill<Entry extends object>(entry: Entry): (keyof Entry)[] {
  return (Object.keys(entry) as (keyof Entry)[]).filter((key) => holdsPlaceholder(entry[key]));
}

function fillKeys<Entry extends object>(
  entry: Entry,
  keys: readonly (keyof Entry)[],
  index: number,
  copy: number,
): Entry {
  const filled = { ...entry };
  for (const key of keys) filled[key] = fillAll(entry[key], index, copy);
  return filled;
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

/** Entries in order, each template replaced by `count` entries with `{i}` from 1, each `copies` times with `{j}` from 1. At most `greatestCount` in all. */
export function expandTemplates<Entry extends Template>(
  entries: readonly Entry[],
  collection: string,
  greatestCount: number,
  problems: ProblemList,
): Expansion<Entry> {
  const kind = collection === "nodes" ? "node" : "vm";
  const placed: Placed<Omit<Entry, keyof Template>>[] = [];
  let complete = true;
  for (const [index, { template, count, copies, ...entry }] of entries.entries()) {
    const path = [collection, index];
    if (template === undefined) {
      if (count !== undefined)
        problems.add([...path, "count"], "count stands without template", `add template: ${kind}, or remove count`);
      if (copies !== undefined)
        problems.add([...path, "copies"], "copies stands without template", `add template: ${kind}, or remove copies`);
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
    if (placed.length + count * (copies ?? 1) > greatestCount) {
      problems.add([...path, "count"], `more than ${greatestCount} ${collection} in all`, "lower the count");
      complete = false;
      continue;
    }
    const toFill = keysToFill(entry);
    for (let number = 1; number <= count; number += 1) {
      for (let copy = 1; copy <= (copies ?? 1); copy += 1) {
        placed.push({ entry: fillKeys(entry, toFill, number, copy), path });
      }
    }
  }
  return { placed, complete };
}
