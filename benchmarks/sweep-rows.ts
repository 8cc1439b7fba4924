/** A sweep by the built program that writes rows, and the most memory that its process ever had. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toScenarioFile } from "../sim/index.ts";
import { tenRounds } from "./scenarios.ts";

export interface RowsWritten {
  readonly elapsedSeconds: number;
  /** Resident memory at its most, threads included. */
  readonly mostBytes: number;
}

/** Each of these with as many seeds: a row each. */
const BANDWIDTHS = 10;

/** Runs in the program's process, and in those of its threads, which keep quiet. */
const TELL_MEMORY = `import { isMainThread } from "node:worker_threads";
import { writeFileSync } from "node:fs";
if (isMainThread) process.on("exit", () => writeFileSync(process.env.PRECOPY_BENCH_MEMORY, String(process.resourceUsage().maxRSS)));`;

/** @param form of the rows' file, by its ending */
export function writeRows(program: string, rows: number, form: "csv" | "parquet"): RowsWritten {
  const folder = mkdtempSync(join(tmpdir(), "precopy-bench-"));
  try {
    const scenario = join(folder, "scenario.json");
    const memory = join(folder, "memory.txt");
    writeFileSync(scenario, JSON.stringify(toScenarioFile(tenRounds("hyper-v-2008r2"))));
    const begun = performance.now();
    const done = spawnSync(
      process.execPath,
      [
        ...["--import", `data:text/javascript,${encodeURIComponent(TELL_MEMORY)}`],
        ...[program, "sweep", scenario, "--param", `link.bandwidth=1..10Gbit/s:${BANDWIDTHS}`],
        ...["--seeds", String(rows / BANDWIDTHS), "-o", join(folder, `rows.${form}`)],
      ],
      { encoding: "utf8", env: { ...process.env, PRECOPY_BENCH_MEMORY: memory }, maxBuffer: 2 ** 28 },
    );
    if (done.status !== 0) throw new Error(`the sweep of ${rows} rows ended with ${done.status}: ${done.stderr}`);
    const elapsedSeconds = (performance.now() - begun) / 1000;
    // In KiB on every system.
    return { elapsedSeconds, mostBytes: Number(readFileSync(memory, "utf8")) * 1024 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
