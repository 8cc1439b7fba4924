/**
 * The validation tables of docs/validation.md, between its marks, and its plots in docs/images/. Run it after a build:
 * node scripts/validation-docs.mjs
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { validationPlots } from "../dist/src/formats/validation-plots.js";
import { validate } from "../dist/src/planning/validate.js";
import { readMeasuredFiles } from "../dist/src/sources/measured-files.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const PAGE = "docs/validation.md";
const MARKS = ["<!-- validation:begin -->", "<!-- validation:end -->"];
/** As `precopy validate` has it unless told otherwise. */
const SEEDS = 101;

/** What each file of the docs should hold, by path from the project's root. */
export async function validationDocs() {
  const files = await readMeasuredFiles([join(root, "test/measured")], new AbortController().signal);
  if (!files.ok) throw new Error(files.failure.message);
  const validation = validate(files.value, SEEDS);
  const plots = validationPlots(validation);
  const docs = new Map(plots.map(({ name, svg }) => [imagePath(name), svg]));
  const page = readFileSync(join(root, PAGE), "utf8");
  const [before, after] = [page.split(MARKS[0])[0], page.split(MARKS[1])[1]];
  const pictures = plots.map(
    ({ name, title }) => `![${title}, predicted against measured](images/validation-${name}.svg)`,
  );
  const tables = [...outcomeTable(validation), "", ...insideTable(validation), "", ...pictures];
  docs.set(PAGE, `${before}${MARKS[0]}\n${tables.join("\n")}\n${MARKS[1]}${after}`);
  return docs;
}

/**
 * Kinds, then those of which identical runs agree, then all.
 * @param {import("../dist/src/planning/validation-summary.js").Summaries} summary
 */
function rowsOf({ kinds, steady, all }) {
  return [...kinds, steady, all];
}

/** @param {string} name */
function imagePath(name) {
  return `docs/images/validation-${name}.svg`;
}

/** @param {import("../dist/src/planning/validate.js").Validation} validation */
function outcomeTable({ summary }) {
  const head = "| kind | runs | outcomes right | total time | transferred bytes | stop to run | reported downtime |";
  const rows = rowsOf(summary).map(
    ({ kind, runs, outcomesRight, totalTime, transferred, downtime, reportedDowntime }) =>
      `| ${kind} | ${runs} | ${outcomesRight} | ${shares(totalTime)} | ${shares(transferred)} | ${times(downtime)} | ${times(reportedDowntime)} |`,
  );
  return [head, "| --- | ---: | ---: | ---: | ---: | ---: | ---: |", ...rows];
}

/** @param {import("../dist/src/planning/validate.js").Validation} validation */
function insideTable({ summary }) {
  const head = "| kind | rounds within 1 or 5 % | passes | length of a pass | pages dirtied in it |";
  const rows = rowsOf(summary).map(({ kind, roundsWithinShare, passes }) => {
    const length = passes && `${percent(passes.durationMedianShare)} / ${percent(passes.durationP90Share)}`;
    const dirtied = passes && `${percent(passes.newDirtyPagesMedianShare)} / ${percent(passes.newDirtyPagesP90Share)}`;
    const within = roundsWithinShare === null ? "-" : `${Math.round(100 * roundsWithinShare)} %`;
    return `| ${kind} | ${within} | ${passes?.passes ?? 0} | ${length ?? "-"} | ${dirtied ?? "-"} |`;
  });
  return [head, "| --- | ---: | ---: | ---: | ---: |", ...rows];
}

/** @param {import("../dist/src/planning/validation-summary.js").RelativeError | null} error */
function shares(error) {
  return error === null ? "-" : `${percent(error.medianShare)} / ${percent(error.p90Share)}`;
}

/** @param {import("../dist/src/planning/validation-summary.js").AbsoluteError | null} error */
function times(error) {
  return error === null ? "-" : `${milliseconds(error.medianSeconds)} / ${milliseconds(error.p90Seconds)}`;
}

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(2)} %`;
}

/** @param {number} seconds */
function milliseconds(seconds) {
  return `${(1000 * seconds).toFixed(1)} ms`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [path, content] of await validationDocs()) {
    writeFileSync(join(root, path), content);
    process.stdout.write(`wrote ${path}\n`);
  }
}
