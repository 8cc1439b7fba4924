/** A sweep's tasks, ready to be done: its scenario read, its policy loaded. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Attempt, badInput, succeeded } from "../../failure.ts";
import { readDocument } from "../../formats/document.ts";
import { rowText, type TextForm } from "../../formats/sweep/row-text.ts";
import type { SweepDefinition } from "../../planning/sweep/sweep-definition.ts";
import { sweepColumns } from "../../planning/sweep/sweep-rows.ts";
import { SweepTasks } from "../../planning/sweep/sweep-tasks.ts";
import { loadPolicy } from "../../sources/policy-file.ts";

export async function openTasks(definition: SweepDefinition, form: TextForm): Promise<Attempt<SweepTasks>> {
  const document = readDocument(definition.text, definition.source);
  if (!document.ok) return document;
  const { policy } = definition;
  const loaded = policy === null ? null : await loadPolicy(policy.path);
  if (loaded !== null && !loaded.ok) return loaded;
  const writer = rowText(form, sweepColumns(definition));
  return succeeded(new SweepTasks(definition, document.value.content, loaded?.value ?? null, writer));
}

/** What a sweep keeps of a policy: a file that changes makes another sweep. */
export async function identifyPolicy(path: string | null): Promise<Attempt<SweepDefinition["policy"]>> {
  if (path === null) return succeeded(null);
  const loaded = await loadPolicy(path);
  if (!loaded.ok) return loaded;
  try {
    return succeeded({
      path,
      sha256: createHash("sha256")
        .update(await readFile(path))
        .digest("hex"),
    });
  } catch {
    return badInput(`--policy ${path}: it cannot be read. Check its permissions.`);
  }
}
