/** Values set over a document before it is read: `vms.web01.memory` to `8 GiB`. */
import { type Container, copyDocument, isContainer } from "./document.ts";
import type { ProblemList } from "./problem.ts";
import { listOf, suggestion } from "./suggest.ts";

/**
 * Values by dotted path. A list's entry is named by its `name` or by its index from 0: `vms.web01.memory`,
 * `timeline.0.migrate.downtimeLimit`. `link` is the first network that carries migrations. What is missing on the way is made,
 * entries of lists excepted.
 */
export type DocumentOverrides = Readonly<Record<string, unknown>>;

/** Position in a list of what a step names, or -1. */
function positionIn(list: readonly unknown[], step: string): number {
  const byName = list.findIndex((item) => isContainer(item) && item.name === step);
  if (byName >= 0) return byName;
  return /^\d+$/.test(step) && Number(step) < list.length ? Number(step) : -1;
}

/** What a path may begin with instead of `networks` and the name of the one that carries migrations. */
const MIGRATION_LINK = "link";

/** The path with `link` written out; as it is where the document names no network that carries migrations. */
function writtenOut(root: Container, path: string): string[] {
  const [first, ...rest] = path.split(".") as [string, ...string[]];
  const { networks } = root;
  if (first !== MIGRATION_LINK || rest.length === 0 || !Array.isArray(networks)) return [first, ...rest];
  const index = networks.findIndex(
    (network: unknown) =>
      isContainer(network) && Array.isArray(network.carries) && network.carries.includes("migration"),
  );
  return index === -1 ? [first, ...rest] : ["networks", String(index), ...rest];
}

/** A copy of the document with the values set. A path that leads nowhere is a problem at that path. */
export function applyOverrides(document: unknown, overrides: DocumentOverrides, problems: ProblemList): unknown {
  const copy: unknown = copyDocument(document);
  if (!isContainer(copy)) return copy;
  for (const [path, value] of Object.entries(overrides)) setAt(copy, path, value, problems);
  return copy;
}

function setAt(root: Container, dottedPath: string, value: unknown, problems: ProblemList): void {
  const steps = writtenOut(root, dottedPath);
  let current = root;
  for (const [index, step] of steps.entries()) {
    const isLast = index === steps.length - 1;
    let key: string | number = step;
    if (Array.isArray(current)) {
      key = positionIn(current, step);
      if (key === -1) {
        const names = current.map((item: unknown, position) =>
          isContainer(item) && typeof item.name === "string" ? item.name : String(position),
        );
        problems.add(
          steps,
          `cannot set ${dottedPath}: there is no entry "${step}" in ${steps.slice(0, index).join(".")}`,
          suggestion(step, names, "entries"),
        );
        return;
      }
    } else if (step === "" || step === "__proto__") {
      problems.add(
        steps,
        `cannot set "${dottedPath}"`,
        `a path is keys with dots between, such as ${listOf(["seed", "vms.web01.memory"])}`,
      );
      return;
    }
    if (isLast) {
      current[key] = copyDocument(value);
      return;
    }
    // A preset or a manager by name takes values of one's own in its longer form.
    const next = Object.hasOwn(current, key) ? current[key] : undefined;
    if (typeof next === "string" && (step === "environment" || step === "workload")) current[key] = { preset: next };
    else if (typeof next === "string" && step === "manager") current[key] = { name: next };
    else if (next === undefined || next === null) current[key] = {};
    else if (!isContainer(next)) {
      problems.add(
        steps,
        `cannot set ${dottedPath}: ${steps.slice(0, index + 1).join(".")} is a single value`,
        "shorten the path",
      );
      return;
    }
    current = current[key] as Container;
  }
}
