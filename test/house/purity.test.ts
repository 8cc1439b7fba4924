import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./files.ts";

interface Diagnostic {
  severity: string;
  category: string;
  message: string;
  location: { path: string };
}

/** Lints `sim/` below a folder that has this project's lint rules. */
async function lint(folder: string): Promise<Diagnostic[]> {
  const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  const args = [biome, "lint", "--reporter=json", "--max-diagnostics=none", "sim"];
  // Findings make the exit code 1, and are what is asked for.
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 1e8 }).catch(
    (error: { stdout: string }) => error,
  );
  return JSON.parse(stdout).diagnostics;
}

const planted = [
  `export const x = Math.exp(1);`,
  `export const x = Math.random();`,
  `export const x = Math?.log(2);`,
  `export const x = Math["pow"](2, 3);`,
  `const { sin } = Math; export const x = sin(1);`,
  `const m = Math; export const x = m.cos(1);`,
  `export const x = [1, 2].map(Math.cbrt);`,
  `export const x = (y: number) => y ** 2;`,
  `export let x = 3; x **= 2;`,
  `export const x = new Date();`,
  `export const x = Date.now();`,
  `export const x = performance.now();`,
  `export const x = crypto.randomUUID();`,
  `export const x = process.pid;`,
  `export const x = globalThis;`,
  `export const x = new Intl.NumberFormat();`,
  `export const x = "a".localeCompare("b");`,
  `export const x = ["a", "b"].sort((a, b) => a.localeCompare(b));`,
  `export const x = (1e6).toLocaleString();`,
  `export const x = "i".toLocaleUpperCase();`,
  `import { readFileSync } from "node:fs"; export const x = readFileSync;`,
  `import { join } from "path"; export const x = join;`,
  `export function x(o: object) { for (const key in o) return key; }`,
];

const allowed = `
import { exp } from "./exact-math.ts";
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += Math.sqrt(Math.max(0, value)) * exp(value) * Math.LN2;
  return Math.floor(sum / values.length);
}
`;

describe("the simulator gives the same bytes on every engine", () => {
  let folder: string;
  let found: Diagnostic[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "precopy-purity-"));
    const config = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
    delete config.$schema;
    writeFileSync(join(folder, "biome.json"), JSON.stringify(config));
    cpSync(join(root, "scripts/lint"), join(folder, "scripts/lint"), { recursive: true });
    mkdirSync(join(folder, "sim/kernel"), { recursive: true });
    for (const [i, source] of planted.entries()) writeFileSync(join(folder, `sim/kernel/planted-${i}.ts`), source);
    writeFileSync(join(folder, "sim/kernel/allowed.ts"), allowed);
    found = await lint(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(planted.map((source, i) => [source, i] as const))("the lint rules refuse %s", (_source, i) => {
    const errors = found.filter(
      ({ severity, location }) => severity === "error" && location.path.endsWith(`planted-${i}.ts`),
    );
    expect(errors).not.toEqual([]);
  });

  it("the lint rules let exact arithmetic pass", () => {
    expect(found.filter(({ location }) => location.path.endsWith("allowed.ts"))).toEqual([]);
  });

  it("the lint plugin has judged every file of sim, and refuses none", async () => {
    // A plugin that fails says so in passing, as information, and finds nothing more in that file.
    const ofPlugin = (await lint(root)).filter(({ category }) => category === "plugin");
    expect(ofPlugin).toEqual([]);
  });
});
