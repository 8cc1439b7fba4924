/** The measured runs under the paths that a user names. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Attempt, badInput, describeSystemError, succeeded } from "../failure.ts";
import { readTextFile } from "../formats/text-file.ts";
import { type MeasuredRun, readMeasuredRun } from "./measured-run.ts";
import { readSimgridTable, type SimgridRow } from "./simgrid-table.ts";

export interface RunFile {
  file: string;
  run: MeasuredRun;
}

export interface MeasuredFiles {
  runs: RunFile[];
  /** Of another simulator's tables. */
  rows: SimgridRow[];
  skipped: { file: string; reason: string }[];
}

/**
 * A file is read as it is, a `*.csv` as SimGrid's answers; a folder recursively for `*.json`, in order of names. What is no measured run is skipped in a
 * folder and refused where it was named; what is broken is refused either way.
 */
export async function readMeasuredFiles(
  paths: readonly string[],
  stopping: AbortSignal,
): Promise<Attempt<MeasuredFiles>> {
  const found: MeasuredFiles = { runs: [], rows: [], skipped: [] };
  for (const path of paths) {
    const files = await filesUnder(path);
    if (!files.ok) return files;
    const named = files.value.length === 1 && files.value[0] === path;
    for (const file of files.value) {
      const text = await readTextFile(
        file,
        stopping,
        "Give a measured run in JSON, or SimGrid's answers in CSV, in UTF-8.",
      );
      if (!text.ok) return text;
      if (file.toLowerCase().endsWith(".csv")) {
        const rows = readSimgridTable(text.value, file);
        if (!rows.ok) return rows;
        found.rows.push(...rows.value);
        continue;
      }
      const run = readMeasuredRun(text.value, file);
      if (!run.ok) return run;
      if (run.value !== null) found.runs.push({ file, run: run.value });
      else if (named) return badInput(`${file}: this is no measured run: it has no scenario and measured.`);
      else found.skipped.push({ file, reason: "no measured run: it has no scenario and measured" });
    }
  }
  return succeeded(found);
}

async function filesUnder(path: string): Promise<Attempt<string[]>> {
  try {
    if (!(await stat(path)).isDirectory()) return succeeded([path]);
    const files: string[] = [];
    await collect(path, files);
    return succeeded(files);
  } catch (error) {
    const { problem, remedy } = describeSystemError(error);
    return badInput(`cannot read ${path}: ${problem}. ${remedy}`);
  }
}

async function collect(folder: string, files: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await collect(path, files);
    else if (entry.name.endsWith(".json")) files.push(path);
  }
}
