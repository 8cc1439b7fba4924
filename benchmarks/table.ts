/** Results as text. */
import { formatBytes } from "../sim/index.ts";
import { doubtsAboutFigure } from "./doubts.ts";
import type { Environment } from "./environment.ts";
import type { Figure, Suite, SuiteResult } from "./suite.ts";

export function machineText(environment: Environment): string {
  const { node, platform, cpuModel, cores, memoryBytes, loadAverage, timerResolutionSeconds } = environment;
  return [
    `Node ${node}, ${platform}, ${cores} cores (${cpuModel}), ${formatBytes(memoryBytes)}`,
    `load ${loadAverage.map((load) => load.toFixed(2)).join(" ")}, timer resolution ${timeText(timerResolutionSeconds)}`,
  ].join("\n");
}

export function suiteText(suite: Suite, result: SuiteResult): string {
  const rows = result.figures.map(rowOf);
  const header = ["", "processor", "elapsed: best", "median", "mean", "samples"];
  return [
    `${suite.name}: ${suite.title}`,
    columnsText(header, rows),
    ...result.skipped.map((what) => `SKIPPED: ${what}`),
    "",
  ].join("\n");
}

/** A time of any length in three digits or so. */
export function timeText(seconds: number): string {
  if (seconds < 1e-6) return `${digits(seconds * 1e9)} ns`;
  if (seconds < 1e-3) return `${digits(seconds * 1e6)} us`;
  if (seconds < 1) return `${digits(seconds * 1e3)} ms`;
  return `${digits(seconds)} s`;
}

/** A value of a kind of figure in three digits or so, with its unit. */
export function valueText(kind: Figure["kind"], value: number): string {
  if (kind === "time" || kind === "seconds") return timeText(value);
  if (kind === "bytes") return formatBytes(value);
  return kind === "ratio" ? value.toFixed(2) : digits(value);
}

function digits(value: number): string {
  return value < 100 ? value.toPrecision(3) : value.toFixed(0);
}

/** Rows with a header, the first column to the left, the others to the right. */
export function columnsText(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => (row[column] as string).length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number),
      )
      .join("  ")
      .trimEnd();
  return [header, ...rows].map(line).join("\n");
}

function rowOf(figure: Figure): string[] {
  if (figure.kind === "time") {
    const { name, per, timing } = figure;
    return [
      `${name}, per ${per}${doubtsAboutFigure(figure).length > 0 ? " (?)" : ""}`,
      timeText(timing.processorSeconds),
      timeText(timing.bestSeconds),
      timeText(timing.medianSeconds),
      `${timeText(timing.meanSeconds)} ±${timing.marginOfErrorPercent.toFixed(1)} %`,
      String(timing.samples),
    ];
  }
  return [figure.name, valueText(figure.kind, figure.value), "", "", "", ""];
}
