/** A value that changes at moments: each holds from its moment on, until the next one's. */
import { bisectRight } from "./bisect.ts";

export interface Step<Value> {
  startSeconds: number;
  value: Value;
}

/** The value at t; `before` where the first moment is yet to come. */
export function valueAt<Value>(steps: readonly Step<Value>[], t: number, before: Value): Value {
  const step = steps[bisectRight(steps, t, (each) => each.startSeconds) - 1];
  return step === undefined ? before : step.value;
}
