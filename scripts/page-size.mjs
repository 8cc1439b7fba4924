/**
 * What the built page weighs, part by part: the project's own code apart from the libraries' and the data that it carries.
 * The build measures it (vite.config.ts) and leaves the figures beside the page; printed by: node scripts/page-size.mjs
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/**
 * @typedef {{ part: string, own: boolean, bytes: number, compressedBytes: number }} PagePart
 * `compressedBytes`: by gzip at its best, the part by itself. What parts share is so counted in each: their sum is a little
 * more than the whole.
 * @typedef {{ parts: PagePart[], ownCompressedBytes: number, wholeBytes: number, wholeCompressedBytes: number }} PageSize
 * `ownCompressedBytes`: all of the project's own parts together, as they are compressed in one file.
 */

/** Beside dist/viz, which holds the page alone. */
const PAGE_SIZE_FILE = ".page-size.json";

/**
 * Two plugins for the page's build: one among those of its worker, one among its own before it is put into one file.
 * @returns {{ ofWorker: import("vite").Plugin, ofPage: import("vite").Plugin }}
 */
export function pageSizes() {
  /** @type {Map<string, string>} */
  const texts = new Map();
  const keep = (/** @type {string} */ part, /** @type {string} */ text) =>
    texts.set(part, (texts.get(part) ?? "") + text);
  return {
    ofWorker: {
      name: "precopy:size-of-worker",
      generateBundle(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== "chunk" || file.map === null) continue;
          for (const [part, text] of textByPart(file.code, file.map, partOf)) keep(part || BUNDLER, text);
        }
      },
    },
    ofPage: {
      name: "precopy:size-of-page",
      enforce: "post",
      apply: "build",
      generateBundle: {
        order: "post",
        handler(_options, bundle) {
          for (const file of Object.values(bundle)) {
            if (file.type === "chunk" && file.map !== null) {
              for (const [part, text] of textByPart(file.code, file.map, partOf)) {
                // What no file stands behind: the worker as a text, which was measured as it was made, and the data.
                if (part !== UNKNOWN) keep(part, text);
              }
              for (const [id, { code }] of Object.entries(file.modules)) {
                if (id.startsWith("\0virtual:")) keep("lessons and scenarios", code ?? "");
              }
            } else if (file.type === "asset" && file.fileName.endsWith(".map")) delete bundle[file.fileName];
            else if (file.type === "asset")
              keep(file.fileName.endsWith(".css") ? "styles" : "html", String(file.source));
          }
        },
      },
      writeBundle({ dir = "." }) {
        const page = readFileSync(join(dir, "index.html"), "utf8");
        const parts = [...texts]
          .map(([part, text]) => ({
            part,
            own: !part.startsWith(LIBRARY),
            bytes: Buffer.byteLength(text),
            compressedBytes: compressedBytes(text),
          }))
          .sort((a, b) => b.compressedBytes - a.compressedBytes);
        /** @type {PageSize} */
        const size = {
          parts,
          ownCompressedBytes: compressedBytes(
            [...texts].flatMap(([part, text]) => (part.startsWith(LIBRARY) ? [] : [text])).join("\n"),
          ),
          wholeBytes: Buffer.byteLength(page),
          wholeCompressedBytes: compressedBytes(page),
        };
        writeFileSync(join(dir, "..", PAGE_SIZE_FILE), `${JSON.stringify(size, null, 2)}\n`);
      },
    },
  };
}

const UNKNOWN = "";
const LIBRARY = "library ";
const BUNDLER = `${LIBRARY}rolldown`;

/** @param {string} source */
function partOf(source) {
  const library = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(source);
  if (library !== null) return `${LIBRARY}${library[1]}`;
  const folder = /^(?:.*\/)?((?:sim|viz)(?:\/[^/.]+)?)\//.exec(source);
  return folder?.[1] ?? UNKNOWN;
}

/** @param {string} text */
function compressedBytes(text) {
  return gzipSync(text, { level: 9 }).length;
}

/**
 * The text of a script by the part of the project, or the library, that each piece of it was made from.
 * @param {string} code
 * @param {{ sources: readonly string[], mappings: string }} map its source map
 * @param {(source: string) => string} partOf `source` is empty for what no file stands behind
 * @returns {Map<string, string>}
 */
function textByPart(code, map, partOf) {
  /** @type {Map<string, string[]>} */
  const pieces = new Map();
  const parts = map.sources.map(partOf);
  const lines = code.split("\n");
  let source = 0;
  for (const [index, mappings] of map.mappings.split(";").entries()) {
    const line = lines[index] ?? "";
    let column = 0;
    let part = partOf("");
    let from = 0;
    for (const segment of mappings === "" ? [] : mappings.split(",")) {
      const [step = 0, sourceStep] = numbersOf(segment);
      column += step;
      source += sourceStep ?? 0;
      const next = sourceStep === undefined ? partOf("") : /** @type {string} */ (parts[source]);
      if (next === part) continue;
      add(pieces, part, line.slice(from, column));
      from = column;
      part = next;
    }
    add(pieces, part, `${line.slice(from)}\n`);
  }
  return new Map([...pieces].map(([part, all]) => [part, all.join("")]));
}

/** @param {Map<string, string[]>} pieces @param {string} part @param {string} text */
function add(pieces, part, text) {
  const known = pieces.get(part);
  if (known === undefined) pieces.set(part, [text]);
  else known.push(text);
}

const DIGITS = new Map(
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].map((digit, value) => [digit, value]),
);

/** The numbers of a source map's segment: base 64, five bits a digit, the least first, the sign in the lowest. @param {string} segment */
function numbersOf(segment) {
  const numbers = [];
  let value = 0;
  let shift = 0;
  for (const digit of segment) {
    const bits = DIGITS.get(digit) ?? 0;
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits >= 32) continue;
    numbers.push(value & 1 ? -(value >>> 1) : value >>> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}

function print() {
  const file = fileURLToPath(new URL(`../dist/${PAGE_SIZE_FILE}`, import.meta.url));
  if (!existsSync(file)) {
    process.stderr.write("dist holds no built page: run npm run build first.\n");
    process.exitCode = 1;
    return;
  }
  const { parts, ownCompressedBytes, wholeBytes, wholeCompressedBytes } = JSON.parse(readFileSync(file, "utf8"));
  const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
  const row = (/** @type {string} */ name, /** @type {number} */ bytes, /** @type {number} */ compressed) =>
    process.stdout.write(`${name.padEnd(28)}${kilobytes(bytes)}${kilobytes(compressed)}\n`);
  process.stdout.write(`${"part".padEnd(28)}${"bytes".padStart(10)}${"by gzip".padStart(10)}\n`);
  const bytesOf = (/** @type {boolean} */ own) =>
    parts
      .filter((/** @type {PagePart} */ part) => part.own === own)
      .reduce((/** @type {number} */ sum, /** @type {PagePart} */ { bytes }) => sum + bytes, 0);
  for (const each of parts) row(each.part, each.bytes, each.compressedBytes);
  row("own, together", bytesOf(true), ownCompressedBytes);
  row("libraries", bytesOf(false), wholeCompressedBytes - ownCompressedBytes);
  row("the page, whole", wholeBytes, wholeCompressedBytes);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) print();
