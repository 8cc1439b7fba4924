/** SimGrid's own answers as CSV, one migration or one set of concurrent migrations a row (docs/measured-runs.md). */
import { csvParse } from "d3-dsv";
import { type Attempt, badInput, succeeded } from "../failure.ts";

/** One VM over one link. */
export interface SimgridSingleRow {
  file: string;
  /** 1 for the first row behind the header. */
  row: number;
  kind: "simgrid-single";
  networkModel: "CM02" | "LV08";
  memoryBytes: number;
  workingSetBytes: number;
  linkBytesPerSecond: number;
  latencySeconds: number;
  migrationBytesPerSecond: number;
  dirtyBytesPerSecond: number;
  maxDowntimeSeconds: number;
  converged: boolean;
  rounds: number;
  bytesSent: number;
  /** Null where it did not converge. */
  totalSeconds: number | null;
  downtimeSeconds: number | null;
}

/** Many VMs leave one host over one link. */
export interface SimgridConcurrentRow {
  file: string;
  row: number;
  kind: "simgrid-concurrent";
  vms: number;
  /** Migrations at a time; 0 for all. */
  slots: number;
  meanMemoryBytes: number;
  /** Memory sizes differ. */
  spread: boolean;
  linkBytesPerSecond: number;
  dirtyBytesPerSecond: number;
  /** Over all VMs. */
  rounds: number;
  bytesSent: number;
  makespanSeconds: number;
  worstDowntimeSeconds: number;
}

export type SimgridRow = SimgridSingleRow | SimgridConcurrentRow;

const SINGLE_COLUMNS = [
  "net_model",
  "ram_bytes",
  "working_set_bytes",
  "link_Bps",
  "latency_s",
  "mig_speed_Bps",
  "dirty_rate_Bps",
  "max_downtime_s",
  "rounds",
  "bytes_sent",
  "total_time_s",
  "downtime_s",
  "outcome",
];
const CONCURRENT_COLUMNS = [
  "vms",
  "wave",
  "mean_ram_bytes",
  "link_Bps",
  "dirty_rate_Bps",
  "spread",
  "makespan_s",
  "worst_downtime_s",
  "rounds_all",
  "bytes_sent",
];

const REMEDY = "Give SimGrid's answers as docs/measured-runs.md describes them, or leave the file out.";

/** The rows of a file, in order; a failure that names file and line where the header or a value is none that is known. */
export function readSimgridTable(text: string, file: string): Attempt<SimgridRow[]> {
  const table = csvParse(text.replace(/^\uFEFF/, ""));
  const has = (columns: readonly string[]) => columns.every((column) => table.columns.includes(column));
  const read = has(SINGLE_COLUMNS) ? readSingle : has(CONCURRENT_COLUMNS) ? readConcurrent : null;
  if (read === null) return badInput(`${file}:1: the header is none that is known. ${REMEDY}`);
  const rows: SimgridRow[] = [];
  for (const [index, cells] of table.entries()) {
    const row = read(new Cells(cells), { file, row: index + 1 });
    if (typeof row === "string") return badInput(`${file}:${index + 2}: ${row}. ${REMEDY}`);
    rows.push(row);
  }
  return succeeded(rows);
}

/** The cells of one row; remembers the first that is no number. */
class Cells {
  wrong: string | null = null;
  private readonly cells: Readonly<Record<string, string | undefined>>;

  constructor(cells: Readonly<Record<string, string | undefined>>) {
    this.cells = cells;
  }

  text(column: string): string {
    return this.cells[column]?.trim() ?? "";
  }

  number(column: string): number {
    const text = this.text(column);
    const value = Number(text);
    if ((text === "" || !(value >= 0 && value < Number.POSITIVE_INFINITY)) && this.wrong === null) {
      this.wrong = `${column} is "${text}", no number of 0 or more`;
    }
    return value;
  }
}

function readSingle(cells: Cells, where: { file: string; row: number }): SimgridSingleRow | string {
  const networkModel = cells.text("net_model");
  if (networkModel !== "CM02" && networkModel !== "LV08") return `net_model is "${networkModel}", not CM02 or LV08`;
  const converged = cells.text("outcome") === "converged";
  const row: SimgridSingleRow = {
    ...where,
    kind: "simgrid-single",
    networkModel,
    memoryBytes: cells.number("ram_bytes"),
    workingSetBytes: cells.number("working_set_bytes"),
    linkBytesPerSecond: cells.number("link_Bps"),
    latencySeconds: cells.number("latency_s"),
    migrationBytesPerSecond: cells.number("mig_speed_Bps"),
    dirtyBytesPerSecond: cells.number("dirty_rate_Bps"),
    maxDowntimeSeconds: cells.number("max_downtime_s"),
    converged,
    rounds: cells.number("rounds"),
    bytesSent: cells.number("bytes_sent"),
    totalSeconds: converged ? cells.number("total_time_s") : null,
    downtimeSeconds: converged ? cells.number("downtime_s") : null,
  };
  return cells.wrong ?? row;
}

function readConcurrent(cells: Cells, where: { file: string; row: number }): SimgridConcurrentRow | string {
  const row: SimgridConcurrentRow = {
    ...where,
    kind: "simgrid-concurrent",
    vms: cells.number("vms"),
    slots: cells.number("wave"),
    meanMemoryBytes: cells.number("mean_ram_bytes"),
    spread: cells.text("spread") === "1",
    linkBytesPerSecond: cells.number("link_Bps"),
    dirtyBytesPerSecond: cells.number("dirty_rate_Bps"),
    rounds: cells.number("rounds_all"),
    bytesSent: cells.number("bytes_sent"),
    makespanSeconds: cells.number("makespan_s"),
    worstDowntimeSeconds: cells.number("worst_downtime_s"),
  };
  return cells.wrong ?? row;
}
