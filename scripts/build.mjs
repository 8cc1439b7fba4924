/**
 * Builds dist/: the library and the command line with tsc, the page with vite.
 *
 * Everything is made in a folder of its own and moved into place when it is whole, so that dist/ is never half-built and
 * never holds what a deleted source once made. With `--if-changed` nothing is done when dist/ was built from these very
 * files: the inputs are compared by content, because times of change mean nothing after a checkout.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const inputs = [
  "sim",
  "src",
  "viz",
  "examples",
  "scripts/build.mjs",
  "scripts/page-size.mjs",
  "scripts/make-bytecode.mjs",
  "package.json",
  "package-lock.json",
  "vite.config.ts",
].concat(readdirSync(root).filter((name) => /^tsconfig.*\.json$/.test(name)));
const builtFrom = join(root, "dist", ".built-from");

const now = fingerprint();
if (!process.argv.includes("--if-changed") || !existsSync(builtFrom) || readFileSync(builtFrom, "utf8") !== now) {
  await build(now);
}

/** A hash over the path and content of every input. */
function fingerprint() {
  const hash = createHash("sha256");
  for (const path of inputs.flatMap(filesUnder).sort()) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** @param {string} path @returns {string[]} */
function filesUnder(path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => filesUnder(`${path}/${name}`));
}

/**
 * The command line in few files, what it depends on included: loading hundreds of modules took most of its start.
 * What runs in threads (`src/runners/*-thread.ts`) is an entry of its own. The files are scripts, not modules, for only
 * scripts can be loaded with their bytecode (src/load.ts), which is made here too.
 * @param {typeof import("vite")} vite @param {string} staging
 */
async function bundleProgram(vite, staging) {
  const threads = readdirSync(join(root, "src", "runners")).flatMap((name) => name.match(/^.*-thread(?=\.ts$)/) ?? []);
  const folder = join(staging, "cli");
  const entries = { precopy: "cli", load: "load", "native-import": "native-import", job: "runners/job" };
  const inputs = [...Object.entries(entries), ...threads.map((name) => [name, `runners/${name}`])];
  await vite.build({
    configFile: false,
    root,
    logLevel: "warn",
    // The queue's packages are loaded by few, and find files of their own.
    ssr: { noExternal: true, external: ["bullmq", "ioredis"], target: "node" },
    build: {
      ssr: true,
      outDir: join(folder, "files"),
      emptyOutDir: true,
      target: "node20",
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: Object.fromEntries(inputs.map(([name, path]) => [name, join(staging, "src", `${path}.js`)])),
        output: {
          format: "cjs",
          entryFileNames: "[name].js",
          chunkFileNames: "[name]-[hash].js",
          comments: { legal: true, annotation: false, jsdoc: false },
        },
      },
    },
  });
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }\n');
  for (const name of ["precopy", ...threads]) {
    writeFileSync(
      join(folder, `${name}.js`),
      `#!/usr/bin/env node\nrequire("./files/load.js").start("./${name}.js");\n`,
    );
  }
  chmodSync(join(folder, "precopy.js"), 0o755);
  const bytecode = spawnSync(process.execPath, [join(root, "scripts", "make-bytecode.mjs"), folder], {
    cwd: root,
    stdio: ["ignore", "ignore", 2],
  });
  // The program does without.
  if (bytecode.status !== 0) process.stderr.write("no bytecode was made: the program will start more slowly\n");
}

/** @param {string} madeFrom */
async function build(madeFrom) {
  const staging = join(root, `.dist-${process.pid}`);
  try {
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const compiled = spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", staging], {
      stdio: ["ignore", 2, 2],
    });
    if (compiled.status !== 0) {
      process.exitCode = 1;
      return;
    }
    const vite = await import("vite");
    await bundleProgram(vite, staging);
    await vite.build({
      configFile: join(root, "vite.config.ts"),
      logLevel: "warn",
      build: { outDir: join(staging, "viz"), emptyOutDir: true },
    });
    writeFileSync(join(staging, ".built-from"), madeFrom);
    rmSync(join(root, "dist"), { recursive: true, force: true });
    renameSync(staging, join(root, "dist"));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
