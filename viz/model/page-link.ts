/** The page's state as the hash of its address: what a copied link brings back. */
import { SPEEDS } from "./playback.ts";
import type { WhatIf } from "./what-if.ts";
import { readWhatIf, whatIfFields } from "./what-if-link.ts";

/** Of lessons, scenarios and parts of the page. */
const NAME = /^[a-z0-9][a-z0-9-]{0,80}$/;

/** Raised when an old link would be misread. */
const LINK_VERSION = "1";

const THEMES = ["automatic", "light", "dark"] as const;
const PAGE_SCALES = ["sqrt", "linear", "log"] as const;
const COMPARISON_FORMS = ["overlaid", "side-by-side"] as const;

export type Theme = (typeof THEMES)[number];
export type PageScale = (typeof PAGE_SCALES)[number];
export type ComparisonForm = (typeof COMPARISON_FORMS)[number];

/** What a link holds; whatever it does not say is left as it is. */
export interface PageLink {
  t?: number;
  /** Index in SPEEDS. */
  speedIndex?: number;
  slowMotion?: boolean;
  /** The stretch of the run that the charts show; absent for all of it. */
  zoom?: { startSeconds: number; endSeconds: number };
  theme?: Theme;
  pageScale?: PageScale;
  /** Index of the migration that is looked at. */
  migration?: number;
  /** Numbers that were changed and run. */
  whatIf?: WhatIf;
  /** One of the page's own scenarios, by name. */
  scenario?: string;
  /** One of the page's own lessons, by name, and its step, counted from 0. */
  lesson?: string;
  step?: number;
  /** Parts of the page that are left out. */
  hide?: string[];
  /** Without masthead: for a frame in a page of somebody else's. */
  embed?: boolean;
  /** What the hypervisors would log is shown, not all events. */
  eventLog?: boolean;
  /** The run that is kept beside the present one. */
  kept?: KeptRun;
  comparison?: ComparisonForm;
  /** Runs of other seeds whose fan is shown. */
  seeds?: number;
  /** Of the downtime, for those runs. */
  objectiveSeconds?: number;
}

export interface KeptRun {
  /** One of the page's own scenarios, by name; absent: the scenario of the present run. */
  scenario?: string;
  /** The machine whose migration is looked at. */
  vm: string;
  seed: string;
  /** Null: as the scenario has them. */
  numbers: WhatIf | null;
}

const KEPT = "kept-";

export function writePageLink(link: PageLink): string {
  const fields = new URLSearchParams({ v: LINK_VERSION });
  const add = (name: string, value: string | number | boolean | undefined): void => {
    if (value !== undefined) fields.set(name, String(value));
  };
  add("t", link.t);
  add("speed", link.speedIndex === undefined ? undefined : SPEEDS[link.speedIndex]);
  add("slow", link.slowMotion);
  add("zoom", link.zoom === undefined ? undefined : `${link.zoom.startSeconds},${link.zoom.endSeconds}`);
  add("theme", link.theme);
  add("scale", link.pageScale);
  add("migration", link.migration);
  add("scenario", link.scenario);
  add("lesson", link.lesson);
  add("step", link.step);
  add("hide", link.hide?.join(","));
  add("embed", link.embed);
  add("log", link.eventLog);
  add("seeds", link.seeds);
  add("objective", link.objectiveSeconds);
  if (link.whatIf !== undefined) for (const [name, value] of whatIfFields(link.whatIf, "")) add(name, value);
  if (link.kept !== undefined) {
    const { scenario, vm, seed, numbers } = link.kept;
    add("kept", numbers === null ? "unchanged" : "changed");
    add(`${KEPT}scenario`, scenario);
    add(`${KEPT}vm`, vm);
    add(`${KEPT}seed`, seed);
    if (numbers !== null) for (const [name, value] of whatIfFields(numbers, KEPT)) add(name, value);
  }
  add("compare", link.comparison);
  return `#${fields.toString()}`;
}

export interface LinkReading {
  link: PageLink;
  /** What cannot be used of the address, a sentence; null where all of it can, or where it is no link to a state. */
  problem: string | null;
}

/** Reads a hash. What is missing, unknown or out of range is left out: a damaged link opens the page all the same. */
export function readPageLink(hash: string): LinkReading {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const version = fields.get("v");
  if (version !== LINK_VERSION) {
    const problem = `The address is of version ${version}, and this page reads version ${LINK_VERSION}: what it says is left out.`;
    return { link: {}, problem: version === null ? null : problem };
  }
  /** Fields that are there and could not be used. */
  const unusable = new Set<string>();
  const read = <Value>(name: string, of: (text: string) => Value | undefined): Value | undefined => {
    const text = fields.get(name);
    if (text === null) return undefined;
    const value = of(text);
    if (value === undefined) unusable.add(name);
    return value;
  };
  const number = (name: string, least: number, greatest: number): number | undefined =>
    read(name, (text) => {
      const value = text.trim() === "" ? Number.NaN : Number(text);
      return value >= least && value <= greatest ? value : undefined;
    });
  const count = (name: string, least: number, greatest: number): number | undefined =>
    read(name, (text) => {
      const value = Number(text);
      return /^\d{1,9}$/.test(text) && value >= least && value <= greatest ? value : undefined;
    });
  const oneOf = <Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined =>
    read(name, (text) => choices.find((choice) => choice === text));
  const truth = (name: string): boolean | undefined => {
    const said = oneOf(name, ["true", "false"]);
    return said === undefined ? undefined : said === "true";
  };
  const name = (field: string): string | undefined => read(field, (text) => NAME.exec(text)?.[0]);
  const numbers = (prefix: string): WhatIf | undefined => readWhatIf((field) => fields.get(field), number, prefix);
  const link: { [Name in keyof PageLink]: PageLink[Name] | undefined } = {
    t: number("t", 0, Number.MAX_VALUE),
    speedIndex: read("speed", (text) => indexOrNone(SPEEDS.indexOf(Number(text)))),
    slowMotion: truth("slow"),
    zoom: read("zoom", readZoom),
    theme: oneOf("theme", THEMES),
    pageScale: oneOf("scale", PAGE_SCALES),
    migration: count("migration", 0, 1e6),
    scenario: name("scenario"),
    lesson: name("lesson"),
    step: count("step", 0, 1000),
    hide: read("hide", (text) => {
      const names = text.split(",").filter((each) => NAME.test(each));
      return names.length === 0 ? undefined : names;
    }),
    embed: truth("embed") === true ? true : undefined,
    eventLog: truth("log"),
    whatIf: read("memory", () => numbers("")),
    kept: read("kept", (text) => {
      const scenario = name(`${KEPT}scenario`);
      const vm = fields.get(`${KEPT}vm`);
      const seed = fields.get(`${KEPT}seed`);
      const changed = text === "unchanged" ? null : text === "changed" ? numbers(KEPT) : undefined;
      if (changed === undefined || vm === null || seed === null) return undefined;
      return { ...(scenario === undefined ? {} : { scenario }), vm, seed, numbers: changed };
    }),
    comparison: oneOf("compare", COMPARISON_FORMS),
    seeds: count("seeds", 1, 5000),
    objectiveSeconds: number("objective", 0, 1e6),
  };
  return {
    link: Object.fromEntries(Object.entries(link).filter(([, value]) => value !== undefined)),
    problem: unusable.size === 0 ? null : unusableSentence([...unusable]),
  };
}

export function unusableSentence(fields: readonly string[]): string {
  return `Of the address, ${fields.join(", ")} cannot be used and ${fields.length === 1 ? "is" : "are"} left out.`;
}

function indexOrNone(index: number): number | undefined {
  return index < 0 ? undefined : index;
}

function readZoom(text: string): PageLink["zoom"] {
  const [startSeconds = Number.NaN, endSeconds = Number.NaN, ...rest] = text.split(",").map(Number);
  const good = startSeconds >= 0 && endSeconds > startSeconds && endSeconds <= Number.MAX_VALUE && rest.length === 0;
  return good ? { startSeconds, endSeconds } : undefined;
}
