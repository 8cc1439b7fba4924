/** The built program as its users run it: a process of its own. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const CLI = fileURLToPath(new URL("../../dist/cli/precopy.js", import.meta.url));
export const EXAMPLES = fileURLToPath(new URL("../../examples/", import.meta.url));

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  input?: string | Uint8Array;
}

export interface Finished {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Nothing of the caller's environment that would change what the program prints. */
function cleanEnvironment(added: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? "", ...added };
}

export function precopy(args: readonly string[], { cwd, env, input }: RunOptions = {}): Finished {
  const done = spawnSync(process.execPath, [CLI, ...args], {
    cwd,
    env: cleanEnvironment(env),
    input: input ?? "",
    maxBuffer: 2 ** 28,
    timeout: 30_000,
  });
  if (done.error !== undefined) throw done.error;
  return { exitCode: done.status, stdout: done.stdout.toString(), stderr: done.stderr.toString() };
}

/** A command line for the shell, in which `precopy` is the built program. */
export function shell(script: string, { cwd, env }: RunOptions = {}): Finished {
  const withProgram = `precopy() { "${process.execPath}" "${CLI}" "$@"; }\n${script}`;
  const done = spawnSync("sh", ["-c", withProgram], { cwd, env: cleanEnvironment(env), timeout: 30_000 });
  if (done.error !== undefined) throw done.error;
  return { exitCode: done.status, stdout: done.stdout.toString(), stderr: done.stderr.toString() };
}

/** Starts the program with its standard input held open. */
export function startPrecopy(args: readonly string[], { cwd, env }: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [CLI, ...args], { cwd, env: cleanEnvironment(env), stdio: ["pipe", "pipe", "pipe"] });
}

/** A folder that goes with the test. */
export function temporaryFolder(files: Record<string, string | Uint8Array> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "precopy-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}
