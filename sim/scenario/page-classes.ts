/** From a workload as written to page classes with addresses. */
import { formatCount, formatSeconds } from "../kernel/units.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import type { PageCount, PagePosition } from "./quantities.ts";
import type { ScenarioPageClass } from "./scenario.ts";
import type { PageClassEntry, WorkloadEntry } from "./schema.ts";
import { suggestion } from "./suggest.ts";
import { type Workload, workloads } from "./workloads.ts";
import { zipfLadder } from "./zipf.ts";

export interface ResolvedWorkload {
  /** A preset's name, a name of one's own, or null. */
  readonly name: string | null;
  readonly classes: ScenarioPageClass[];
}

/** Lays classes out one behind the other in a machine's used memory. */
class Layout {
  readonly classes: ScenarioPageClass[] = [];
  readonly #usedPages: number;
  #nextPage = 0;

  constructor(usedPages: number) {
    this.#usedPages = usedPages;
  }

  /** First page and pages of an extent; null with a problem where it leaves the used memory. */
  place(
    first: PagePosition | undefined,
    extent: PageCount,
    className: string,
    path: ScenarioPath,
    problems: ProblemList,
  ): { firstPage: number; pages: number } | null {
    const used = this.#usedPages;
    const remedy = "raise used (or memory), or make the class smaller";
    const firstPage =
      first === undefined ? this.#nextPage : "share" in first ? Math.floor(first.share * used) : first.pages;
    const pages =
      extent === "rest" ? used - firstPage : "share" in extent ? Math.floor(extent.share * used) : extent.pages;
    if (pages < 1) {
      const problem =
        extent === "rest"
          ? `no used memory is left for page class ${className}`
          : `page class ${className} has no pages`;
      problems.add(path, problem, remedy);
      return null;
    }
    if (firstPage + pages > used) {
      problems.add(
        path,
        `page class ${className} covers pages ${formatCount(firstPage)} to ${formatCount(firstPage + pages - 1)}, and the machine uses only ${formatCount(used)} pages`,
        remedy,
      );
      return null;
    }
    this.#nextPage = firstPage + pages;
    return { firstPage, pages };
  }
}

function layOutPreset(
  preset: Workload,
  scale: number,
  layout: Layout,
  path: ScenarioPath,
  problems: ProblemList,
): void {
  for (const { name, pages: extent, pattern, rate } of preset.classes) {
    const range = layout.place(undefined, extent, `${name} of ${preset.name}`, path, problems);
    // The classes behind it would only be told the same.
    if (range === null) return;
    layout.classes.push({
      name,
      ...range,
      writesPerSecond: scale * (pattern === "uniform" ? rate * range.pages : rate),
      pattern,
      startSeconds: 0,
      endSeconds: null,
      cpuBoundShare: preset.cpuBoundShare,
    });
  }
}

function layOutClass(
  entry: PageClassEntry,
  index: number,
  layout: Layout,
  path: ScenarioPath,
  problems: ProblemList,
): void {
  const name = entry.name ?? `class${index + 1}`;
  const endSeconds = entry.until ?? null;
  if (endSeconds !== null && endSeconds <= entry.from) {
    problems.add(
      [...path, "until"],
      `page class ${name} stops at ${formatSeconds(endSeconds)}, before it starts at ${formatSeconds(entry.from)}`,
      "give until a later time than from",
    );
  }
  if (entry.exponent !== undefined && entry.pattern !== "zipf") {
    problems.add(
      [...path, "exponent"],
      `exponent belongs to pattern zipf, and page class ${name} is ${entry.pattern}`,
      "write pattern: zipf, or remove exponent",
    );
  }
  const range = layout.place(entry.first, entry.pages, name, [...path, "pages"], problems);
  if (range === null) return;
  const common = {
    startSeconds: entry.from,
    endSeconds,
    cpuBoundShare: entry.cpuBound,
    ...(entry.wordsPerWrite === undefined ? {} : { wordsPerWrite: entry.wordsPerWrite }),
  };
  if (entry.pattern !== "zipf") {
    layout.classes.push({ name, ...range, writesPerSecond: entry.rate, pattern: entry.pattern, ...common });
    return;
  }
  for (const [rung, part] of zipfLadder(range.pages, entry.rate, entry.exponent ?? 1).entries()) {
    layout.classes.push({
      name: `${name}-${rung + 1}`,
      firstPage: range.firstPage + part.firstPage,
      pages: part.pages,
      writesPerSecond: part.writesPerSecond,
      pattern: "uniform",
      ...common,
    });
  }
}

/** The page classes of a machine that uses `usedPages` pages. */
function resolveWorkload(
  workload: WorkloadEntry | undefined,
  usedPages: number,
  path: ScenarioPath,
  problems: ProblemList,
): ResolvedWorkload {
  if (workload === undefined) return { name: null, classes: [] };
  const written = typeof workload === "string" ? { preset: workload, scale: 1 } : workload;
  const presetPath = typeof workload === "string" ? path : [...path, "preset"];
  const layout = new Layout(usedPages);
  if (written.preset !== undefined) {
    const preset = workloads.find((candidate) => candidate.name === written.preset);
    if (preset === undefined) {
      const names = workloads.map((candidate) => candidate.name);
      problems.add(
        presetPath,
        `there is no workload "${written.preset}"`,
        suggestion(written.preset, names, "workloads"),
      );
    } else layOutPreset(preset, written.scale, layout, presetPath, problems);
  }
  const classes = "classes" in written ? (written.classes ?? []) : [];
  for (const [index, entry] of classes.entries())
    layOutClass(entry, index, layout, [...path, "classes", index], problems);
  const ownName = "name" in written ? (written.name ?? null) : null;
  if (written.preset === undefined && classes.length === 0 && ownName === null) {
    problems.add(
      path,
      "the workload is empty",
      "name a preset, or list classes; leave workload out for a guest that writes nothing",
    );
  }
  return { name: ownName ?? written.preset ?? null, classes: layout.classes };
}

/** Workloads as they are resolved: machines of one template that use as much memory share one. */
export class ResolvedWorkloads {
  /** By the place in the file that the machine came from, which a template's machines have in common. */
  readonly #last = new Map<
    ScenarioPath,
    { workload: WorkloadEntry | undefined; usedPages: number; resolved: ResolvedWorkload }
  >();

  /** The page classes of a machine that uses `usedPages` pages. */
  resolve(
    workload: WorkloadEntry | undefined,
    usedPages: number,
    path: ScenarioPath,
    problems: ProblemList,
  ): ResolvedWorkload {
    const last = this.#last.get(path);
    if (last !== undefined && last.workload === workload && last.usedPages === usedPages) return last.resolved;
    const resolved = resolveWorkload(workload, usedPages, [...path, "workload"], problems);
    this.#last.set(path, { workload, usedPages, resolved });
    return resolved;
  }
}
