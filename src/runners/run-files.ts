/** The files that a run is asked to write, checked before anything is simulated. */
import { resolve } from "node:path";
import { type Attempt, badInput, succeeded, systemFailure } from "../failure.ts";
import { STANDARD_STREAM } from "../formats/text-file.ts";
import { listTraceFormats, traceFormatOf } from "../formats/trace-formats.ts";
import { planWholeFile, type WholeFilePlan, WriteFailure } from "../formats/whole-file.ts";

interface RunPaths {
  scenario: string;
  traces: readonly string[];
  html: string | null;
  eventLog: string | null;
  /** Null or `-`: standard output. */
  output: string | null;
}

interface RunFilePlans {
  traces: WholeFilePlan[];
  html: WholeFilePlan | null;
  eventLog: WholeFilePlan | null;
  output: WholeFilePlan | null;
  all: WholeFilePlan[];
}

export function planRunFiles({ scenario, traces, html, eventLog, output }: RunPaths): Attempt<RunFilePlans> {
  const unknown = traces.find((path) => traceFormatOf(path) === null);
  if (unknown !== undefined) {
    return badInput(
      `--trace ${unknown}: a trace's form goes by its name, and this one is not known. Known: ${listTraceFormats()}.`,
    );
  }
  const outputPath = output === STANDARD_STREAM ? null : output;
  const paths = [...traces, html, eventLog, outputPath].filter((path) => path !== null);
  const taken = new Set(scenario === STANDARD_STREAM ? [] : [resolve(scenario)]);
  for (const path of paths) {
    if (taken.has(resolve(path))) {
      const isScenario = scenario !== STANDARD_STREAM && resolve(scenario) === resolve(path);
      const problem = isScenario ? "it is the scenario itself" : "two outputs have this name";
      return badInput(`will not write ${path}: ${problem}. Give every output a name of its own.`);
    }
    taken.add(resolve(path));
  }
  try {
    const all = paths.map((path, index) => planWholeFile(path, index));
    const plans = [...all];
    return succeeded({
      traces: plans.splice(0, traces.length),
      html: html === null ? null : (plans.shift() as WholeFilePlan),
      eventLog: eventLog === null ? null : (plans.shift() as WholeFilePlan),
      output: plans[0] ?? null,
      all,
    });
  } catch (error) {
    if (error instanceof WriteFailure) return systemFailure(error.message);
    throw error;
  }
}
