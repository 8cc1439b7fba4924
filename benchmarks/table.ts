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
  const header = ["", "processor", "elapsed: best", "median", "mean", "samples", "aim"];
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => (row[column] as string).length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number),
      )
      .join("  ")
      .trimEnd();
  return [
    `${suite.name}: ${suite.title}`,
    line(header),
    ...rows.map(line),
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

function digits(value: number): string {
  return value < 100 ? value.toPrecision(3) : value.toFixed(0);
}

function rowOf(figure: Figure): string[] {
  if (figure.kind === "time") {
    const { name, per, timing, aimSeconds } = figure;
    return [
      `${name}, per ${per}${doubtsAboutFigure(figure).length > 0 ? " (?)" : ""}`,
      timeText(timing.processorSeconds),
      timeText(timing.bestSeconds),
      timeText(timing.medianSeconds),
      `${timeText(timing.meanSeconds)} ±${timing.marginOfErrorPercent.toFixed(1)} %`,
      String(timing.samples),
      aimSeconds === undefined ? "" : aimText(timeText(aimSeconds), timing.processorSeconds <= aimSeconds),
    ];
  }
  const { kind, name, value, aim } = figure;
  const text = kind === "bytes" ? formatBytes(value) : kind === "ratio" ? value.toFixed(2) : digits(value);
  return [name, text, "", "", "", "", aim === undefined ? "" : aimText(String(aim), value <= aim)];
}

function aimText(aim: string, reached: boolean): string {
  return `${aim}: ${reached ? "reached" : "missed"}`;
}
