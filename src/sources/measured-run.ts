/** One measured migration: the file that docs/measured-runs.md describes. Fields that are not read here are ignored. */
import { z } from "zod";
import { type Attempt, badInput, succeeded } from "../failure.ts";
import { type PositionedDocument, readDocument } from "../formats/document.ts";

const count = z.number().int().nonnegative();
const milliseconds = z.number().nonnegative();

const writeClass = z.object({
  /** Counted from the first used page. */
  firstPage: count,
  pages: z.number().int().positive(),
  writesPerSecond: z.number().nonnegative(),
  pattern: z.enum(["uniform", "sweep"]),
  /** Guest time; `endMs` 0 is no end. */
  startMs: milliseconds.default(0),
  endMs: milliseconds.default(0),
  /** 32-bit words changed by a write, at 64-byte steps; absent where it is not known. */
  wordsPerWrite: z.number().int().min(1).max(1024).nullish(),
});

const network = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("loopback") }),
  z.object({
    kind: z.literal("namespaces"),
    /** On the wire, Ethernet framing included. */
    rateBitsPerSecond: z.number().positive(),
    rttMs: milliseconds,
    /** Of the emulated link's drop-tail queue. */
    queueBytes: count.nullish(),
  }),
]);

const DIRTY_RATE_MODES = ["page-sampling", "dirty-bitmap"] as const;

const dirtyRateReading = z.object({
  mode: z.enum(DIRTY_RATE_MODES),
  calcTimeSeconds: z.number().positive(),
  /** Of page-sampling; QEMU's default where it is left out. */
  samplePagesPerGiB: z.number().int().positive().nullish(),
  /** Distinct pages dirtied in the interval over the interval, in whole MiB/s. */
  dirtyRateMiBPerSecond: count,
});

/** Answers in other modes (dirty-ring) are left out: what they count is not modelled. */
const dirtyRateReadings = z
  .array(z.looseObject({ mode: z.string() }))
  .transform((readings) => readings.filter(({ mode }) => (DIRTY_RATE_MODES as readonly string[]).includes(mode)))
  .pipe(z.array(dirtyRateReading));

/** What query-migrate-parameters said; QEMU's defaults where it is absent. */
const migrationParameters = z
  .object({
    "throttle-trigger-threshold": z.number().min(1).max(100).default(50),
    "cpu-throttle-initial": z.number().min(1).max(99).default(20),
    "cpu-throttle-increment": z.number().min(1).max(99).default(10),
    "max-cpu-throttle": z.number().min(1).max(99).default(99),
    "cpu-throttle-tailslow": z.boolean().default(false),
    "max-postcopy-bandwidth": count.default(0),
    "multifd-channels": z.number().int().min(1).max(255).default(2),
    "multifd-compression": z.string().default("none"),
    "compress-threads": z.number().int().min(1).max(255).default(8),
    "xbzrle-cache-size": z.number().int().min(4096).default(67_108_864),
  })
  .prefault({});

const measuredRun = z.object({
  name: z.string(),
  kind: z.string(),
  repeatGroup: z.string().nullish(),
  valid: z.boolean().default(true),
  invalidReasons: z.array(z.string()).default([]),
  environment: z.object({ accelerator: z.string().default("tcg") }).default({ accelerator: "tcg" }),
  scenario: z.object({
    memoryBytes: z.number().int().positive(),
    usedBytes: z.number().int().nonnegative(),
    writeClasses: z.array(writeClass).default([]),
    migrationStartGuestMs: milliseconds.default(0),
    network,
    maxBandwidthBytesPerSecond: z.number().positive(),
    downtimeLimitMs: milliseconds,
    capabilities: z.array(z.string()).default([]),
    parameters: migrationParameters,
    /** A stall longer than this loses the writes owed beyond it. */
    writeDebtCapMs: milliseconds.default(20),
    postcopyAfterPasses: count.nullish(),
    cancelAfterMs: z.number().positive().nullish(),
  }),
  /** The guest's own report each second, one row each: `columns` names what it holds. */
  guestProgress: z
    .object({
      columns: z.array(z.string()),
      source: z.array(z.array(z.number())).default([]),
      destination: z.array(z.array(z.number())).default([]),
    })
    .nullish(),
  /** What a planner can ask of QEMU before the migration. */
  planner: z.object({ calcDirtyRate: dirtyRateReadings.default([]) }).nullish(),
  measured: z
    .object({
      outcome: z.enum(["completed", "completed-postcopy", "cancelled"]).nullish(),
      totalTimeMs: milliseconds.nullish(),
      downtimeMs: milliseconds.nullish(),
      stopToResumeMs: milliseconds.nullish(),
      transferredBytes: count.nullish(),
      dirtySyncCount: count.nullish(),
      /** From one read of the bitmap to the next; the last has no duration. */
      passes: z
        .array(
          z.object({
            pass: count,
            startMs: milliseconds,
            durationMs: milliseconds.nullish(),
            newDirtyPages: count,
          }),
        )
        .nullish()
        .transform((passes) => passes ?? []),
    })
    .prefault({}),
});

export type MeasuredRun = z.infer<typeof measuredRun>;
/** One answer of QEMU's calc-dirty-rate. */
export type DirtyRateReading = z.infer<typeof dirtyRateReading>;

const REMEDY = "Restore the file, or take it out of what is validated.";

/**
 * Reads one file's text.
 *
 * @returns the run; null where the document is sound but no measured run (it has no `scenario` and `measured`); a
 *   failure that names file, line and path where it is broken
 */
export function readMeasuredRun(text: string, file: string): Attempt<MeasuredRun | null> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return badInput(`${file}:${lastLine(text)}: not valid JSON: it is cut or damaged. ${REMEDY}`);
  }
  const isRun = typeof content === "object" && content !== null && "scenario" in content && "measured" in content;
  if (!isRun) return succeeded(null);
  const parsed = measuredRun.safeParse(content);
  if (parsed.success) return succeeded(parsed.data);
  const document = readDocument(text, file);
  const problems = parsed.error.issues.map(({ path, message }) => {
    const steps = path as (string | number)[];
    return `${file}:${lineOf(document, steps)}: ${steps.join(".")}: ${message}.`;
  });
  return badInput(`${problems.join("\n")}\n${REMEDY}`);
}

function lineOf(document: Attempt<PositionedDocument>, path: readonly (string | number)[]): number {
  return document.ok ? document.value.locate(path).line : 1;
}

function lastLine(text: string): number {
  return text.trimEnd().split("\n").length;
}
