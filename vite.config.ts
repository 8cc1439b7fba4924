/** Builds the page: one HTML file that holds its scripts, styles and worker, and so opens from disk without a network. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { parse } from "yaml";
import { formatPath, knownModels, parseScenario, workloads } from "./sim/index.ts";

export default defineConfig({
  root: fileURLToPath(new URL("viz", import.meta.url)),
  base: "./",
  plugins: [scenarioImports(), choices(), inlineIntoHtml()],
  build: {
    outDir: fileURLToPath(new URL("dist/viz", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
    rolldownOptions: {
      output: { codeSplitting: false },
      // The simulator and its libraries do nothing by being imported: what the page itself does not call stays in the worker.
      treeshake: { moduleSideEffects: (id) => !/[\\/](sim|zod|@noble|d3[^\\/]*)[\\/]/.test(id) },
    },
  },
  // A worker made from a Blob URL has no base to import from, so it is one classic script.
  worker: { format: "iife" },
});

/** `import scenario from "x.yaml?scenario"`: a scenario file, read and normalised as the build runs. */
function scenarioImports(): Plugin {
  const suffix = "?scenario";
  return {
    name: "precopy:scenario-imports",
    enforce: "pre",
    load(id) {
      if (!id.endsWith(suffix)) return null;
      const path = id.slice(0, -suffix.length);
      this.addWatchFile(path);
      const read = parseScenario(parse(readFileSync(path, "utf8")));
      if (read.ok) return `export default ${JSON.stringify(read.value)};`;
      const problems = read.problems.map(({ path: where, problem }) => `${formatPath(where)}: ${problem}`);
      throw new Error(`${path} cannot be read: ${problems.join("; ")}`);
    },
  };
}

/** `virtual:precopy-choices`: the names that the page offers, taken from the simulator as the build runs and not carried along. */
function choices(): Plugin {
  const id = "virtual:precopy-choices";
  return {
    name: "precopy:choices",
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load(source) {
      if (source !== `\0${id}`) return null;
      const profiles = knownModels.profiles.map(({ name, title, parameters, modes }) => ({
        name,
        title,
        modes,
        hasDowntimeLimit: "downtimeLimitSeconds" in parameters,
      }));
      const guests = workloads.map(({ name, title }) => ({ name, title }));
      return `export const profiles = ${JSON.stringify(profiles)};\nexport const workloads = ${JSON.stringify(guests)};\n`;
    },
  };
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
