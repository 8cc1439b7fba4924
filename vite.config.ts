/** Builds the page: one HTML file that holds its scripts, styles and worker, and so opens from disk without a network. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { parse } from "yaml";
import { pageSizes } from "./scripts/page-size.mjs";
import { formatPath, knownModels, parseLesson, parseScenario, type Scenario, workloads } from "./sim/index.ts";

const sizes = pageSizes();

export default defineConfig({
  root: fileURLToPath(new URL("viz", import.meta.url)),
  base: "./",
  plugins: [library(), sizes.ofPage, inlineIntoHtml()],
  build: {
    outDir: fileURLToPath(new URL("dist/viz", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    cssCodeSplit: false,
    modulePreload: false,
    // For measuring alone: none is left beside the page.
    sourcemap: "hidden",
    reportCompressedSize: false,
    chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
    rolldownOptions: {
      output: { codeSplitting: false },
      checks: { pluginTimings: false },
      // The simulator and its libraries do nothing by being imported: what the page itself does not call stays in the worker.
      treeshake: { moduleSideEffects: (id) => !/[\\/](sim|zod|@noble|d3[^\\/]*)[\\/]/.test(id) },
    },
  },
  // A worker made from a Blob URL has no base to import from, so it is one classic script.
  worker: {
    format: "iife",
    plugins: () => [sizes.ofWorker],
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});

/**
 * What the page carries, read and checked as the build runs: `virtual:precopy-choices`, the names that the simulator knows;
 * `virtual:precopy-library`, the lessons of examples/lessons/ and the scenarios that they are told with.
 */
function library(): Plugin {
  const written: Readonly<Record<string, (watch: (path: string) => void) => string>> = {
    "virtual:precopy-choices": choices,
    "virtual:precopy-library": lessonsAndScenarios,
  };
  return {
    name: "precopy:library",
    resolveId: (source) => (source in written ? `\0${source}` : null),
    load(id) {
      return written[id.replace("\0", "")]?.((path) => this.addWatchFile(path)) ?? null;
    },
  };
}

function choices(): string {
  const profiles = knownModels.profiles.map(({ name, title, parameters, modes }) => ({
    name,
    title,
    modes,
    hasDowntimeLimit: "downtimeLimitSeconds" in parameters,
  }));
  const guests = workloads.map(({ name, title }) => ({ name, title }));
  return `export const profiles = ${JSON.stringify(profiles)};\nexport const workloads = ${JSON.stringify(guests)};\n`;
}

/** The page opens with this one. */
const FIRST_SCENARIO = "hyper-v-2008r2-web-server";

function lessonsAndScenarios(watch: (path: string) => void): string {
  const examples = fileURLToPath(new URL("examples/", import.meta.url));
  const names: string[] = [];
  const scenarios: Scenario[] = [];
  const documentOf = (path: string): unknown => {
    watch(path);
    return parse(readFileSync(path, "utf8"));
  };
  const keep = (name: string, scenario: Scenario): void => {
    if (names.includes(name)) return;
    names.push(name);
    scenarios.push(scenario);
  };
  const first = parseScenario(documentOf(join(examples, `${FIRST_SCENARIO}.yaml`)));
  if (!first.ok) throw new Error(`${FIRST_SCENARIO} cannot be read`);
  keep(FIRST_SCENARIO, first.value);
  const folder = join(examples, "lessons");
  const lessons = readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => {
      const named: string[] = [];
      const read = parseLesson(documentOf(join(folder, file)), (name) => {
        named.push(basename(name, ".yaml"));
        return { ok: true, value: documentOf(join(folder, name)) };
      });
      if (!read.ok) {
        const problems = read.problems.map(({ path, problem, remedy }) => `${formatPath(path)}: ${problem}; ${remedy}`);
        throw new Error(`${file} cannot be read:\n${problems.join("\n")}`);
      }
      const { scenarios: own, ...lesson } = read.value;
      own.forEach((scenario, index) => {
        keep(named[index] as string, scenario);
      });
      // Lessons share scenarios: each is carried once.
      const shared = named.map((name) => `s[${names.indexOf(name)}]`);
      return `{name:${JSON.stringify(basename(file, ".yaml"))},lesson:{...${JSON.stringify(lesson)},scenarios:[${shared}]}}`;
    });
  return [
    `const s = ${JSON.stringify(scenarios)};`,
    `export const lessons = [${lessons.join(",\n")}];`,
    `export const scenarios = ${JSON.stringify(names)}.map((name, index) => ({ name, scenario: s[index] }));`,
  ].join("\n");
}

/** Puts every emitted script and style sheet where the HTML refers to it, and fails when a file is left outside. */
function inlineIntoHtml(): Plugin {
  return {
    name: "precopy:inline-into-html",
    enforce: "post",
    apply: "build",
    // After all others: Vite itself still writes into the scripts at this stage.
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const page = Object.values(bundle).find((file) => file.fileName.endsWith(".html"));
        if (page?.type !== "asset") throw new Error("the page's HTML was not emitted");
        let html = String(page.source);
        const inline = (tag: RegExp, content: string) => {
          const after = html.replace(tag, () => content);
          if (after === html) throw new Error(`the page does not refer to a file that was emitted: ${tag}`);
          html = after;
        };
        for (const file of Object.values(bundle)) {
          const name = file.fileName.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
          if (file === page) continue;
          else if (file.type === "chunk") {
            // A module script runs after the document is parsed wherever it stands, so it may stay in the head.
            inline(
              new RegExp(`<script type="module"[^>]*src="[^"]*${name}"[^>]*></script>`),
              `<script type="module">${file.code.replaceAll(/<\/(script)/gi, "<\\/$1").replaceAll("<!--", "\\x3c!--")}</script>`,
            );
          } else if (file.fileName.endsWith(".css")) {
            inline(new RegExp(`<link rel="stylesheet"[^>]*href="[^"]*${name}"[^>]*>`), `<style>${file.source}</style>`);
          } else throw new Error(`${file.fileName} would stand beside the page: import it so that it is inlined`);
          delete bundle[file.fileName];
        }
        page.source = html;
      },
    },
  };
}
