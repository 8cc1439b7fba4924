/** Turns what the schema finds into problems that say what to do. */
import { z } from "zod";
import { formatPath, type ProblemList, type ScenarioPath } from "./problem.ts";
import { nearest, suggestion } from "./suggest.ts";

type Schema = z.core.$ZodType;
type Issue = z.core.$ZodIssue;

/** Inside of optional, defaulted and transformed schemas: what is written in the file. */
function written(schema: Schema): Schema {
  let inner = schema as z.core.$ZodTypes;
  for (;;) {
    const definition = inner._zod.def;
    switch (definition.type) {
      case "optional":
      case "nullable":
      case "default":
      case "prefault":
        inner = definition.innerType as z.core.$ZodTypes;
        break;
      case "pipe":
        inner = definition.in as z.core.$ZodTypes;
        break;
      default:
        return inner;
    }
  }
}

/** The object among a union's options, or the schema itself. */
function objectOf(schema: Schema): z.core.$ZodObject | null {
  const inner = written(schema) as z.core.$ZodTypes;
  if (inner._zod.def.type === "object") return inner as z.core.$ZodObject;
  if (inner._zod.def.type !== "union") return null;
  for (const option of (inner as z.core.$ZodUnion)._zod.def.options) {
    const object = objectOf(option);
    if (object !== null) return object;
  }
  return null;
}

/** The schema of what stands at a path, or null where the path leaves the schema. */
function schemaAt(root: Schema, path: ScenarioPath): Schema | null {
  let current: Schema | null = root;
  for (const step of path) {
    if (current === null) return null;
    const inner = written(current) as z.core.$ZodTypes;
    if (typeof step === "number")
      current = inner._zod.def.type === "array" ? (inner as z.core.$ZodArray)._zod.def.element : null;
    else current = objectOf(inner)?._zod.def.shape[step] ?? null;
  }
  return current;
}

/** Keys that may stand at a path. */
function keysAt(root: Schema, path: ScenarioPath): string[] {
  const schema = schemaAt(root, path);
  const object = schema === null ? null : objectOf(schema);
  return object === null ? [] : Object.keys(object._zod.def.shape);
}

export function valueAt(document: unknown, path: ScenarioPath): unknown {
  let current = document;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}

/** What a value is, in a user's words. */
function describe(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map of keys and values";
  if (typeof value === "string") return value.length > 60 ? "a long text" : `"${value}"`;
  return String(value);
}

const WANTED: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map of keys and values",
};

/** An example in YAML's short form: `[{name: HV01, memory: 32 GiB}]`. */
function inFlowForm(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inFlowForm).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}: ${inFlowForm(item)}`)
      .join(", ")}}`;
  }
  return String(value);
}

/** How to write what belongs at a path, from the schema's own description and examples. */
function howToWrite(root: Schema, path: ScenarioPath): string {
  let schema = schemaAt(root, path);
  let meta: Record<string, unknown> | undefined;
  while (schema !== null) {
    meta = z.globalRegistry.get(schema) as Record<string, unknown> | undefined;
    if (meta !== undefined) break;
    const inner: Schema = written(schema);
    if (inner === schema) break;
    schema = inner;
  }
  const examples = meta?.examples;
  const key = path.filter((step) => typeof step === "string").at(-1) ?? "";
  if (Array.isArray(examples) && examples.length > 0) {
    const isEntry = typeof path.at(-1) === "number";
    return `write it like ${isEntry ? "-" : `${key}:`} ${inFlowForm(examples[0])}`;
  }
  return typeof meta?.description === "string"
    ? `it is: ${meta.description}`
    : `see docs/scenario.md on ${key || "the format"}`;
}

/** One fault that the schema found, with its whole path. */
export interface Fault {
  readonly issue: Issue;
  readonly path: (string | number)[];
}

/** The issues, those of a union replaced by those of the branch that the value was meant for, if there is one. */
export function faultsOf(issues: readonly Issue[], base: ScenarioPath = []): Fault[] {
  return issues.flatMap((issue): Fault[] => {
    const path = [...base, ...issue.path.map((step) => (typeof step === "number" ? step : String(step)))];
    if (issue.code !== "invalid_union") return [{ issue, path }];
    const isOther = (inner: Issue) => inner.code === "invalid_type" && inner.path.length === 0;
    const meant = issue.errors.find((branch) => !branch.some(isOther));
    return meant === undefined || meant.length === 0 ? [{ issue, path }] : faultsOf(meant, path);
  });
}

function missing(root: Schema, path: ScenarioPath): { problem: string; remedy: string } {
  const schema = schemaAt(root, path);
  const inner = schema === null ? null : (written(schema) as z.core.$ZodTypes);
  const key = String(path.at(-1));
  if (inner !== null && inner._zod.def.type === "literal") {
    return { problem: `${key} is missing`, remedy: `add ${key}: ${String(inner._zod.def.values[0])}` };
  }
  return { problem: `${key} is missing`, remedy: howToWrite(root, path) };
}

function addFault(root: Schema, document: unknown, { issue, path }: Fault, problems: ProblemList): void {
  const value = valueAt(document, path);
  const key = String(path.filter((step) => typeof step === "string").at(-1) ?? "the file");
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysAt(root, path);
      for (const unknown of issue.keys) {
        problems.add(
          [...path, unknown],
          `unknown key "${unknown}" ${path.length === 0 ? "at the top of the file" : `in ${formatPath(path)}`}`,
          suggestion(unknown, known, "keys"),
        );
      }
      return;
    }
    case "invalid_union": {
      if (value === undefined) {
        const { problem, remedy } = missing(root, path);
        problems.add(path, problem, remedy);
        return;
      }
      problems.add(path, `${key} cannot be ${describe(value)}`, howToWrite(root, path));
      return;
    }
    case "invalid_type": {
      if (value === undefined && path.length > 0) {
        const { problem, remedy } = missing(root, path);
        problems.add(path, problem, remedy);
        return;
      }
      const what = path.length === 0 ? "the file" : typeof path.at(-1) === "number" ? `an entry of ${key}` : key;
      const remedy =
        path.length === 0
          ? "a scenario starts with schemaVersion: 1, then name, environment, nodes, networks, vms and timeline"
          : howToWrite(root, path);
      problems.add(
        path,
        `${what} must be ${WANTED[issue.expected] ?? issue.expected}, and is ${value === undefined ? "nothing" : describe(value)}`,
        remedy,
      );
      return;
    }
    case "invalid_value": {
      if (value === undefined) {
        const { problem, remedy } = missing(root, path);
        problems.add(path, problem, remedy);
        return;
      }
      const known = issue.values.map(String);
      const problem = `${key} cannot be ${describe(value)}`;
      problems.add(
        path,
        problem,
        typeof value === "string" ? suggestion(value, known, "values") : `values: ${known.join(", ")}`,
      );
      return;
    }
    case "too_small":
    case "too_big": {
      const small = issue.code === "too_small";
      const limit = String(small ? issue.minimum : issue.maximum);
      const unit = issue.origin === "array" ? " entries" : issue.origin === "string" ? " characters" : "";
      const isOpen = issue.inclusive === false;
      const comparison = small ? (isOpen ? "more than" : "at least") : isOpen ? "less than" : "at most";
      problems.add(
        path,
        `${key} must ${unit === "" ? "be" : "have"} ${comparison} ${limit}${unit}`,
        howToWrite(root, path),
      );
      return;
    }
    case "custom": {
      const remedy: unknown = issue.params?.remedy;
      problems.add(path, `${key}: ${issue.message}`, typeof remedy === "string" ? remedy : howToWrite(root, path));
      return;
    }
    default:
      problems.add(path, `${key} cannot be ${describe(value)}: ${issue.message}`, howToWrite(root, path));
  }
}

/** Adds a problem for every fault; where a misspelt key stands for one that is missing, only the misspelling is told. */
export function addSchemaProblems(
  root: Schema,
  document: unknown,
  issues: readonly Issue[],
  problems: ProblemList,
): void {
  const faults = faultsOf(issues);
  const misspelt = new Set<string>();
  for (const { issue, path } of faults) {
    if (issue.code !== "unrecognized_keys") continue;
    const known = keysAt(root, path);
    for (const key of issue.keys) misspelt.add(JSON.stringify([...path, nearest(key, known)]));
  }
  for (const fault of faults) {
    const isMissing = fault.issue.code !== "unrecognized_keys" && valueAt(document, fault.path) === undefined;
    if (!isMissing || !misspelt.has(JSON.stringify(fault.path))) addFault(root, document, fault, problems);
  }
}
