/** `npm run bench:compare -- A B`: what changed from one written result to another, beyond noise. Exits with 1 where something became worse. */
import { parseArgs } from "node:util";
import { compareResults, FALSE_ALARM, isRegression, LEAST_CHANGE } from "./comparison.ts";
import { comparisonText } from "./comparison-table.ts";
import { readResult } from "./result-file.ts";

const USAGE = `usage: npm run bench:compare -- BEFORE AFTER
  BEFORE, AFTER  files that npm run bench wrote, of the same machine
  --all          also the figures that are the same
Changes below ${LEAST_CHANGE * 100} % are not told of; any false alarm among all figures has a probability of ${FALSE_ALARM * 100} % at most.
Exits with 0, with 1 where a figure became worse, with 2 where the files cannot be compared.
`;

function main(): number {
  let files: string[];
  let all: boolean;
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { all: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) {
      process.stdout.write(USAGE);
      return 0;
    }
    if (positionals.length !== 2) throw new Error("two files are compared");
    files = positionals;
    all = values.all === true;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  const [before, after] = files.map(readResult) as [ReturnType<typeof readResult>, ReturnType<typeof readResult>];
  if (typeof before === "string" || typeof after === "string") {
    process.stderr.write(
      [before, after]
        .filter((one) => typeof one === "string")
        .map((why) => `${why}\n`)
        .join(""),
    );
    return 2;
  }
  const comparison = compareResults(before, after);
  if (comparison.figures.length === 0) {
    process.stderr.write("the two files have no figure in common: measure the same suites\n");
    return 2;
  }
  for (const warning of comparison.warnings) process.stderr.write(`Warning: ${warning}\n`);
  console.log(comparisonText(comparison, { all }));
  return comparison.figures.some(isRegression) ? 1 : 0;
}

process.exitCode = main();
