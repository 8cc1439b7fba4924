/** What the built program takes before it does anything: processes of their own, by turns with a bare `node`. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { measureByTurns, type Timing, type Turn } from "../measure.ts";
import { processorSecondsOfChildren } from "../processor-time.ts";
import { type Suite, timeFigure, timeRatio } from "../suite.ts";

const PROGRAM = fileURLToPath(new URL("../../../dist/cli/precopy.js", import.meta.url));
const TURNS = 12;
/** The system tells the processor time of processes that have ended to a hundredth of a second: over so many, to a few milliseconds. */
const PROCESSES_A_TURN = 4;

/** The smallest scenario that migrates something. */
const SMALLEST = {
  schemaVersion: 1,
  name: "smallest",
  environment: "qemu-kvm-hosts",
  nodes: [
    { name: "a", memory: "8 GiB" },
    { name: "b", memory: "8 GiB" },
  ],
  networks: [{ name: "lan", bandwidth: "1 Gbit/s", carries: ["migration"] }],
  vms: [{ name: "vm", node: "a", memory: "1 GiB", workload: "idle" }],
  timeline: [{ at: 0, migrate: { vm: "vm", to: "b", profile: "qemu-7.2" } }],
};

export const startSuite: Suite = {
  name: "start",
  title: "Start-up of the built program, against a bare node",
  run() {
    if (!existsSync(PROGRAM)) return { figures: [], skipped: ["start-up: the program is not built (npm run build)"] };
    const folder = mkdtempSync(join(tmpdir(), "precopy-bench-"));
    try {
      const scenario = join(folder, "smallest.json");
      writeFileSync(scenario, JSON.stringify(SMALLEST));
      const [bare, version, run] = measureByTurns(
        [turnOfProcess(["-e", "0"]), turnOfProcess([PROGRAM, "--version"]), turnOfProcess([PROGRAM, "run", scenario])],
        TURNS,
      ) as [Timing, Timing, Timing];
      const figures = [
        timeFigure("node -e 0", "start", bare),
        timeFigure("precopy --version", "start", version),
        timeFigure("precopy run, the smallest", "start", run),
        timeRatio("precopy --version / node -e 0", version, bare),
        timeRatio("precopy run, the smallest / node -e 0", run, bare),
      ];
      return { figures, skipped: [] };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function turnOfProcess(words: readonly string[]): Turn {
  return () => {
    const before = processorSecondsOfChildren();
    const samples = Array.from({ length: PROCESSES_A_TURN }, () => {
      const begun = performance.now();
      const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
      if (status !== 0) throw new Error(`node ${words.join(" ")} ended with ${status}: ${stderr}`);
      return (performance.now() - begun) / 1000;
    });
    const after = processorSecondsOfChildren();
    const elapsed = Math.min(...samples);
    // Where the system does not tell, the elapsed time has to do.
    const processorSeconds =
      before === undefined || after === undefined ? elapsed : (after - before) / PROCESSES_A_TURN;
    return { samples, processorSeconds };
  };
}
