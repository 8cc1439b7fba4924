/** The page's state as the hash of its address: what a copied link brings back. */
import { PAGE_BYTES } from "../simulator.ts";
import { SPEEDS } from "./playback.ts";
import type { WhatIf } from "./what-if.ts";

/** Of lessons, scenarios and parts of the page. */
const NAME = /^[a-z0-9][a-z0-9-]{0,80}$/;

/** Raised when an old link would be misread. */
const LINK_VERSION = "1";

const THEMES = ["automatic", "light", "dark"] as const;
const PAGE_SCALES = ["sqrt", "linear", "log"] as const;
const MODES = ["live", "quick", "post-copy"] as const;

export type Theme = (typeof THEMES)[number];
export type PageScale = (typeof PAGE_SCALES)[number];

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
}

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
  if (link.whatIf !== undefined) {
    const numbers = link.whatIf;
    add("memory", numbers.memoryBytes);
    add("used", numbers.usedShare);
    add("writes", numbers.writeRateFactor);
    add("link", numbers.linkBytesPerSecond);
    add("limit", numbers.downtimeLimitSeconds ?? undefined);
    add("profile", numbers.profile);
    add("seed", numbers.seed);
    add("workload", numbers.workload);
    add("mode", numbers.mode);
    add("mtu", numbers.mtuBytes);
    add("loss", numbers.packetLossShare);
  }
  return `#${fields.toString()}`;
}

/** Reads a hash. What is missing, unknown or out of range is left out: a damaged link opens the page all the same. */
export function readPageLink(hash: string): PageLink {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  if (fields.get("v") !== LINK_VERSION) return {};
  const number = (name: string, least: number, greatest: number): number | undefined => {
    const text = fields.get(name);
    if (text === null || text.trim() === "") return undefined;
    const value = Number(text);
    return value >= least && value <= greatest ? value : undefined;
  };
  const oneOf = <Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined =>
    choices.find((choice) => choice === fields.get(name));
  const speed = number("speed", 0, Number.MAX_VALUE);
  const speedIndex = speed === undefined ? -1 : SPEEDS.indexOf(speed);
  const slow = oneOf("slow", ["true", "false"]);
  const migration = number("migration", 0, 1e6);
  const step = number("step", 0, 1000);
  const name = (field: string): string | undefined => NAME.exec(fields.get(field) ?? "")?.[0];
  const link: { [Name in keyof PageLink]: PageLink[Name] | undefined } = {
    t: number("t", 0, Number.MAX_VALUE),
    speedIndex: speedIndex < 0 ? undefined : speedIndex,
    slowMotion: slow === undefined ? undefined : slow === "true",
    zoom: readZoom(fields.get("zoom")),
    theme: oneOf("theme", THEMES),
    pageScale: oneOf("scale", PAGE_SCALES),
    migration: migration !== undefined && Number.isInteger(migration) ? migration : undefined,
    scenario: name("scenario"),
    lesson: name("lesson"),
    step: step !== undefined && Number.isInteger(step) ? step : undefined,
    hide: fields
      .get("hide")
      ?.split(",")
      .filter((each) => NAME.test(each)),
    embed: oneOf("embed", ["true"]) === "true" ? true : undefined,
    whatIf: readWhatIf(fields, number),
  };
  return Object.fromEntries(Object.entries(link).filter(([, value]) => value !== undefined));
}

function readZoom(text: string | null): PageLink["zoom"] {
  const [startSeconds = Number.NaN, endSeconds = Number.NaN, ...rest] = (text ?? "").split(",").map(Number);
  const good = startSeconds >= 0 && endSeconds > startSeconds && endSeconds <= Number.MAX_VALUE && rest.length === 0;
  return good ? { startSeconds, endSeconds } : undefined;
}

/** All numbers or none: a part of them would be another question. */
function readWhatIf(
  fields: URLSearchParams,
  number: (name: string, least: number, greatest: number) => number | undefined,
): WhatIf | undefined {
  const memoryBytes = number("memory", PAGE_BYTES, 2 ** 53);
  const usedShare = number("used", 0, 1);
  const writeRateFactor = number("writes", 0, 1e6);
  const linkBytesPerSecond = number("link", 1, 1e15);
  const profile = fields.get("profile");
  const seed = fields.get("seed");
  if (memoryBytes === undefined || usedShare === undefined || writeRateFactor === undefined) return undefined;
  if (linkBytesPerSecond === undefined || profile === null || seed === null || seed === "") return undefined;
  const downtimeLimitSeconds = number("limit", 0, 1e6) ?? null;
  const mode = MODES.find((each) => each === fields.get("mode"));
  const workload = fields.get("workload");
  const mtuBytes = number("mtu", 576, 65_535);
  const packetLossShare = number("loss", 0, 1);
  return {
    memoryBytes,
    usedShare,
    writeRateFactor,
    linkBytesPerSecond,
    downtimeLimitSeconds,
    profile,
    seed,
    ...(workload === null || workload === "" ? {} : { workload }),
    ...(mode === undefined ? {} : { mode }),
    ...(mtuBytes === undefined ? {} : { mtuBytes }),
    ...(packetLossShare === undefined ? {} : { packetLossShare }),
  };
}
