/**
 * What calc-dirty-rate is worth asking before a migration: the table of docs/planning-inputs.md, between its marks. Guests
 * are drawn from the planner's own prior, asked, and predicted; the truth is the same guest with its classes known. Run it
 * after a build: node scripts/planning-inputs.mjs [GUESTS] (a few minutes with the 120 of the docs).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { RandomStreams } from "../dist/sim/index.js";
import { predictFromPlanner } from "../dist/src/planning/planner/predict-from-planner.js";
import { askDirtyRate, drawGuest, pagesDirtied } from "../dist/src/planning/planner/synthetic-guest.js";
import { predictRun } from "../dist/src/planning/predict-run.js";
import { quantile } from "../dist/src/planning/quantile.js";
import { readMeasuredRun } from "../dist/src/sources/measured-run.js";

const PAGE = join(dirname(fileURLToPath(import.meta.url)), "..", "docs/planning-inputs.md");
const MARKS = ["<!-- study:begin -->", "<!-- study:end -->"];
const GUESTS = Number(process.argv[2] ?? 120);
const DRAWS = 201;
const SEEDS = 11;
const GIB = 2 ** 30;
const MIB = 2 ** 20;
const PAGE_BYTES = 4096;
const BANDWIDTHS = [64, 128, 256].map((mib) => mib * MIB);
/** Guests that decide something: in the first second they dirty from a tenth to all of what the migration can send. */
const LEAST_LOAD = 0.1;

/**
 * @typedef {Parameters<typeof askDirtyRate>[1]} Question
 * @typedef {ReturnType<typeof situations>[number]} Situation
 * @typedef {ReturnType<typeof judge>} Judged
 */

/** @type {(samplePagesPerGiB: number, ...seconds: number[]) => Question[]} */
const sampled = (samplePagesPerGiB, ...seconds) =>
  seconds.map((calcTimeSeconds) => ({ mode: "page-sampling", samplePagesPerGiB, calcTimeSeconds }));
/** @type {(...seconds: number[]) => Question[]} */
const bitmap = (...seconds) => seconds.map((calcTimeSeconds) => ({ mode: "dirty-bitmap", calcTimeSeconds }));

/** @type {[string, Question[]][]} */
const PLANS = [
  ["512 samples/GiB, 1 s (QEMU's default)", sampled(512, 1)],
  ["8192 samples/GiB, 1 s", sampled(8192, 1)],
  ["512 and 8192 samples/GiB, 1 and 3 s (the measured runs)", [...sampled(512, 1, 3), ...sampled(8192, 1, 3)]],
  ["16384 samples/GiB, 1 and 3 s", sampled(16_384, 1, 3)],
  ["16384 samples/GiB, 1, 3 and 10 s", sampled(16_384, 1, 3, 10)],
  ["16384 samples/GiB, 0.3, 1, 3 and 10 s", sampled(16_384, 0.3, 1, 3, 10)],
  ["dirty bitmap, 1 s", bitmap(1)],
  ["dirty bitmap, 1 and 3 s", bitmap(1, 3)],
  ["dirty bitmap, 1, 3 and 10 s", bitmap(1, 3, 10)],
  ["dirty bitmap, 0.3, 1 and 3 s", bitmap(0.3, 1, 3)],
  ["dirty bitmap, 0.1, 0.3, 1, 3 and 10 s", bitmap(0.1, 0.3, 1, 3, 10)],
];

function situations() {
  const random = new RandomStreams("planning inputs").stream("guests");
  const drawn = [];
  while (drawn.length < GUESTS) {
    const maxBandwidthBytesPerSecond = /** @type {number} */ (
      BANDWIDTHS[Math.floor(random.next() * BANDWIDTHS.length)]
    );
    const memoryBytes = (1 + Math.floor(random.next() * 3)) * GIB;
    const usedBytes = Math.floor((memoryBytes * (0.3 + 0.6 * random.next())) / MIB) * MIB;
    const guest = drawGuest(usedBytes / PAGE_BYTES, random);
    const load = (pagesDirtied(guest, 1) * PAGE_BYTES) / maxBandwidthBytesPerSecond;
    if (load >= LEAST_LOAD && load <= 1) drawn.push({ guest, memoryBytes, usedBytes, maxBandwidthBytesPerSecond });
  }
  return drawn;
}

/**
 * @param {Situation} situation
 * @param {unknown[]} calcDirtyRate
 */
function runOf({ guest, memoryBytes, usedBytes, maxBandwidthBytesPerSecond }, calcDirtyRate) {
  let firstPage = 0;
  const writeClasses = guest.classes.map((written) => {
    firstPage += written.pages;
    return { ...written, firstPage: firstPage - written.pages };
  });
  const network = { kind: "loopback" };
  const settings = { maxBandwidthBytesPerSecond, downtimeLimitMs: 300, cancelAfterMs: 60_000 };
  const scenario = { memoryBytes, usedBytes, writeClasses, network, ...settings };
  const run = { name: "synthetic", kind: "synthetic", scenario, planner: { calcDirtyRate }, measured: {} };
  const read = readMeasuredRun(JSON.stringify(run), "synthetic");
  if (!read.ok || read.value === null) throw new Error("a synthetic run must be readable");
  return read.value;
}

/**
 * @param {Question[]} questions
 * @param {Situation} situation
 * @param {ReturnType<typeof predictRun>} truth
 * @param {number} index
 */
function judge(questions, situation, truth, index) {
  const random = new RandomStreams("planning inputs").stream(`answers ${index}`);
  const answers = questions.map((question) => askDirtyRate(situation.guest, question, situation.memoryBytes, random));
  const { outcome, totalSeconds, interval } = predictFromPlanner(runOf(situation, answers), DRAWS);
  const [low, high] = interval.totalSeconds ?? [Number.NaN, Number.NaN];
  const trueSeconds = truth.totalSeconds ?? Number.NaN;
  return {
    error: Math.abs((totalSeconds ?? Number.NaN) / trueSeconds - 1),
    right: outcome === truth.outcome,
    width: (high - low) / trueSeconds,
    covered: low <= trueSeconds && trueSeconds <= high,
  };
}

/** @param {number} share */
const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)} %`;
/** @type {(judged: readonly Judged[], is: (one: Judged) => boolean) => number} */
const shareOf = (judged, is) => judged.filter(is).length / judged.length;

const guests = situations();
const truths = guests.map((situation) => predictRun(runOf(situation, []), SEEDS));
const rows = PLANS.map(([name, questions]) => {
  const judged = guests.map((situation, index) => judge(questions, situation, truths[index], index));
  const errors = judged.map(({ error }) => error);
  const mean = errors.reduce((sum, error) => sum + Math.min(1, error), 0) / errors.length;
  const seconds = questions.reduce((sum, { calcTimeSeconds }) => sum + calcTimeSeconds, 0);
  const cells = [
    name,
    `${Math.round(10 * seconds) / 10} s`,
    percent(quantile(errors, 0.5)),
    percent(quantile(errors, 0.9)),
    percent(mean),
    percent(
      quantile(
        judged.map(({ width }) => width),
        0.5,
      ),
    ),
    percent(
      shareOf(judged, ({ right }) => right),
      0,
    ),
    percent(
      shareOf(judged, ({ covered }) => covered),
      0,
    ),
  ];
  process.stderr.write(`${cells.join("  ")}\n`);
  return `| ${cells.join(" | ")} |`;
});
const table = [
  "| asked | takes | median error | 90th percentile | mean, at most 100 % each | width of the interval | outcome right | in the interval |",
  "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
  ...rows,
];
const page = readFileSync(PAGE, "utf8");
const [before, after] = [page.split(MARKS[0])[0], page.split(MARKS[1])[1]];
writeFileSync(PAGE, `${before}${MARKS[0]}\n${table.join("\n")}\n${MARKS[1]}${after}`);
