/** Quantities as a scenario file writes them (`4 GiB`, `1 Gbit/s`, `30 ms`, `70 %`, or a number in SI units), for the schema. */
import { z } from "zod";
import {
  parseBytes,
  parseBytesPerSecond,
  parseCount,
  parsePagesPerSecond,
  parseSeconds,
  parseShare,
} from "../kernel/units.ts";

export type ParsedQuantity =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly problem: string; readonly remedy: string };

/** What makes sense; the texts say the limits as a user would write them. */
interface Limits {
  /** Least value allowed; with `aboveLeast` the value itself is not. */
  least?: number;
  aboveLeast?: boolean;
  leastText?: string;
  greatest?: number;
  greatestText?: string;
}

export const PAGE_BYTES = 4096;
/** 2^50: no host has more, and page numbers stay well inside exact integers. */
export const GREATEST_MEMORY_BYTES = 1_125_899_906_842_624;
/** 10 Tbit/s. */
export const GREATEST_BYTES_PER_SECOND = 1.25e12;

/** Applies limits to what was parsed. */
export function withinLimits(parsed: ParsedQuantity, limits: Limits): ParsedQuantity {
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  const { least, greatest } = limits;
  if (least !== undefined && (value < least || (limits.aboveLeast === true && value === least))) {
    const text = limits.leastText ?? String(least);
    return limits.aboveLeast === true
      ? { ok: false, problem: `must be more than ${text}`, remedy: `give a value above ${text}` }
      : { ok: false, problem: `must be at least ${text}`, remedy: `give ${text} or more` };
  }
  if (greatest !== undefined && value > greatest) {
    const text = limits.greatestText ?? String(greatest);
    return { ok: false, problem: `must be at most ${text}`, remedy: `give ${text} or less; check the unit` };
  }
  return parsed;
}

type Parse<Value> = (
  input: string | number,
) =>
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string; readonly remedy: string };

/** A schema that reads text or a number; a fault becomes an issue that carries its remedy in `params.remedy`. */
function quantity<Value>(parse: Parse<Value>) {
  return z.union([z.string(), z.number()]).transform((input, context): Value => {
    const parsed = parse(input);
    if (parsed.ok) return parsed.value;
    context.issues.push({ code: "custom", message: parsed.problem, input, params: { remedy: parsed.remedy } });
    return z.NEVER;
  });
}

/** Bytes of memory: more than zero, at most 1 PiB. */
export const memoryBytes = () =>
  quantity((input) =>
    withinLimits(parseBytes(input), {
      least: PAGE_BYTES,
      leastText: "4 KiB, one page",
      greatest: GREATEST_MEMORY_BYTES,
      greatestText: "1 PiB",
    }),
  );

/** Bytes of anything small: queues, packets. */
export const bytes = (limits: Limits) => quantity((input) => withinLimits(parseBytes(input), limits));

/** Simulated time or an interval. */
export const seconds = (limits: Limits) => quantity((input) => withinLimits(parseSeconds(input), limits));

/** A link's rate: more than zero, at most 10 Tbit/s. */
export const bytesPerSecond = () =>
  quantity((input) =>
    withinLimits(parseBytesPerSecond(input), {
      least: 0,
      aboveLeast: true,
      leastText: "0",
      greatest: GREATEST_BYTES_PER_SECOND,
      greatestText: "10 Tbit/s",
    }),
  );

/** 0 to 1, or 0 % to 100 %. */
export const share = () =>
  quantity((input) => withinLimits(parseShare(input), { least: 0, greatest: 1, greatestText: "100 %" }));

/** Page writes per second. */
export const pagesPerSecond = () =>
  quantity((input) =>
    withinLimits(parsePagesPerSecond(input), { least: 0, greatest: 1e12, greatestText: "10^12 pages/s" }),
  );

/** A whole number within limits. */
export const count = (limits: Limits) =>
  quantity((input) => {
    const parsed = withinLimits(parseCount(input), limits);
    if (!parsed.ok || Number.isInteger(parsed.value)) return parsed;
    return { ok: false, problem: "must be a whole number", remedy: `give ${Math.round(parsed.value)}, for example` };
  });

/** Part of something, absolute or relative: bytes of memory, or a share of it. */
export type Amount = { readonly bytes: number } | { readonly share: number };

function isShareText(input: string | number): input is string {
  return typeof input === "string" && input.trim().endsWith("%");
}

function parseAmount(input: string | number): ReturnType<Parse<Amount>> {
  if (isShareText(input)) {
    const parsed = withinLimits(parseShare(input), { least: 0, greatest: 1, greatestText: "100 %" });
    return parsed.ok ? { ok: true, value: { share: parsed.value } } : parsed;
  }
  if (typeof input === "number" && input > 0 && input < PAGE_BYTES) {
    return {
      ok: false,
      problem: `${input} is a number of bytes, and less than one page`,
      remedy: "write a share with its sign (70 %) or a size with its unit (2 GiB)",
    };
  }
  const parsed = withinLimits(parseBytes(input), { least: 0, greatest: GREATEST_MEMORY_BYTES, greatestText: "1 PiB" });
  return parsed.ok ? { ok: true, value: { bytes: parsed.value } } : parsed;
}

/** `70 %` of the memory, `2 GiB`, or a number of bytes. */
export const amountOfMemory = () => quantity(parseAmount);

/** A number of pages: absolute, a share of the used memory, or all that is left of it. */
export type PageCount = { readonly pages: number } | { readonly share: number } | "rest";

function parsePageCount(input: string | number): ReturnType<Parse<PageCount>> {
  if (typeof input === "string" && input.trim().toLowerCase() === "rest") return { ok: true, value: "rest" };
  if (isShareText(input)) {
    const parsed = withinLimits(parseShare(input), { least: 0, greatest: 1, greatestText: "100 %" });
    return parsed.ok ? { ok: true, value: { share: parsed.value } } : parsed;
  }
  if (typeof input === "string" && /[bB]\s*$/.test(input)) {
    const parsed = parseBytes(input);
    return parsed.ok ? { ok: true, value: { pages: Math.ceil(parsed.value / PAGE_BYTES) } } : parsed;
  }
  const bare = typeof input === "string" ? input.replace(/\s*pages?\s*$/i, "") : input;
  const parsed = withinLimits(parseCount(bare), { least: 0, greatest: GREATEST_MEMORY_BYTES / PAGE_BYTES });
  if (!parsed.ok)
    return { ...parsed, remedy: "write pages (20k), a size (64 MiB), a share of the used memory (5 %) or rest" };
  if (!Number.isInteger(parsed.value)) {
    return {
      ok: false,
      problem: `${String(input)} is not a whole number of pages`,
      remedy: "write pages (20k), a size (64 MiB) or a share of the used memory with its sign (5 %)",
    };
  }
  return { ok: true, value: { pages: parsed.value } };
}

/** `20k` pages, `64 MiB`, `5 %` of the used memory, or `rest`. */
export const pageCount = () => quantity(parsePageCount);

/** Where in the used memory: a page, a size or a share of it. */
export const pagePosition = () =>
  quantity((input): ReturnType<Parse<Exclude<PageCount, "rest">>> => {
    const parsed = parsePageCount(input);
    if (!parsed.ok || parsed.value !== "rest") return parsed as ReturnType<Parse<Exclude<PageCount, "rest">>>;
    return {
      ok: false,
      problem: "rest is not a place",
      remedy: "leave first out to start right behind the class before",
    };
  });
