/** Documents as a YAML or JSON reader gives them. */

export type Container = Record<string | number, unknown>;

export const isContainer = (value: unknown): value is Container => typeof value === "object" && value !== null;

/** Deeper than any scenario; ends the copy of a document that holds itself (a YAML alias can do that). */
const GREATEST_DEPTH = 24;

/** A copy that shares nothing with the original down to the depth of any scenario. */
export function copyDocument(value: unknown, depth = 0): unknown {
  if (!isContainer(value) || depth > GREATEST_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => copyDocument(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyDocument(item, depth + 1)]));
}
