/** The pictures of a validation: what was predicted against what was measured, at the end and inside the migration. */
import type { Measures, Pass } from "../planning/measures.ts";
import { comparedPasses } from "../planning/pass-errors.ts";
import type { Validation } from "../planning/validate.ts";
import { type PlotPoint, scatterPlot } from "./scatter-plot.ts";

export interface ValidationPlot {
  /** A short name for files. */
  readonly name: string;
  readonly title: string;
  readonly svg: string;
}

type Run = Validation["runs"][number];

export function validationPlots({ runs }: Validation): ValidationPlot[] {
  const plots: ValidationPlot[] = [];
  const kinds = [...new Set(runs.map(({ kind }) => kind))].sort();
  const add = (name: string, title: string, quantity: string, points: readonly PlotPoint[]) => {
    if (points.length > 0) plots.push({ name, title, svg: scatterPlot(points, kinds, { title, quantity }) });
  };
  add("total-time", "Total time", "seconds", measurePoints(runs, "totalSeconds", 1));
  add("transferred-bytes", "Bytes over the network", "MB", measurePoints(runs, "transferredBytes", 1e-6));
  add("downtime", "Downtime, stop to run", "milliseconds", measurePoints(runs, "downtimeSeconds", 1000));
  add("pass-length", "Length of each pass", "seconds", passPoints(runs, durationOf));
  add("pass-dirty-pages", "Pages dirtied in each pass", "pages", passPoints(runs, dirtiedIn));
  return plots;
}

type Measure = Exclude<keyof Measures, "outcome" | "rounds">;

function measurePoints(runs: readonly Run[], measure: Measure, factor: number): PlotPoint[] {
  return runs.flatMap((run) => {
    const [measured, predicted] = [run.measured[measure], run.predicted[measure]];
    if (measured === null || predicted === null) return [];
    return { measured: measured * factor, predicted: predicted * factor, kind: run.kind, label: nameOf(run) };
  });
}

type PassValue = (passes: readonly Pass[], index: number) => number | null;

const durationOf: PassValue = (passes, index) => passes[index]?.durationSeconds ?? null;
/** What the read at the end of a pass adds is told with the next one. */
const dirtiedIn: PassValue = (passes, index) => passes[index + 1]?.newDirtyPages ?? null;

function passPoints(runs: readonly Run[], valueOfPass: PassValue): PlotPoint[] {
  return runs.flatMap((run) => {
    if (!("passes" in run.measured && "passes" in run.predicted)) return [];
    const [measuredPasses, predictedPasses] = [run.measured.passes, run.predicted.passes];
    return comparedPasses(measuredPasses).flatMap((index): PlotPoint[] => {
      const [measured, predicted] = [valueOfPass(measuredPasses, index), valueOfPass(predictedPasses, index)];
      if (measured === null || predicted === null) return [];
      return [{ measured, predicted, kind: run.kind, label: `${nameOf(run)}, pass ${index + 1}` }];
    });
  });
}

function nameOf(run: Run): string {
  const file = run.file.split("/").at(-1) ?? run.file;
  return "row" in run ? `${file}, row ${run.row}` : file.replace(/\.json$/, "");
}
