/**
 * Loads the built program with V8's bytecode of it, which the build has put beside it (scripts/make-bytecode.mjs): compiling
 * the program takes longer than a small run. Another version of Node than the one that built,
 * or other flags of its engine, cannot use that bytecode and compile the same files as ever.
 */
import { existsSync, readFileSync } from "node:fs";
import * as modules from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

type Exports = Record<string, unknown>;
type Compiled = (
  exports: Exports,
  require: (name: string) => unknown,
  module: object,
  file: string,
  at: string,
) => void;

/** Where this file and the program's others lie once they are built. */
const FOLDER = dirname(fileURLToPath(import.meta.url));

/** Bytecode is good for one version of Node on one kind of machine. The engine checks its own version and flags besides. */
const BYTECODE_FOLDER = join(FOLDER, "bytecode", `node-${process.version}-${process.platform}-${process.arch}`);

/** What imports; see native-import.ts. */
const NATIVE = "./native-import.js";

/** The program's files, each compiled from its text and, where there is any, its bytecode. */
export class ProgramFiles {
  readonly #withBytecode: boolean;
  readonly #require = modules.createRequire(join(FOLDER, "load.js"));
  readonly #loaded = new Map<string, { exports: Exports; script: Script }>();

  constructor(withBytecode: boolean) {
    this.#withBytecode = withBytecode;
  }

  /** What a file exports; `name` is as its importer writes it, `./job.js`. */
  readonly load = (name: string): unknown => {
    if (!name.startsWith("./") || name === NATIVE) return this.#require(name);
    const present = this.#loaded.get(name);
    if (present !== undefined) return present.exports;
    const path = join(FOLDER, name);
    const script = new Script(modules.wrap(readFileSync(path, "utf8")), {
      filename: path,
      cachedData: this.#withBytecode ? bytecodeOf(name) : undefined,
    });
    const module = { exports: {} as Exports, script };
    // Before it runs: files may import each other in a circle.
    this.#loaded.set(name, module);
    (script.runInThisContext() as Compiled)(module.exports, this.load, module, path, FOLDER);
    return module.exports;
  };

  /** Of every file loaded so far, with the functions that have been called. */
  *bytecode(): Generator<{ path: string; data: Buffer }> {
    for (const [name, { script }] of this.#loaded) {
      yield { path: join(BYTECODE_FOLDER, `${name}.bin`), data: script.createCachedData() };
    }
  }
}

/** Starts what one of the program's files begins. */
export function start(name: string): void {
  if (existsSync(BYTECODE_FOLDER)) {
    new ProgramFiles(true).load(name);
    return;
  }
  // From 22.1 on, Node keeps bytecode by itself. Within the installation it is as safe as the program, and goes with it;
  // where nothing can be written there, Node does without.
  const { enableCompileCache } = modules as { enableCompileCache?: (folder: string) => unknown };
  enableCompileCache?.(join(FOLDER, "node-bytecode"));
  modules.createRequire(join(FOLDER, "load.js"))(name);
}

function bytecodeOf(name: string): Buffer | undefined {
  const path = join(BYTECODE_FOLDER, `${name}.bin`);
  return existsSync(path) ? readFileSync(path) : undefined;
}
