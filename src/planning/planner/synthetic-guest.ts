/** Guests made up from the prior, and what calc-dirty-rate would say of them: to judge predictions without measuring. */
import { exp, log, PAGE_BYTES, type RandomStream } from "../../../sim/index.ts";
import type { DirtyRateReading } from "../../sources/measured-run.ts";
import { shapeFamilies } from "./class-prior.ts";
import { FEWEST_PAGES, type LikelyGuest, OWN_PAGES, toLikelyGuest } from "./fit-guests.ts";

/** A question to QEMU. */
export type DirtyRateQuestion = Omit<DirtyRateReading, "dirtyRateMiBPerSecond">;

const MIB_BYTES = 2 ** 20;
const GIB_BYTES = 2 ** 30;

/** A guest as the prior has them: its kind by the kinds' shares, its size on a logarithmic scale up to all used memory. */
export function drawGuest(usedPages: number, random: RandomStream): LikelyGuest {
  let which = random.next();
  const family = shapeFamilies.find(({ share }) => {
    which -= share;
    return which < 0;
  }) as (typeof shapeFamilies)[number];
  const classes = family.draw(random);
  const size = classes.reduce((sum, part) => sum + part.size, 0);
  const pages = FEWEST_PAGES * exp(random.next() * log(usedPages / FEWEST_PAGES));
  return toLikelyGuest({ shape: { family: family.name, classes, size }, scale: pages / size });
}

/** Distinct pages dirtied in so many seconds, on average, the guest kernel's own included. */
export function pagesDirtied({ classes }: LikelyGuest, seconds: number): number {
  let dirtied = OWN_PAGES;
  for (const { pattern, pages, writesPerSecond } of classes) {
    const written = (writesPerSecond * seconds) / pages;
    dirtied += pages * (pattern === "sweep" ? Math.min(1, written) : 1 - exp(-written));
  }
  return dirtied;
}

/** QEMU's answer. Sampling is played through; a bitmap's count is taken at its mean, as its own scatter is below its rounding. */
export function askDirtyRate(
  guest: LikelyGuest,
  question: DirtyRateQuestion,
  memoryBytes: number,
  random: RandomStream,
): DirtyRateReading {
  const { calcTimeSeconds, samplePagesPerGiB } = question;
  const dirtied = pagesDirtied(guest, calcTimeSeconds);
  if (question.mode === "dirty-bitmap") {
    const mib = Math.floor((dirtied * PAGE_BYTES) / MIB_BYTES);
    return { ...question, dirtyRateMiBPerSecond: Math.floor(mib / calcTimeSeconds) };
  }
  const samples = Math.floor((memoryBytes * (samplePagesPerGiB ?? 512)) / GIB_BYTES);
  const share = (dirtied * PAGE_BYTES) / memoryBytes;
  let changed = 0;
  for (let sample = 0; sample < samples; sample++) if (random.next() < share) changed++;
  const rate = (changed * memoryBytes) / MIB_BYTES / (samples * calcTimeSeconds);
  return { ...question, dirtyRateMiBPerSecond: Math.floor(rate) };
}
