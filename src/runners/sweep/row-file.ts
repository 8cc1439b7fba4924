/**
 * A file of rows that can be gone on with. Until the sweep is whole its rows stand in FILE.partial, in the order of the tasks,
 * with what they are of in FILE.partial.json; then FILE and FILE.manifest.json appear.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { type Attempt, badInput, succeeded } from "../../failure.ts";
import { type ManifestOpening, manifestPath, manifestText } from "../../formats/sweep/manifest.ts";
import { readTextRows } from "../../formats/sweep/read-text-rows.ts";
import { ParquetRows } from "../../formats/sweep/row-parquet.ts";
import type { RowText } from "../../formats/sweep/row-text.ts";
import { planWholeFile, WholeFile, type WholeFilePlan } from "../../formats/whole-file.ts";
import { columnIndex, TASK_FAILED } from "../../planning/sweep/sweep-rows.ts";
import type { Tally } from "../../planning/sweep/sweep-summary.ts";
import type { TaskFailure } from "../../planning/sweep/sweep-tasks.ts";
import { RowTallies, taskOfRow } from "../../planning/sweep/tally-rows.ts";
import { RowFileFailure, type RowOutput } from "./row-output.ts";

export interface RowFilePlan {
  target: WholeFilePlan;
  opening: ManifestOpening;
  /** How the rows are kept until the sweep is whole. */
  text: RowText;
}

/** What rows that are there already come to. */
export interface KeptRows {
  from: number;
  rows: number;
  failures: TaskFailure[];
}

function partialPath({ target }: RowFilePlan): string {
  return `${target.target}.partial`;
}

function openingPath(plan: RowFilePlan): string {
  return `${partialPath(plan)}.json`;
}

/** Whether a sweep that was not finished left rows at this place. */
export function hasPartial(plan: RowFilePlan): boolean {
  return existsSync(partialPath(plan));
}

/** Says why rows that are there cannot be gone on with; null where they can. */
export function whyOtherSweep(plan: RowFilePlan): string | null {
  let written: ManifestOpening;
  try {
    written = JSON.parse(readFileSync(openingPath(plan), "utf8")) as ManifestOpening;
  } catch {
    return `${openingPath(plan)}, which says what they are of, cannot be read`;
  }
  const { sweep, format, tasks } = plan.opening;
  if (written.engineVersion !== plan.opening.engineVersion) return `they were made by version ${written.engineVersion}`;
  if (written.sweep !== sweep) return "they are of another sweep: scenario, parameters or seeds have changed";
  if (written.tasks.from !== tasks.from || written.tasks.to !== tasks.to) return "they are of another shard";
  return written.format === format ? null : `they are to become ${written.format}`;
}

export class RowFile implements RowOutput {
  readonly from: number;
  readonly #plan: RowFilePlan;
  #descriptor: number | null;

  /** Begins a new file. */
  static begin(plan: RowFilePlan): RowFile {
    writeWhole(openingPath(plan), `${JSON.stringify(plan.opening, null, 2)}\n`);
    const file = new RowFile(
      plan,
      plan.opening.tasks.from,
      guarded(plan, () => openSync(partialPath(plan), "w")),
    );
    file.write(plan.text.head);
    return file;
  }

  /**
   * Goes on with one. The rows of the last task are done again: they may not be all.
   * @param add is given what the others come to
   */
  static async resume(
    plan: RowFilePlan,
    add: (tally: Tally) => void,
  ): Promise<Attempt<{ file: RowFile; kept: KeptRows }>> {
    const path = partialPath(plan);
    const { parameters, seeds, tasks } = plan.opening;
    const tallies = new RowTallies(parameters.length, seeds);
    const outcome = columnIndex(parameters.length, "outcome");
    const kept: KeptRows = { from: tasks.from, rows: 0, failures: [] };
    let keptBytes = 0;
    let task = -1;
    let rowsOfTask: Parameters<RowTallies["of"]>[0][] = [];
    try {
      for await (const { rows, offsets } of readTextRows(path, plan.text)) {
        for (const [index, cells] of rows.entries()) {
          if (taskOfRow(cells) !== task) {
            for (const row of rowsOfTask) {
              add(tallies.of(row));
              if (row[outcome] === TASK_FAILED)
                kept.failures.push({ task, problem: "failed before it was gone on with" });
            }
            kept.rows += rowsOfTask.length;
            rowsOfTask = [];
            task = taskOfRow(cells);
            kept.from = task;
            keptBytes = offsets[index] as number;
          }
          rowsOfTask.push(cells);
        }
      }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return badInput(`${path} holds a line that is no row. Remove it, and begin again.`);
    }
    const descriptor = guarded(plan, () => openSync(path, "r+"));
    if (keptBytes === 0) {
      closeSync(descriptor);
      return succeeded({ file: RowFile.begin(plan), kept });
    }
    guarded(plan, () => ftruncateSync(descriptor, keptBytes));
    closeSync(descriptor);
    return succeeded({ file: new RowFile(plan, kept.from, openSync(path, "a")), kept });
  }

  private constructor(plan: RowFilePlan, from: number, descriptor: number) {
    this.#plan = plan;
    this.from = from;
    this.#descriptor = descriptor;
  }

  write(text: string | Uint8Array): void {
    const bytes = typeof text === "string" ? Buffer.from(text, "utf8") : text;
    guarded(this.#plan, () => {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(this.#descriptor as number, bytes, written);
      }
    });
  }

  async finish(rows: number, failures: readonly TaskFailure[]): Promise<void> {
    const plan = this.#plan;
    guarded(plan, () => fsyncSync(this.#descriptor as number));
    this.suspend();
    const parquet = plan.opening.format === "parquet" ? await writeParquet(plan) : null;
    try {
      const path = parquet === null ? partialPath(plan) : (parquet.plan.temporary as string);
      const manifest = {
        ...plan.opening,
        rows,
        bytes: statSync(path).size,
        sha256: await digestOf(path),
        failures: [...failures],
      };
      writeWhole(manifestPath(plan.target.path), manifestText(manifest));
      if (parquet === null) guarded(plan, () => renameSync(path, plan.target.target));
      else parquet.appear();
    } finally {
      parquet?.abandon();
    }
    this.abandon();
  }

  /** Leaves nothing behind. */
  abandon(): void {
    this.suspend();
    rmSync(partialPath(this.#plan), { force: true });
    rmSync(openingPath(this.#plan), { force: true });
  }

  suspend(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

function guarded<Value>({ target }: RowFilePlan, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw new RowFileFailure(target.path, error);
  }
}

function writeWhole(path: string, text: string): void {
  const file = new WholeFile(planWholeFile(path, 1));
  try {
    file.write(text);
    file.finish();
    file.appear();
  } finally {
    file.abandon();
  }
}

async function writeParquet(plan: RowFilePlan): Promise<WholeFile> {
  const { opening, target } = plan;
  const file = new WholeFile(target);
  try {
    const { engineVersion, sweep, command, scenario, seed } = opening;
    const metadata = { precopy: JSON.stringify({ engineVersion, sweep, command, scenario, seed }) };
    const parquet = new ParquetRows(opening.columns, metadata, (piece) => file.write(piece));
    for await (const { rows } of readTextRows(partialPath(plan), plan.text))
      for (const cells of rows) parquet.add(cells);
    parquet.finish();
    file.finish();
    return file;
  } catch (error) {
    file.abandon();
    throw error;
  }
}

export async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest("hex");
}
