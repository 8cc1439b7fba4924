/**
 * Lays bytecode beside the built program (src/load.ts says what for): does what a small run does, in this process, then asks
 * the engine for what it has compiled. Called by the build with the program's folder; what the commands print is not wanted.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const folder = process.argv[2] ?? "";
/** @type {typeof import("../src/load.ts")} */
const { ProgramFiles } = require(join(folder, "files", "load.js"));
const scenario = fileURLToPath(new URL("../examples/idle-guest.yaml", import.meta.url));

const files = new ProgramFiles(false);
process.argv = [process.execPath, join(folder, "precopy.js"), "run", scenario];
files.load("./precopy.js");
process.once("beforeExit", async () => {
  // Again, as the thread does it: what the command did in a thread of its own was not compiled here.
  const { doJob } = /** @type {typeof import("../src/runners/job.ts")} */ (files.load("./job.js"));
  const request = { scenario, text: readFileSync(scenario, "utf8"), seed: null, settings: {}, policy: null };
  const shown = { json: false, listAssumptions: false, colour: true };
  const written = { traces: [], html: null, eventLog: null, output: null, pageTemplate: "" };
  await doJob({ command: "run", request: { ...request, ...shown, ...written } }, () => {});
  for (const { path, data } of files.bytecode()) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, data);
  }
});
