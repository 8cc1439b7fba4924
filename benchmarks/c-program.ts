/** Programs in C and C++ to compare with, compiled when they are needed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The compiled benchmarks stand two folders below the project's root. */
const SOURCES = fileURLToPath(new URL("../../benchmarks/", import.meta.url));

export interface CProgram {
  /** Runs it and gives the lines of its output. */
  run(...args: (number | string)[]): string[];
  remove(): void;
}

/**
 * Compiles a source below `benchmarks/` at -O2, C with `$CC` or `cc`, C++ with `$CXX` or `c++`; a sentence where that cannot be done here.
 *
 * @param libraries as the linker calls them
 */
export function compileC(source: string, libraries: readonly string[] = []): CProgram | string {
  const variable = extname(source) === ".c" ? "CC" : "CXX";
  const compiler = process.env[variable] ?? (variable === "CC" ? "cc" : "c++");
  const name = basename(source, extname(source));
  const folder = mkdtempSync(join(tmpdir(), "precopy-bench-"));
  const program = join(folder, name);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const words = ["-O2", "-o", program, join(SOURCES, source), ...libraries.map((library) => `-l${library}`)];
  const compiled = spawnSync(compiler, words, { encoding: "utf8" });
  if (compiled.error !== undefined || compiled.status !== 0) {
    remove();
    const why = compiled.error === undefined ? (compiled.stderr.trim().split("\n")[0] ?? "") : compiled.error.message;
    return `${source} cannot be compiled: ${compiler} (set ${variable} to name another) gave: ${why}`;
  }
  return {
    run(...args) {
      const ran = spawnSync(program, args.map(String), { encoding: "utf8", maxBuffer: 2 ** 26 });
      if (ran.error !== undefined) throw ran.error;
      if (ran.status !== 0) throw new Error(`${name} ${args.join(" ")} ended with ${ran.status ?? ran.signal}`);
      return ran.stdout.trim().split("\n");
    },
    remove,
  };
}
