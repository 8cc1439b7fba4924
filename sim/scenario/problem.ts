/** What is wrong with a scenario: values with where, what and what to do. Nothing here throws. */

/** Where in the document: keys and array indices from its root. */
export type ScenarioPath = readonly (string | number)[];

export interface ScenarioProblem {
  path: (string | number)[];
  /** What is wrong, a sentence without a full stop. */
  problem: string;
  /** What to do about it, likewise. */
  remedy: string;
}

export type ScenarioResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: ScenarioProblem[] };

/**
 * Collects problems. Entries made from one template share a path, so that a fault in a template of 300 nodes would be
 * told 300 times: of the problems of one kind at one path only the first is kept, and the rest are counted.
 */
export class ProblemList {
  readonly #problems: ScenarioProblem[] = [];
  readonly #repeats = new Map<string, { index: number; count: number }>();

  /**
   * `kind` tells problems at one path apart whose sentences name the expanded entry; by default the sentence itself. A
   * remedy that takes work to find is given as a function, asked once.
   */
  add(path: ScenarioPath, problem: string, remedy: string | (() => string), kind: string = problem): void {
    const key = JSON.stringify([path, kind]);
    const known = this.#repeats.get(key);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    this.#repeats.set(key, { index: this.#problems.length, count: 0 });
    this.#problems.push({ path: [...path], problem, remedy: typeof remedy === "string" ? remedy : remedy() });
  }

  get isEmpty(): boolean {
    return this.#problems.length === 0;
  }

  has(path: ScenarioPath): boolean {
    const key = JSON.stringify(path);
    return this.#problems.some((problem) => JSON.stringify(problem.path) === key);
  }

  toArray(): ScenarioProblem[] {
    const problems = this.#problems.map((problem) => ({ ...problem }));
    for (const { index, count } of this.#repeats.values()) {
      const problem = problems[index];
      if (count > 0 && problem !== undefined) problem.problem += ` (and ${count} more like it)`;
    }
    return problems;
  }
}

/** The path as a user reads it: `vms[0].memory`, names of entries as they are. */
export function formatPath(path: ScenarioPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text === "" ? "(the whole file)" : text;
}
