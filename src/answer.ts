/** What a command comes to, before any of it reaches a stream. */
import { EXIT_CODES } from "./exit-codes.ts";
import type { Failure } from "./failure.ts";

export interface Answer {
  exitCode: number;
  /** For standard output; empty where it went to a file. */
  output: string;
  /** For standard error unless `--quiet`. */
  notices: string[];
  /** For standard error always; null where nothing went wrong. */
  failure: string | null;
}

export function answerWith(output: string, notices: string[] = [], exitCode: number = EXIT_CODES.success): Answer {
  return { exitCode, output, notices, failure: null };
}

export function answerFailure(failure: Failure): Answer {
  return { exitCode: failure.exitCode, output: "", notices: [], failure: failure.message };
}
