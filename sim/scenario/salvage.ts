/**
 * So that all problems can be told at once, the parts of a document that the schema refused are cut out, and the rest is
 * checked for sense as if they had not been written.
 */
import type { z } from "zod";
import { type Container, copyDocument } from "./document.ts";
import type { ScenarioPath } from "./problem.ts";
import { faultsOf, valueAt } from "./schema-problems.ts";

export interface Salvaged<Value> {
  readonly value: Value;
  /** Collections of the scenario (`nodes`, `vms`, ...) that lost an entry: what is not found there may have been cut out. */
  readonly incomplete: ReadonlySet<string>;
  /** The path in the document as written, for a path in what was left of it. */
  originalPath(path: ScenarioPath): (string | number)[];
}

/** Stand-ins for what a scenario must have. An empty environment is not looked up; the node and the network are in nobody's way. */
const STAND_INS: Readonly<Record<string, unknown>> = {
  schemaVersion: 1,
  name: "unnamed",
  environment: "",
  nodes: [{ name: "unreadable", memory: 4096 }],
  networks: [{ name: "unreadable", bandwidth: 1, carries: ["client"] }],
};

/** Times that cutting may uncover further issues: each cuts at least one value out. */
const GREATEST_DEPTH = 8;

/** Cuts until the schema accepts the rest; null where nothing sensible is left. */
export function salvage<Schema extends z.ZodType>(
  schema: Schema,
  document: unknown,
): Salvaged<z.output<Schema>> | null {
  const rest: unknown = copyDocument(document);
  const incomplete = new Set<string>();
  /** Indices cut from each list, by the list's original path, ascending. */
  const cuts = new Map<string, number[]>();

  const originalPath = (path: ScenarioPath): (string | number)[] => {
    const original: (string | number)[] = [];
    for (const step of path) {
      if (typeof step !== "number") {
        original.push(step);
        continue;
      }
      let index = step;
      for (const cut of cuts.get(JSON.stringify(original)) ?? []) if (cut <= index) index += 1;
      original.push(index);
    }
    return original;
  };

  /** Cuts the innermost list entry that holds the path; false where there is none. */
  const cutEntry = (path: ScenarioPath): boolean => {
    const position = path.findLastIndex((step) => typeof step === "number");
    if (position < 0) return false;
    const listPath = path.slice(0, position);
    const index = path[position] as number;
    const originalList = originalPath(listPath);
    const originalIndex = originalPath(path.slice(0, position + 1)).at(-1) as number;
    (valueAt(rest, listPath) as unknown[]).splice(index, 1);
    const key = JSON.stringify(originalList);
    cuts.set(
      key,
      [...(cuts.get(key) ?? []), originalIndex].sort((left, right) => left - right),
    );
    if (listPath.length === 1) incomplete.add(String(listPath[0]));
    return true;
  };

  for (let depth = 0; depth < GREATEST_DEPTH; depth += 1) {
    const parsed = schema.safeParse(rest);
    if (parsed.success) return { value: parsed.data, incomplete, originalPath };
    // From the end, so that cutting a list's entry does not move those still to be cut.
    const paths = faultPaths(parsed.error.issues).sort(comparePaths).reverse();
    const entriesCut = new Set<string>();
    for (const path of paths) {
      if (path.length === 0) return null;
      const entry = JSON.stringify(path.slice(0, path.findLastIndex((step) => typeof step === "number") + 1));
      if (entriesCut.has(entry)) continue;
      const parent = valueAt(rest, path.slice(0, -1));
      const last = path.at(-1) as string | number;
      if (typeof parent !== "object" || parent === null) continue;
      if (typeof last === "string" && Object.hasOwn(parent, last)) {
        delete (parent as Container)[last];
        if (path.length === 1) incomplete.add(last);
        continue;
      }
      const standIn = path.length === 1 ? STAND_INS[last] : undefined;
      if (standIn !== undefined) {
        (parent as Container)[last] = copyDocument(standIn);
        incomplete.add(String(last));
      } else if (cutEntry(path)) entriesCut.add(entry);
      else return null;
    }
  }
  return null;
}

/** Where each fault lies: at the key itself for one that is not known. */
function faultPaths(issues: readonly z.core.$ZodIssue[]): (string | number)[][] {
  return faultsOf(issues).flatMap(({ issue, path }) =>
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path],
  );
}

function comparePaths(left: ScenarioPath, right: ScenarioPath): number {
  for (let index = 0; index < left.length && index < right.length; index += 1) {
    const one = left[index] as string | number;
    const other = right[index] as string | number;
    if (one === other) continue;
    if (typeof one === "number" && typeof other === "number") return one - other;
    return String(one) < String(other) ? -1 : 1;
  }
  return left.length - right.length;
}
