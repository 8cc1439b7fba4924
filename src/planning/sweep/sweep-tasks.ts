/** Does tasks of a sweep: a scenario is prepared once a point, and its seeds are run one after the other. */
import {
  formatPath,
  type MigrationResult,
  type PolicyDefinition,
  PolicyFault,
  PreparedScenario,
  parseScenario,
  type ScenarioProblem,
} from "../../../sim/index.ts";
import { pointOfTask, type SweepDefinition, seedOfTask, type TaskRange } from "./sweep-definition.ts";
import { SweepPoints } from "./sweep-design.ts";
import {
  type Cell,
  INVALID_SCENARIO,
  migrationCells,
  NO_MIGRATION,
  outcomeCells,
  sweepColumns,
  TASK_FAILED,
} from "./sweep-rows.ts";
import type { Tally } from "./sweep-summary.ts";

/** A task without a result, and why. */
export interface TaskFailure {
  task: number;
  problem: string;
}

/** Consecutive tasks, done. Plain data. */
export interface DoneTasks {
  /** Their rows, as text. */
  text: string;
  rows: number;
  tallies: Tally[];
  failures: TaskFailure[];
}

/** How rows become text; src/formats has the forms. */
interface RowWriter {
  begin(cells: readonly Cell[]): string;
  row(beginning: string, cells: readonly Cell[]): string;
}

/** A point made ready. */
interface PreparedPoint {
  point: number;
  /** Its parameters' cells. */
  values: Cell[];
  /** Null where the values make no scenario. */
  prepared: PreparedScenario | null;
  problem: ScenarioProblem | null;
}

export class SweepTasks {
  readonly #definition: SweepDefinition;
  readonly #content: unknown;
  readonly #policy: PolicyDefinition | null;
  readonly #writer: RowWriter;
  readonly #points: SweepPoints;
  readonly #columns: ReturnType<typeof sweepColumns>;
  #latest: PreparedPoint | null = null;

  /** @param content the scenario's document, as read from the definition's text */
  constructor(definition: SweepDefinition, content: unknown, policy: PolicyDefinition | null, writer: RowWriter) {
    this.#definition = definition;
    this.#content = content;
    this.#policy = policy;
    this.#writer = writer;
    this.#points = new SweepPoints(definition.axes, definition.design, definition.seed);
    this.#columns = sweepColumns(definition);
  }

  /**
   * Does the tasks in their order.
   * @throws PolicyFault: the policy broke, and will with any task
   */
  do(range: TaskRange): DoneTasks {
    const tally = new TallyKeeper();
    const failures: TaskFailure[] = [];
    let text = "";
    let rows = 0;
    for (let task = range.from; task < range.to; task++) {
      const point = this.#prepare(pointOfTask(this.#definition, task));
      const seed = seedOfTask(this.#definition, task);
      const beginning = this.#writer.begin([task, ...point.values, seed]);
      const add = (cells: readonly Cell[]) => {
        text += this.#writer.row(beginning, cells);
        rows += 1;
      };
      const migrations = point.prepared === null ? null : this.#migrations(point.prepared, seed, task, failures);
      if (point.prepared === null) {
        add(outcomeCells(INVALID_SCENARIO));
        tally.at(point.point).invalid += 1;
      } else if (migrations === null) {
        add(outcomeCells(TASK_FAILED));
        tally.at(point.point).failed += 1;
      } else {
        if (migrations.length === 0) add(outcomeCells(NO_MIGRATION));
        for (const [index, migration] of migrations.entries()) add(migrationCells(index, migration));
        tally.addMigrations(point.point, migrations);
      }
    }
    return { text, rows, tallies: tally.all(), failures };
  }

  /** What stands in place of a task that nothing survives. */
  failed(task: number, problem: string): DoneTasks {
    const point = pointOfTask(this.#definition, task);
    const beginning = this.#writer.begin([task, ...this.#cells(point), seedOfTask(this.#definition, task)]);
    const tally = new TallyKeeper();
    tally.at(point).failed += 1;
    return {
      text: this.#writer.row(beginning, outcomeCells(TASK_FAILED)),
      rows: 1,
      tallies: tally.all(),
      failures: [{ task, problem }],
    };
  }

  /** What is wrong with a point's scenario; null where it can be simulated. */
  problemAt(point: number): string | null {
    const { problem } = this.#prepare(point);
    return problem === null ? null : `${formatPath(problem.path)}: ${problem.problem}`;
  }

  /** Null, and a failure more, where the simulator broke. */
  #migrations(
    prepared: PreparedScenario,
    seed: string,
    task: number,
    failures: TaskFailure[],
  ): MigrationResult[] | null {
    try {
      return prepared.run({ seed, policy: this.#policy }).migrations;
    } catch (error) {
      if (error instanceof PolicyFault) throw error;
      failures.push({ task, problem: `internal error: ${error instanceof Error ? error.message : String(error)}` });
      return null;
    }
  }

  #prepare(point: number): PreparedPoint {
    if (this.#latest?.point === point) return this.#latest;
    const values = this.#points.at(point);
    const { axes, settings } = this.#definition;
    const overrides = {
      ...settings,
      ...Object.fromEntries(values.map(({ setting }, index) => [axes[index]?.path, setting])),
    };
    const parsed = parseScenario(this.#content, { overrides });
    this.#latest = {
      point,
      values: this.#cells(point),
      prepared: parsed.ok ? new PreparedScenario(parsed.value) : null,
      problem: parsed.ok ? null : (parsed.problems[0] as ScenarioProblem),
    };
    return this.#latest;
  }

  /** The point's parameters as rows hold them: in a column of text numbers are text too. */
  #cells(point: number): Cell[] {
    return this.#points
      .at(point)
      .map(({ value }, index) => (this.#columns[index + 1]?.type === "text" ? String(value) : value));
  }
}

/** Consecutive rows of one point are tallied together. */
class TallyKeeper {
  readonly #tallies: (Tally & { totals: number[]; downtimes: number[] })[] = [];

  at(point: number) {
    let last = this.#tallies.at(-1);
    if (last === undefined || last.point !== point) {
      last = { point, migrations: 0, completed: 0, invalid: 0, failed: 0, totals: [], downtimes: [] };
      this.#tallies.push(last);
    }
    return last;
  }

  addMigrations(point: number, migrations: readonly MigrationResult[]): void {
    const tally = this.at(point);
    for (const { outcome, totalSeconds, downtimeSeconds } of migrations) {
      tally.migrations += 1;
      if (outcome !== "completed") continue;
      tally.completed += 1;
      if (totalSeconds !== null) tally.totals.push(totalSeconds);
      if (downtimeSeconds !== null) tally.downtimes.push(downtimeSeconds);
    }
  }

  /** Their values as arrays that cost little to send. */
  all(): Tally[] {
    return this.#tallies.map((tally) => ({
      ...tally,
      totals: Float64Array.from(tally.totals),
      downtimes: Float64Array.from(tally.downtimes),
    }));
  }
}
