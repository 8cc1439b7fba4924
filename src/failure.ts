/** Failures that a user can do something about: values that say where, what and what to do. */
import { EXIT_CODES } from "./exit-codes.ts";

export interface Failure {
  exitCode: typeof EXIT_CODES.badInput | typeof EXIT_CODES.systemFailure;
  /** Whole text for the user, without the program's name; may have several lines. */
  message: string;
}

export type Attempt<Value> = { ok: true; value: Value } | { ok: false; failure: Failure };

export function succeeded<Value>(value: Value): Attempt<Value> {
  return { ok: true, value };
}

export function badInput(message: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { exitCode: EXIT_CODES.badInput, message } };
}

export function systemFailure(message: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { exitCode: EXIT_CODES.systemFailure, message } };
}

const SYSTEM_ERRORS: Readonly<Record<string, readonly [problem: string, remedy: string]>> = {
  ENOENT: ["there is no such file or folder", "Check the path."],
  ENOTDIR: ["a part of the path is a file, not a folder", "Check the path."],
  EISDIR: ["it is a folder", "Name a file."],
  EACCES: ["access is denied", "Check the permissions, or use another place."],
  EPERM: ["the operation is not permitted", "Check the permissions, or use another place."],
  EROFS: ["the file system is read-only", "Use another place."],
  ENOSPC: ["the disk is full", "Free some space, or write to another disk."],
  EDQUOT: ["the disk quota is used up", "Free some space, or write to another disk."],
  EFBIG: ["the file would be larger than the system allows", "Raise the limit (ulimit -f), or write a smaller file."],
  EMFILE: ["too many files are open", "Raise the limit (ulimit -n)."],
  ENAMETOOLONG: ["the name is too long", "Use a shorter name."],
  ELOOP: ["its symbolic links lead in a circle", "Check the links."],
  EIO: ["the device reported an input or output error", "Check the disk."],
};

/** What the system complained about, and what to do, in two sentences' worth of words. */
export function describeSystemError(error: unknown): { problem: string; remedy: string } {
  const code = (error as { code?: unknown } | null)?.code;
  const known = typeof code === "string" ? SYSTEM_ERRORS[code] : undefined;
  if (known !== undefined) return { problem: known[0], remedy: known[1] };
  return { problem: error instanceof Error ? error.message : String(error), remedy: "Use another place." };
}
