/**
 * The page in a real browser: a trace of a million events, and a slider of the what-if form.
 * Run it after a build: node benchmarks/page.mjs [million-events] [what-if]
 */
import { loadavg } from "node:os";
import { withBrowser } from "../scripts/built-page.mjs";
import { millionEvents } from "./page/million-events.mjs";
import { whatIf } from "./page/what-if.mjs";

/** @type {Record<string, (browser: import("playwright-core").Browser) => Promise<string[]>>} */
const SUITES = { "million-events": millionEvents, "what-if": whatIf };

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in SUITES));
if (unknown !== undefined) {
  process.stderr.write(`There is no suite ${unknown}: name ${Object.keys(SUITES).join(" or ")}, or none for all.\n`);
  process.exitCode = 2;
} else
  await withBrowser(async (browser) => {
    for (const [name, measure] of Object.entries(SUITES)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      process.stdout.write(`${[name, ...(await measure(browser))].join("\n")}\n\n`);
    }
    process.stdout.write(`load of the machine    ${loadavg()[0]?.toFixed(1)}\n`);
  });
