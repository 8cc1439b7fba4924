/** The bitmap dirty log as a run uses it, against the least that C can do for the same draws. */
import { RandomStreams } from "../../sim/kernel/random.ts";
import { BitmapDirtyLog } from "../../sim/memory/bitmap-dirty-log.ts";
import type { Stretch } from "../../sim/memory/dirty-log.ts";
import type { PageClass } from "../../sim/memory/page-class.ts";
import { WriteActivity } from "../../sim/memory/write-activity.ts";
import { type CProgram, compileC } from "../c-program.ts";
import { measureByTurns, type Timing, type TurnResult, turnOf } from "../measure.ts";
import { type Figure, type Suite, timeFigure, timeRatio } from "../suite.ts";

const SIZES = [
  { pages: 1_000_003, turns: 15, samplesATurn: 20 },
  { pages: 67_000_003, turns: 9, samplesATurn: 1 },
] as const;

export const bitmapLogSuite: Suite = {
  name: "bitmap-log",
  title: "The bitmap log, against a C loop that draws pages with xoshiro128** and sets bits",
  run() {
    const program = compileC("c/bitmap-loop.c");
    try {
      const figures = SIZES.flatMap((size) => figuresOf(size, program));
      return { figures, skipped: typeof program === "string" ? [`the comparison with C: ${program}`] : [] };
    } finally {
      if (typeof program !== "string") program.remove();
    }
  },
};

/** Turns of the log and of C follow each other, each sample with as many draws as there are pages. */
function figuresOf({ pages, turns, samplesATurn }: (typeof SIZES)[number], program: CProgram | string): Figure[] {
  const label = `${pages.toLocaleString("en-US")} pages`;
  const pieces = [turnOf("log", roundOf(pages), { operations: pages, turnSeconds: 0.2, leastSamples: samplesATurn })];
  if (typeof program !== "string") pieces.push(() => turnOfC(program, pages, samplesATurn));
  const [log, c] = measureByTurns(pieces, turns) as [Timing, Timing | undefined];
  const figures: Figure[] = [timeFigure(`${label}: bitmap log (draw, set, read, send)`, "draw", log)];
  if (c !== undefined) {
    figures.push(timeFigure(`${label}: C loop (draw, set)`, "draw", c));
    figures.push(timeRatio(`${label}: bitmap log / C loop`, log, c));
  }
  return figures;
}

function turnOfC(program: CProgram, pages: number, samples: number): TurnResult {
  const lines = program.run(pages, pages, samples).slice(0, samples);
  const times = lines.map((line) => line.split(" ").map((nanoseconds) => Number(nanoseconds) * 1e-9));
  return {
    samples: times.map(([elapsed]) => elapsed as number),
    processorSeconds: times.reduce((sum, [, processor]) => sum + (processor as number), 0) / samples,
  };
}

/** A round of pre-copy: as many writes as pages (on average: their number is Poisson) are drawn, read, and sent. */
function roundOf(pages: number): () => void {
  const written: PageClass = {
    name: "written",
    firstPage: 0,
    pages,
    writesPerSecond: pages,
    pattern: "uniform",
    startSeconds: Number.NEGATIVE_INFINITY,
    endSeconds: Number.POSITIVE_INFINITY,
    cpuBoundShare: 1,
    wordsPerWrite: 1,
  };
  const memory = { totalPages: pages, zeroPages: 0, compressedShare: 1, classes: [written] };
  const random = new RandomStreams("bench").stream("memory");
  const log = new BitmapDirtyLog(memory, new WriteActivity(memory.classes), { kind: "at-sync" }, random);
  const stretch: Stretch = { pages: 0, zero: false };
  let seconds = 0;
  log.begin(seconds);
  log.send(pages, seconds, seconds);
  return () => {
    seconds += 1;
    log.sync(seconds);
    log.nextStretch(stretch);
    log.send(stretch.pages, seconds, seconds);
  };
}
