/** What stands beside a sweep's rows: which sweep they are of, which of its tasks, and how to do it again. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { type Attempt, badInput, succeeded } from "../../failure.ts";
import { SWEEP_FORMS } from "./sweep-form.ts";

export const MANIFEST_VERSION = 1;

const manifestSchema = z.object({
  schemaVersion: z.literal(MANIFEST_VERSION),
  /** Of precopy. */
  engineVersion: z.string(),
  /** Names the sweep: rows of the same sweep belong together, others do not. */
  sweep: z.string(),
  /** The command that does the whole sweep again. */
  command: z.string(),
  scenario: z.object({ name: z.string(), sha256: z.string() }),
  seed: z.string(),
  seeds: z.number(),
  points: z.number(),
  parameters: z.array(z.string()),
  format: z.enum(SWEEP_FORMS),
  columns: z.array(z.object({ name: z.string(), type: z.enum(["whole", "number", "text", "truth"]) })),
  tasks: z.object({
    /** The first of these rows, and the one behind the last. */
    from: z.number(),
    to: z.number(),
    /** Of the whole sweep. */
    total: z.number(),
  }),
  rows: z.number(),
  bytes: z.number(),
  sha256: z.string(),
  /** Tasks without a result. */
  failures: z.array(z.object({ task: z.number(), problem: z.string() })),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** What a manifest says before the sweep is done. */
export type ManifestOpening = Omit<Manifest, "rows" | "bytes" | "sha256" | "failures">;

export function manifestPath(rowsPath: string): string {
  return `${rowsPath}.manifest.json`;
}

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The manifest of a file of rows; null where there is none. */
export function readManifest(rowsPath: string): Attempt<Manifest | null> {
  const path = manifestPath(rowsPath);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return succeeded(null);
  }
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(text));
    if (parsed.success) return succeeded(parsed.data);
  } catch {
    // Not JSON: the answer is the same.
  }
  return badInput(`${path} is no manifest of a sweep of this version. Do the sweep again.`);
}
