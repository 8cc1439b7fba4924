/** Times pieces of code by turns, so that whatever else the machine does meets all of them alike. */
import Benchmark from "benchmark";
import { processorSecondsOf } from "./processor-time.ts";
import { secondsOfReference } from "./reference.ts";

/** What one turn of a piece gave. */
export interface TurnResult {
  /** Elapsed seconds an operation, each the mean over a stretch of many. */
  readonly samples: readonly number[];
  /** Processor seconds an operation, collections included whichever thread they ran in. */
  readonly processorSeconds: number;
}

export type Turn = () => TurnResult;

export interface Timing {
  /**
   * Processor time of the cheapest turn: what the code takes of one core. Elapsed time says the same on an idle machine,
   * and on a busy one how long others had the core.
   */
  readonly processorSeconds: number;
  /** Processor time of each turn, in order. */
  readonly processorSecondsByTurn: readonly number[];
  /** Processor time of the reference loop just before each of these turns: how fast the core was (`reference.ts`). */
  readonly referenceSecondsByTurn: readonly number[];
  /** Elapsed time of the fastest sample, of the one in the middle, and on average. */
  readonly bestSeconds: number;
  readonly medianSeconds: number;
  readonly meanSeconds: number;
  /** Half the width of the mean's 95 % interval, relative to the mean, in percent. */
  readonly marginOfErrorPercent: number;
  readonly samples: number;
}

export interface TurnOptions {
  /** Operations that one call does; 1 where left out. */
  readonly operations?: number;
  /** How long a turn lasts, about. */
  readonly turnSeconds?: number;
  /** A turn takes at least so many samples, however long that lasts. */
  readonly leastSamples?: number;
}

/** Short enough to fit between two interruptions by other processes, long for the timer, and holding some collections. */
const SAMPLE_SECONDS = 0.01;
/** So many that a comparison of two results can tell one figure among a hundred (`comparison.ts`). */
const TURNS = 10;
/** Beside the time that benchmark.js takes, so much of it again for the processor time. */
const PROCESSOR_SHARE = 0.5;

/** Turns of a function, timed by benchmark.js. */
export function turnOf(name: string, run: () => unknown, options: TurnOptions = {}): Turn {
  const { operations = 1, turnSeconds = 0.3, leastSamples = 3 } = options;
  return () => {
    const benchmark = new Benchmark(name, run, {
      maxTime: turnSeconds,
      minSamples: leastSamples,
      minTime: SAMPLE_SECONDS,
    });
    benchmark.run({ async: false });
    if (benchmark.error !== undefined) throw benchmark.error;
    const { mean, sample } = benchmark.stats;
    const secondsACall = processorSecondsOf(run, Math.ceil((turnSeconds * PROCESSOR_SHARE) / mean));
    return {
      samples: sample.map((elapsedSeconds: number) => elapsedSeconds / operations),
      processorSeconds: secondsACall / operations,
    };
  };
}

/** Gives each piece its turn, several times over. The results are in the order of the pieces. */
export function measureByTurns(pieces: readonly Turn[], turns = TURNS): Timing[] {
  const results = pieces.map((): MeasuredTurn[] => []);
  for (let turn = 0; turn < turns; turn++) {
    pieces.forEach((piece, index) => {
      const referenceSeconds = secondsOfReference();
      (results[index] as MeasuredTurn[]).push({ ...piece(), referenceSeconds });
    });
  }
  return results.map(timingOf);
}

interface MeasuredTurn extends TurnResult {
  readonly referenceSeconds: number;
}

function timingOf(turns: readonly MeasuredTurn[]): Timing {
  const samples = turns.flatMap((turn) => turn.samples).sort((a, b) => a - b);
  const count = samples.length;
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / count;
  const variance = samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / Math.max(1, count - 1);
  const processorSecondsByTurn = turns.map(({ processorSeconds }) => processorSeconds);
  return {
    processorSeconds: Math.min(...processorSecondsByTurn),
    processorSecondsByTurn,
    referenceSecondsByTurn: turns.map(({ referenceSeconds }) => referenceSeconds),
    bestSeconds: samples[0] as number,
    medianSeconds: samples[count >> 1] as number,
    meanSeconds: mean,
    marginOfErrorPercent: (1.96 * Math.sqrt(variance / count) * 100) / mean,
    samples: count,
  };
}
