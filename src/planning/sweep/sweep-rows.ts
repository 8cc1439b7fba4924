/** The rows of a sweep: one a migration of a task, cells in the order of the columns. */
import type { MigrationResult } from "../../../sim/index.ts";
import type { SweepDefinition } from "./sweep-definition.ts";

export type Cell = string | number | boolean | null;

export type CellType = "whole" | "number" | "text" | "truth";

export interface SweepColumn {
  readonly name: string;
  readonly type: CellType;
}

/** What a row says of a migration, behind task, parameters and seed. */
const MIGRATION_COLUMNS = [
  ["migration", "whole"],
  ["vm", "text"],
  ["from", "text"],
  ["to", "text"],
  ["profile", "text"],
  ["mode", "text"],
  ["outcome", "text"],
  ["endedBy", "text"],
  ["requestedSeconds", "number"],
  ["startSeconds", "number"],
  ["totalSeconds", "number"],
  ["downtimeSeconds", "number"],
  ["reportedDowntimeSeconds", "number"],
  ["brownoutSeconds", "number"],
  ["clientOutageSeconds", "number"],
  ["transferredBytes", "number"],
  ["rounds", "whole"],
] as const satisfies readonly (readonly [string, CellType])[];

type MigrationColumn = (typeof MIGRATION_COLUMNS)[number][0];

/** Outcomes of rows that tell of no migration. */
export const NO_MIGRATION = "no-migration";
/** The point's values make no scenario that could be simulated. */
export const INVALID_SCENARIO = "invalid-scenario";
/** What simulated the task ended each time, or the simulator itself broke. */
export const TASK_FAILED = "task-failed";

/** All columns: the task, a column a parameter, the seed, the migration. */
export function sweepColumns({ axes }: Pick<SweepDefinition, "axes">): SweepColumn[] {
  return [
    { name: "task", type: "whole" },
    ...axes.map((axis) => ({
      name: axis.path,
      type: axis.kind === "range" ? ("number" as const) : typeOf(axis.values.map(({ value }) => value)),
    })),
    { name: "seed", type: "text" },
    ...MIGRATION_COLUMNS.map(([name, type]) => ({ name, type })),
  ];
}

function typeOf(values: readonly Cell[]): CellType {
  if (values.every((value) => typeof value === "number")) return "number";
  return values.every((value) => typeof value === "boolean") ? "truth" : "text";
}

/** Where a migration's column stands in the rows of a sweep with so many parameters. */
export function columnIndex(parameters: number, column: MigrationColumn): number {
  return parameters + 2 + MIGRATION_COLUMNS.findIndex(([name]) => name === column);
}

/** The migration's cells. */
export function migrationCells(index: number, result: MigrationResult): Cell[] {
  return [
    index,
    result.vm,
    result.from,
    result.to,
    result.profile,
    result.mode,
    result.outcome,
    result.endedBy,
    result.requestedSeconds,
    result.startSeconds,
    result.totalSeconds,
    result.downtimeSeconds,
    result.reportedDowntimeSeconds,
    result.brownoutSeconds,
    result.clientOutageSeconds,
    result.transferredBytes,
    result.rounds.length,
  ];
}

/** The cells of a task without migrations: an outcome and nothing else. */
export function outcomeCells(outcome: string): Cell[] {
  return MIGRATION_COLUMNS.map(([name]) => (name === "outcome" ? outcome : null));
}
