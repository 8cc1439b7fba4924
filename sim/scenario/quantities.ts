/** Quantities as a scenario file writes them (`4 GiB`, `1 Gbit/s`, `30 ms`, `70 %`, or a number in SI units), for the schema. */
import { z } from "zod";
import { failure, type Result, success } from "../kernel/result.ts";
import {
  parseBytes,
  parseBytesPerSecond,
  parseCount,
  parsePagesPerSecond,
  parseSeconds,
  parseShare,
} from "../kernel/units.ts";
import { PAGE_BYTES } from "../memory/page-class.ts";

/** What makes sense; the texts say the limits as a user would write them. */
interface Limits {
  /** Least value allowed; with `aboveLeast` the value itself is not. */
  least?: number;
  aboveLeast?: boolean;
  leastText?: string;
  greatest?: number;
  greatestText?: string;
}

/** 2^50: no host has more, and page numbers stay well inside exact integers. */
const GREATEST_MEMORY_BYTES = 1_125_899_906_842_624;
/** 10 Tbit/s. */
const GREATEST_BYTES_PER_SECOND = 1.25e12;

/** Applies limits to what was parsed. */
export function withinLimits(parsed: Result<number>, limits: Limits): Result<number> {
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  const { least, greatest } = limits;
  if (least !== undefined && (value < least || (limits.aboveLeast === true && value === least))) {
    const text = limits.leastText ?? String(least);
    if (limits.aboveLeast === true) return failure(`must be more than ${text}`, `give a value above ${text}`);
    return failure(`must be at least ${text}`, `give ${text} or more`);
  }
  if (greatest === undefined || value <= greatest) return parsed;
  const text = limits.greatestText ?? String(greatest);
  return failure(`must be at most ${text}`, `give ${text} or less; check the unit`);
}

type Parse<Value> = (input: string | number) => Result<Value>;

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

/** A rate limit, bytes per second; 0 is none. */
export const rateLimit = () =>
  quantity((input) =>
    withinLimits(parseBytesPerSecond(input), {
      least: 0,
      greatest: GREATEST_BYTES_PER_SECOND,
      greatestText: "10 Tbit/s",
    }),
  );

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
export const share = () => quantity(parseShare);

/** More than 0, at most 1 or 100 %. */
export const aboveZeroShare = () =>
  quantity((input) => withinLimits(parseShare(input), { least: 0, aboveLeast: true, leastText: "0 %" }));

/** Page writes per second. */
export const pagesPerSecond = () =>
  quantity((input) =>
    withinLimits(parsePagesPerSecond(input), { least: 0, greatest: 1e12, greatestText: "10^12 pages/s" }),
  );

/** A whole number within limits. */
export const count = (limits: Limits) => quantity((input) => withinLimits(parseCount(input), limits));

function parseProcessors(input: string | number): Result<number> {
  const value = typeof input === "number" ? input : /^\s*\d+(\.\d+)?\s*$/.test(input) ? Number(input) : Number.NaN;
  if (Number.isFinite(value)) return success(value);
  return failure(`"${input}" is not a number of processors`, "write a number such as 2 or 0.5");
}

/** Logical processors, whole or not; 0 for none. */
export const logicalProcessors = () =>
  quantity((input) => withinLimits(parseProcessors(input), { least: 0, greatest: 65_536 }));

/** Part of something, absolute or relative: bytes of memory, or a share of it. */
export type Amount = { readonly bytes: number } | { readonly share: number };

function isShareText(input: string | number): boolean {
  return typeof input === "string" && input.trim().endsWith("%");
}

function parseAmount(input: string | number): Result<Amount> {
  if (isShareText(input)) {
    const parsed = parseShare(input);
    return parsed.ok ? success({ share: parsed.value }) : parsed;
  }
  if (typeof input === "number" && input > 0 && input < PAGE_BYTES) {
    return failure(
      `${input} is a number of bytes, and less than one page`,
      "write a share with its sign (70 %) or a size with its unit (2 GiB)",
    );
  }
  const parsed = withinLimits(parseBytes(input), { greatest: GREATEST_MEMORY_BYTES, greatestText: "1 PiB" });
  return parsed.ok ? success({ bytes: parsed.value }) : parsed;
}

/** `70 %` of the memory, `2 GiB`, or a number of bytes. */
export const amountOfMemory = () => quantity(parseAmount);

/** A number of pages: absolute, a share of the used memory, or all that is left of it. */
export type PageCount = { readonly pages: number } | { readonly share: number } | "rest";

const HOW_TO_WRITE_PAGES = "write pages (20k), a size (64 MiB), a share of the used memory (5 %) or rest";

function parsePageCount(input: string | number): Result<PageCount> {
  if (typeof input === "number") {
    const parsed = withinLimits(parseCount(input), { greatest: GREATEST_MEMORY_BYTES / PAGE_BYTES });
    return parsed.ok ? success({ pages: parsed.value }) : { ...parsed, remedy: HOW_TO_WRITE_PAGES };
  }
  const text = input.trim();
  if (text === "rest") return success("rest");
  if (isShareText(text)) {
    const parsed = parseShare(text);
    return parsed.ok ? success({ share: parsed.value }) : parsed;
  }
  if (/B$|bytes?$/.test(text)) {
    const parsed = withinLimits(parseBytes(text), { greatest: GREATEST_MEMORY_BYTES, greatestText: "1 PiB" });
    return parsed.ok ? success({ pages: Math.ceil(parsed.value / PAGE_BYTES) }) : parsed;
  }
  const parsed = withinLimits(parseCount(text.replace(/\s*pages?$/, "")), {
    greatest: GREATEST_MEMORY_BYTES / PAGE_BYTES,
  });
  return parsed.ok ? success({ pages: parsed.value }) : { ...parsed, remedy: HOW_TO_WRITE_PAGES };
}

/** `20k` pages, `64 MiB`, `5 %` of the used memory, or `rest`. */
export const pageCount = () => quantity(parsePageCount);

/** Where in the used memory: a page, a size or a share of it. */
export type PagePosition = Exclude<PageCount, "rest">;

export const pagePosition = () =>
  quantity((input): Result<PagePosition> => {
    const parsed = parsePageCount(input);
    if (!parsed.ok) return parsed;
    if (parsed.value !== "rest") return success(parsed.value);
    return failure("rest is not a place", "leave first out to start right behind the class before");
  });
