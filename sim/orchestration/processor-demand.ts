/** What a machine asks of its node's processors, in logical processors, as its phases change it. */

/** From a moment on, until the next step. */
export interface DemandStep {
  readonly fromSeconds: number;
  /** Logical processors that it would keep busy. */
  readonly processors: number;
}

/** Logical processors asked for at a time; before the first step none. Steps are in rising order of time. */
export function demandAt(steps: readonly DemandStep[], seconds: number): number {
  let processors = 0;
  for (const step of steps) {
    if (step.fromSeconds > seconds) break;
    processors = step.processors;
  }
  return processors;
}
