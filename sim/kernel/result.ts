/** What came of an attempt that the user's input can make fail: errors for users are values, not exceptions. */

export interface Success<Value> {
  readonly ok: true;
  readonly value: Value;
}

export interface Failure {
  readonly ok: false;
  /** What is wrong, naming what was read, as a sentence without a full stop. */
  readonly problem: string;
  /** What to write instead, with examples, as a sentence without a full stop. */
  readonly remedy: string;
}

export type Result<Value> = Success<Value> | Failure;

export function success<Value>(value: Value): Success<Value> {
  return { ok: true, value };
}

export function failure(problem: string, remedy: string): Failure {
  return { ok: false, problem, remedy };
}
