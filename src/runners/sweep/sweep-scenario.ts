/** `precopy sweep`, apart from its command line. */
import { constants } from "node:os";
import { ENGINE_VERSION } from "../../../sim/index.ts";
import { type Answer, answerFailure, answerWith } from "../../answer.ts";
import { type Attempt, badInput, type Failure, succeeded, systemFailure } from "../../failure.ts";
import { formatCommand } from "../../formats/shell.ts";
import { MANIFEST_VERSION, type ManifestOpening, readManifest } from "../../formats/sweep/manifest.ts";
import { type RowText, rowText } from "../../formats/sweep/row-text.ts";
import { type SweepForm, sweepFormOf, textFormOf } from "../../formats/sweep/sweep-form.ts";
import { STANDARD_STREAM } from "../../formats/text-file.ts";
import { planWholeFile, WriteFailure } from "../../formats/whole-file.ts";
import {
  rangeOfShard,
  type SweepDefinition,
  sweepId,
  type TaskRange,
  taskCount,
} from "../../planning/sweep/sweep-definition.ts";
import { pointCount, SweepPoints } from "../../planning/sweep/sweep-design.ts";
import { sweepColumns } from "../../planning/sweep/sweep-rows.ts";
import { SweepSummariser } from "../../planning/sweep/sweep-summary.ts";
import type { SweepTasks, TaskFailure } from "../../planning/sweep/sweep-tasks.ts";
import { beginProgress } from "../../progress.ts";
import type { WorkConditions } from "../../stopping.ts";
import { defineSweep, type SweepFacts } from "./define-sweep.ts";
import { driveInOrder } from "./drive.ts";
import { describeSweep } from "./dry-run.ts";
import { openRunner, type RunnerRequest } from "./open-runner.ts";
import { openTasks } from "./open-tasks.ts";
import { hasPartial, RowFile, type RowFilePlan, whyOtherSweep } from "./row-file.ts";
import { DeviceRows, NoRows, ReaderGone, RowFileFailure, type RowOutput, StandardOutputRows } from "./row-output.ts";
import { describeFailures, sweepAnswer } from "./sweep-answer.ts";
import { SweepFault, type TaskRunner } from "./task-runner.ts";

export interface SweepRequest extends SweepFacts, RunnerRequest {
  /** The scenario as the command line names it. */
  scenario: string;
  /** Null where only the summary is wanted, `-` for standard output. */
  output: string | null;
  format: SweepForm | null;
  shard: { index: number; of: number } | null;
  resume: boolean;
  dryRun: boolean;
  /** More tasks without a result end the sweep. */
  mostFailures: number;
  json: boolean;
  colour: boolean;
  /** This very command line without --resume, for the message that says how to go on. */
  commandLine: readonly string[];
}

export async function sweepScenario(request: SweepRequest, conditions: WorkConditions): Promise<Answer> {
  const form = sweepFormOf(request.output, request.format);
  if (!form.ok) return answerFailure(form.failure);
  if (request.redis !== null && request.policy !== null) {
    const problem = "--policy: a rule of your own stays on this machine, and workers of a queue are on others.";
    return answerFailure(badInput(`${problem} Leave out --redis, or use --shard.`).failure);
  }
  const defined = await defineSweep(request);
  if (!defined.ok) return answerFailure(defined.failure);
  const definition = defined.value;
  const opened = await openTasks(definition, textFormOf(form.value));
  if (!opened.ok) return answerFailure(opened.failure);
  const total = taskCount(definition);
  const { shard } = request;
  const range = shard === null ? { from: 0, to: total } : rangeOfShard(total, shard.index, shard.of);
  const { workers } = request;
  if (request.dryRun) return answerWith(await describeSweep(definition, opened.value, { range, workers }));
  return new Sweep(request, definition, opened.value, form.value, range).do(conditions);
}

class Sweep {
  readonly #request: SweepRequest;
  readonly #definition: SweepDefinition;
  readonly #tasks: SweepTasks;
  readonly #form: SweepForm;
  readonly #range: TaskRange;
  readonly #text: RowText;
  readonly #summariser: SweepSummariser;
  readonly #failures: TaskFailure[] = [];
  readonly #notices: string[] = [];
  #rows = 0;

  constructor(
    request: SweepRequest,
    definition: SweepDefinition,
    tasks: SweepTasks,
    form: SweepForm,
    range: TaskRange,
  ) {
    this.#request = request;
    this.#definition = definition;
    this.#tasks = tasks;
    this.#form = form;
    this.#range = range;
    this.#text = rowText(textFormOf(form), sweepColumns(definition));
    this.#summariser = new SweepSummariser(pointCount(definition.axes, definition.design));
  }

  async do(conditions: WorkConditions): Promise<Answer> {
    let output: RowOutput;
    try {
      const opened = await this.#openOutput();
      if (!opened.ok) return answerFailure(opened.failure);
      if (opened.value === null)
        return answerWith("", [`${this.#request.output} is there already, whole: nothing to do`]);
      output = opened.value;
    } catch (error) {
      return answerFailure(failureOf(error));
    }
    const { stopping } = conditions;
    const before = output.from - this.#range.from;
    let runner: Attempt<TaskRunner>;
    try {
      runner = await openRunner(this.#request, this.#definition, textFormOf(this.#form), this.#tasks, stopping);
    } catch (error) {
      return this.#endedEarly(error, before, output, stopping);
    }
    if (!runner.ok) {
      output.suspend();
      return answerFailure(runner.failure);
    }
    const progress = beginProgress(conditions.quiet);
    const { from, to } = this.#range;
    let done = before;
    try {
      await driveInOrder(runner.value, {
        range: { from: output.from, to },
        stopping,
        take: async (tasks, part) => {
          await output.write(tasks.text);
          this.#rows += tasks.rows;
          for (const tally of tasks.tallies) this.#summariser.add(tally);
          this.#failures.push(...tasks.failures);
          done += part.to - part.from;
          progress.update({ done, total: to - from, of: "tasks", before });
          if (this.#failures.length > this.#request.mostFailures) throw new SweepFault(this.#tooManyFailures());
        },
      });
      await output.finish(this.#rows, this.#failures);
    } catch (error) {
      progress.end();
      return this.#endedEarly(error, done, output, stopping);
    } finally {
      progress.end();
      await runner.value.close();
    }
    return this.#answer();
  }

  #endedEarly(error: unknown, done: number, output: RowOutput, stopping: AbortSignal): Answer {
    output.suspend();
    if (error instanceof ReaderGone) return answerWith("");
    if (stopping.aborted) return this.#stopped(done, output, stopping.reason as NodeJS.Signals);
    return this.#failed(failureOf(error), done, output);
  }

  /** Null where nothing is left to do. */
  async #openOutput(): Promise<Attempt<RowOutput | null>> {
    const { output, resume } = this.#request;
    const { from } = this.#range;
    if (output === null || output === STANDARD_STREAM) {
      if (resume) return badInput("--resume: rows are gone on with in a file. Name it with -o.");
      return succeeded(output === null ? new NoRows(from) : new StandardOutputRows(from, this.#text.head));
    }
    const target = planWholeFile(output, 0);
    if (target.temporary === null) {
      if (this.#form === "parquet")
        return badInput(`-o ${output}: a Parquet file is not written to a device. Name a file.`);
      return succeeded(new DeviceRows(from, target.target, this.#text.head));
    }
    const plan: RowFilePlan = { target, opening: this.#opening(), text: this.#text };
    if (!hasPartial(plan)) {
      if (resume && isWhole(plan)) return succeeded(null);
      return succeeded(RowFile.begin(plan));
    }
    if (!resume) {
      return badInput(
        `${output}.partial holds rows of a sweep that was not finished. Go on with --resume, or remove it.`,
      );
    }
    const other = whyOtherSweep(plan);
    if (other !== null)
      return badInput(`cannot go on with ${output}.partial: ${other}. Remove it, or give -o another name.`);
    const resumed = await RowFile.resume(plan, (tally) => this.#summariser.add(tally));
    if (!resumed.ok) return resumed;
    const { file, kept } = resumed.value;
    this.#rows = kept.rows;
    this.#failures.push(...kept.failures);
    this.#notices.push(`went on at task ${kept.from}: ${kept.from - from} of ${this.#range.to - from} were there`);
    return succeeded(file);
  }

  #opening(): ManifestOpening {
    const definition = this.#definition;
    const { scenario, seed, seeds, axes, design } = definition;
    return {
      schemaVersion: MANIFEST_VERSION,
      engineVersion: ENGINE_VERSION,
      sweep: sweepId(definition),
      command: this.#command(),
      scenario,
      seed,
      seeds,
      points: pointCount(axes, design),
      parameters: axes.map(({ path }) => path),
      format: this.#form,
      columns: sweepColumns(definition),
      tasks: { ...this.#range, total: taskCount(definition) },
    };
  }

  /** The whole sweep, however it was done this time. */
  #command(): string {
    const { scenario, parameters, settings, design, samples, policy, seeds } = this.#request;
    return formatCommand([
      ...["precopy", "sweep", scenario],
      ...Object.entries(settings).flatMap(([path, value]) => ["--set", `${path}=${value}`]),
      ...parameters.flatMap((parameter) => ["--param", parameter]),
      ...(design === "grid" ? [] : ["--design", design]),
      ...(samples === null ? [] : ["--samples", String(samples)]),
      ...(policy === null ? [] : ["--policy", policy]),
      ...["--seeds", String(seeds), "--seed", this.#definition.seed],
    ]);
  }

  #answer(): Answer {
    const { output, json, colour } = this.#request;
    const { axes, design, seed } = this.#definition;
    const points = new SweepPoints(axes, design, seed);
    return sweepAnswer(
      {
        opening: this.#opening(),
        rows: this.#rows,
        summary: this.#summariser.summary(),
        failures: this.#failures,
        notices: this.#notices,
        parametersAt: (point) => points.at(point),
      },
      { output, json, colour },
    );
  }

  #tooManyFailures(): Failure {
    const { mostFailures } = this.#request;
    return systemFailure(`${describeFailures(this.#failures)}\nThat is more than --max-failures ${mostFailures}.`)
      .failure;
  }

  #stopped(done: number, output: RowOutput, signal: NodeJS.Signals): Answer {
    const exitCode = 128 + constants.signals[signal];
    return { exitCode, output: "", notices: [], failure: `stopped. ${this.#howToGoOn(done, output)}` };
  }

  #failed(failure: Failure, done: number, output: RowOutput): Answer {
    return answerFailure({ ...failure, message: `${failure.message}\n${this.#howToGoOn(done, output)}` });
  }

  /** @param output where rows have gone until now */
  #howToGoOn(done: number, output: RowOutput): string {
    const { output: path, commandLine } = this.#request;
    const count = `${done} of ${this.#range.to - this.#range.from} tasks were done`;
    if (!(output instanceof RowFile)) return `${count}.`;
    return `${count}; their rows are in ${path}.partial. Go on with: ${formatCommand(["precopy", ...commandLine, "--resume"])}`;
  }
}

/** Whether these very rows are there already. */
function isWhole({ target, opening }: RowFilePlan): boolean {
  const manifest = readManifest(target.path);
  if (!manifest.ok || manifest.value === null) return false;
  const { sweep, tasks, format } = manifest.value;
  return (
    target.mode !== null &&
    sweep === opening.sweep &&
    tasks.from === opening.tasks.from &&
    tasks.to === opening.tasks.to &&
    format === opening.format
  );
}

/** @throws what is no failure that a user can do something about */
function failureOf(error: unknown): Failure {
  if (error instanceof SweepFault) return error.failure;
  if (error instanceof RowFileFailure || error instanceof WriteFailure) return systemFailure(error.message).failure;
  throw error;
}
