/** `precopy merge`, apart from its command line: shards of one sweep to the file that the whole sweep would have written. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { type Answer, answerFailure } from "../../answer.ts";
import { type Attempt, badInput, type Failure, succeeded, systemFailure } from "../../failure.ts";
import { type Manifest, type ManifestOpening, readManifest } from "../../formats/sweep/manifest.ts";
import { readTextRows } from "../../formats/sweep/read-text-rows.ts";
import { readParquetRows } from "../../formats/sweep/row-parquet.ts";
import { type RowText, rowText } from "../../formats/sweep/row-text.ts";
import { type SweepForm, sweepFormOf, textFormOf } from "../../formats/sweep/sweep-form.ts";
import { STANDARD_STREAM } from "../../formats/text-file.ts";
import { planWholeFile, WriteFailure } from "../../formats/whole-file.ts";
import type { Cell } from "../../planning/sweep/sweep-rows.ts";
import { MOST_POINTS_TOLD, SweepSummariser } from "../../planning/sweep/sweep-summary.ts";
import type { SweepValue } from "../../planning/sweep/sweep-value.ts";
import { RowTallies, taskOfRow } from "../../planning/sweep/tally-rows.ts";
import { beginProgress } from "../../progress.ts";
import type { WorkConditions } from "../../stopping.ts";
import { digestOf, hasPartial, RowFile, type RowFilePlan } from "./row-file.ts";
import { RowFileFailure } from "./row-output.ts";
import { sweepAnswer } from "./sweep-answer.ts";

export interface MergeRequest {
  /** Files of rows, in any order. */
  shards: readonly string[];
  output: string;
  format: SweepForm | null;
  json: boolean;
  colour: boolean;
}

interface Shard {
  path: string;
  manifest: Manifest;
}

/** Gaps that are told one by one. */
const MOST_TOLD = 5;

export async function mergeShards(request: MergeRequest, conditions: WorkConditions): Promise<Answer> {
  const shards = readShards(request.shards);
  if (!shards.ok) return answerFailure(shards.failure);
  const plan = planMerge(request, shards.value);
  if (!plan.ok) return answerFailure(plan.failure);
  const changed = await whyChanged(shards.value, conditions.stopping);
  if (changed !== null) return answerFailure(changed);
  try {
    return await merge(request, shards.value, plan.value, conditions);
  } catch (error) {
    if (error instanceof RowFileFailure || error instanceof WriteFailure) {
      return answerFailure(systemFailure(error.message).failure);
    }
    throw error;
  }
}

/** In the order of their tasks, all of one sweep, all of its tasks. */
function readShards(paths: readonly string[]): Attempt<Shard[]> {
  const shards: Shard[] = [];
  for (const path of paths) {
    const manifest = readManifest(path);
    if (!manifest.ok) return manifest;
    if (manifest.value === null) return badInput(whyNoManifest(path));
    shards.push({ path, manifest: manifest.value });
  }
  shards.sort(
    (one, other) =>
      one.manifest.tasks.from - other.manifest.tasks.from || one.manifest.tasks.to - other.manifest.tasks.to,
  );
  const [first] = shards as [Shard];
  const stranger = shards.find(({ manifest }) => manifest.sweep !== first.manifest.sweep);
  if (stranger !== undefined) {
    return badInput(
      `${stranger.path} and ${first.path} are of different sweeps. Their commands:\n  ${first.manifest.command}\n  ${stranger.manifest.command}\nWhere these are the same, scenario, policy or version have changed between them.`,
    );
  }
  const problems = whyNotWhole(shards);
  if (problems.length === 0) return succeeded(shards);
  const told = problems.slice(0, MOST_TOLD);
  const rest = problems.length - told.length;
  return badInput(
    `the shards do not make the whole sweep:\n${told.join("\n")}${rest > 0 ? `\n  ... and ${rest} more` : ""}`,
  );
}

function whyNoManifest(path: string): string {
  const isPartial = statSync(`${path}.partial`, { throwIfNoEntry: false }) !== undefined;
  if (isPartial) return `${path} is not finished. Go on with it: the same command, and --resume.`;
  return `${path} has no ${path}.manifest.json beside it. Name files that precopy sweep has written.`;
}

function whyNotWhole(shards: readonly Shard[]): string[] {
  const problems: string[] = [];
  const { total } = (shards[0] as Shard).manifest.tasks;
  let next = 0;
  let before = "";
  for (const { path, manifest } of shards) {
    const { from, to } = manifest.tasks;
    if (from > next) problems.push(`  tasks ${next} to ${from - 1} are missing`);
    if (from < next) problems.push(`  tasks ${from} to ${Math.min(next, to) - 1} are in ${before} and in ${path}`);
    if (to > next) before = path;
    next = Math.max(next, to);
  }
  if (next < total) problems.push(`  tasks ${next} to ${total - 1} are missing`);
  return problems;
}

function planMerge({ output, format, shards: paths }: MergeRequest, shards: readonly Shard[]): Attempt<RowFilePlan> {
  if (output === STANDARD_STREAM) return badInput("-o -: the whole sweep is put together in a file. Name one.");
  const form = sweepFormOf(output, format);
  if (!form.ok) return form;
  if (paths.some((path) => resolve(path) === resolve(output))) {
    return badInput(`will not write ${output}: it is one of the shards. Give it a name of its own.`);
  }
  const { rows: _rows, bytes: _bytes, sha256: _sha256, failures: _failures, ...facts } = (shards[0] as Shard).manifest;
  const { total } = facts.tasks;
  const opening: ManifestOpening = { ...facts, format: form.value, tasks: { from: 0, to: total, total } };
  try {
    const target = planWholeFile(output, 0);
    if (target.temporary === null) return badInput(`-o ${output}: it is a device or a pipe. Name a file.`);
    const plan = { target, opening, text: rowText(textFormOf(form.value), facts.columns) };
    if (!hasPartial(plan)) return succeeded(plan);
    return badInput(`${output}.partial holds rows of a sweep that was not finished. Give -o another name.`);
  } catch (error) {
    if (error instanceof WriteFailure) return systemFailure(error.message);
    throw error;
  }
}

/** A shard that is no more what it was when it was finished. */
async function whyChanged(shards: readonly Shard[], stopping: AbortSignal): Promise<Failure | null> {
  for (const { path, manifest } of shards) {
    stopping.throwIfAborted();
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined)
      return badInput(`${path} is not there, though its manifest is. Do that shard again.`).failure;
    if (size !== manifest.bytes || (await digestOf(path)) !== manifest.sha256) {
      return badInput(`${path} has changed since it was written. Do that shard again.`).failure;
    }
  }
  return null;
}

async function merge(
  { output, json, colour }: MergeRequest,
  shards: readonly Shard[],
  plan: RowFilePlan,
  { stopping, quiet }: WorkConditions,
): Promise<Answer> {
  const { opening, text } = plan;
  const { parameters, seeds, points } = opening;
  const summariser = new SweepSummariser(points);
  const tallies = new RowTallies(parameters.length, seeds);
  const values = new Map<number, SweepValue[]>();
  const progress = beginProgress(quiet);
  const file = RowFile.begin(plan);
  let rows = 0;
  try {
    for (const { path, manifest } of shards) {
      for await (const piece of readShard(path, manifest)) {
        stopping.throwIfAborted();
        for (const cells of piece.rows) {
          const tally = tallies.of(cells);
          summariser.add(tally);
          if (points <= MOST_POINTS_TOLD && !values.has(tally.point))
            values.set(tally.point, valuesOf(cells, parameters.length));
        }
        file.write(
          piece.bytes !== null && manifest.format === textFormOf(opening.format)
            ? piece.bytes
            : encode(text, piece.rows),
        );
        rows += piece.rows.length;
        const last = piece.rows.at(-1);
        if (last !== undefined) progress.update({ done: taskOfRow(last) + 1, total: opening.tasks.total, of: "tasks" });
      }
    }
    const failures = shards.flatMap(({ manifest }) => manifest.failures);
    await file.finish(rows, failures);
    const outcome = { opening, rows, summary: summariser.summary(), failures, notices: [] };
    return sweepAnswer({ ...outcome, parametersAt: (point) => values.get(point) ?? [] }, { output, json, colour });
  } finally {
    progress.end();
    file.abandon();
  }
}

interface Piece {
  rows: Cell[][];
  /** As they are in the file; null where that is not text. */
  bytes: Uint8Array | null;
}

async function* readShard(path: string, { format, columns }: Manifest): AsyncGenerator<Piece> {
  if (format === "parquet") {
    for await (const rows of readParquetRows(path, columns)) yield { rows, bytes: null };
  } else {
    yield* readTextRows(path, rowText(format, columns));
  }
}

function encode(text: RowText, rows: readonly Cell[][]): string {
  return rows.map(([task, ...cells]) => text.row(text.begin([task as Cell]), cells)).join("");
}

function valuesOf(cells: readonly Cell[], parameters: number): SweepValue[] {
  return cells.slice(1, 1 + parameters).map((cell) => ({ setting: cell ?? "", value: cell ?? "" }));
}
