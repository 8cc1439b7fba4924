/** Why figures may not be what another machine, or this one at another time, would give. */
import type { Environment } from "./environment.ts";
import type { Figure } from "./suite.ts";

const WIDE_MARGIN_PERCENT = 5;
const WIDE_SPREAD = 1.3;
const FEW_SAMPLES = 10;

export function doubtsAboutMachine(before: Environment, after: Environment): string[] {
  const loads = [before.loadAverage[0] ?? 0, after.loadAverage[0] ?? 0];
  const busiest = Math.max(...loads);
  // The benchmark itself keeps one core busy.
  if (busiest <= Math.max(1.2, before.cores - 0.5)) return [];
  const from = loads.map((load) => load.toFixed(1)).join(" before and ");
  return [
    `Others used the machine: a load of ${from} after, on ${before.cores} cores. Processor times mean more than elapsed ones.`,
  ];
}

export function doubtsAboutFigure(figure: Figure): string[] {
  if (figure.kind !== "time") return [];
  const { marginOfErrorPercent, samples, bestSeconds, medianSeconds } = figure.timing;
  const doubts: string[] = [];
  if (marginOfErrorPercent > WIDE_MARGIN_PERCENT) {
    doubts.push(`its mean elapsed time is known to ±${marginOfErrorPercent.toFixed(1)} % only`);
  }
  const spread = medianSeconds / bestSeconds;
  if (spread > WIDE_SPREAD) doubts.push(`its median sample took ${spread.toFixed(2)} times its best`);
  if (samples < FEW_SAMPLES) doubts.push(`it rests on ${samples} samples`);
  return doubts;
}
