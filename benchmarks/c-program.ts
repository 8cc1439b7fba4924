/** Programs in C to compare with, compiled when they are needed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The compiled benchmarks stand two folders below the project's root. */
const SOURCES = fileURLToPath(new URL("../../benchmarks/c/", import.meta.url));

export interface CProgram {
  /** Runs it and gives the lines of its output. */
  run(...args: (number | string)[]): string[];
  remove(): void;
}

/** Compiles `benchmarks/c/NAME.c` with `$CC` or `cc`, at -O2; a sentence where that cannot be done here. */
export function compileC(name: string): CProgram | string {
  const compiler = process.env.CC ?? "cc";
  const folder = mkdtempSync(join(tmpdir(), "precopy-bench-"));
  const program = join(folder, name);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const compiled = spawnSync(compiler, ["-O2", "-o", program, join(SOURCES, `${name}.c`)], { encoding: "utf8" });
  if (compiled.error !== undefined || compiled.status !== 0) {
    remove();
    const why = compiled.error === undefined ? compiled.stderr.trim() : compiled.error.message;
    return `no C compiler: ${compiler} (set CC to name another) gave: ${why}`;
  }
  return {
    run(...args) {
      const ran = spawnSync(program, args.map(String), { encoding: "utf8" });
      if (ran.error !== undefined) throw ran.error;
      if (ran.status !== 0) throw new Error(`${name} ${args.join(" ")} ended with ${ran.status ?? ran.signal}`);
      return ran.stdout.trim().split("\n");
    },
    remove,
  };
}
