/** A diagnosis in words, with the arithmetic that it rests on. */
import {
  formatBytes,
  formatBytesPerSecond,
  formatSeconds,
  formatShare,
  PAGE_BYTES,
  type Scenario,
} from "../../../sim/index.ts";
import { migratedVm } from "../scenario-changes.ts";
import type { Arithmetic } from "./arithmetic.ts";
import type { ConstraintName } from "./constraints.ts";
import type { Bounded, Cause, CauseName, Diagnosis, Lifted } from "./diagnose.ts";
import type { Tally, Verdict } from "./verdict.ts";

const CONSTRAINT_WORDS: Readonly<Record<ConstraintName, string>> = {
  "rate-limit": "the rate limit",
  link: "the link",
  "sender-cpu": "the sender's processor",
  latency: "the link's latency",
  "downtime-limit": "the downtime limit",
  "few-pages": "how few pages may be left",
  "pass-limit": "the pass limit",
  "time-out": "the manager's time-out",
  manager: "the manager",
  cancellation: "the cancellation in the timeline",
  horizon: "the end of the run",
  "other-migrations": "the other migrations",
  throttling: "writes that throttling does not slow",
  "dirty-rate": "the guest's writes",
  "blackout-constants": "stopping, device state and starting",
  storage: "the hand-over of the storage",
  announcements: "lost announcements",
  "client-interval": "how rarely the clients ask",
};

/** What a cause is called, as a sentence has it. */
function causeWords({ cause, against, classes }: Cause): string {
  const beside = listed(against.map((name) => CONSTRAINT_WORDS[name]));
  if (cause === "size") return `memory over bandwidth: nothing but its size, and ${beside}`;
  if (cause === "dirty-rate")
    return against.length === 0 ? "the guest's writes" : `the guest's writes beside ${beside}`;
  if (cause === "hot-set") {
    return `a hot set (${shortened(classes)}) written over and over${beside === "" ? "" : `, beside ${beside}`}`;
  }
  if (cause === "downtime") return "the downtime itself";
  if (cause === "none-alone") return "no single constraint";
  return CONSTRAINT_WORDS[cause];
}

const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  converges: "it converges",
  forced: "it is forced",
  aborted: "it is aborted",
  never: "it never ends",
};

const BOUNDED_WORDS: Readonly<Record<Bounded, string>> = {
  outcome: "Cause",
  time: "Time",
  downtime: "Downtime",
  "client-outage": "Clients' outage",
};

export function whyOf(scenario: Scenario, migration: number, base: Tally, diagnosis: Diagnosis): string[] {
  const { causes, arithmetic } = diagnosis;
  const sentences: string[] = [];
  for (const cause of causes) {
    const parts = [`${BOUNDED_WORDS[cause.of]}: ${causeWords(cause)}.`];
    if (cause.of === "outcome") parts.push(...arithmeticWords(arithmetic, base));
    if (cause.of === "time" && cause.cause === "size") parts.push(...sizeWords(arithmetic, base));
    if (cause.of === "time" && base.verdict === "converges" && isOfWrites(cause.cause)) {
      parts.push(...arithmeticWords(arithmetic, base));
    }
    if (cause.cause === "hot-set" && cause === causes[0])
      parts.push(hotSetWords(scenario, migration, cause, arithmetic));
    if (cause.cause !== "none-alone" && cause.cause !== "downtime") parts.push(withoutWords(cause, base));
    sentences.push(parts.join(" "));
  }
  return sentences;
}

const isOfWrites = (cause: CauseName) => cause === "dirty-rate" || cause === "hot-set";

function arithmeticWords(arithmetic: Arithmetic, base: Tally): string[] {
  const {
    writtenBytesPerSecond,
    deniedShare,
    carriedBytesPerSecond,
    lastRoundSeconds,
    remainingBytes,
    thresholdBytes,
  } = arithmetic;
  if (carriedBytesPerSecond === null || lastRoundSeconds === null || remainingBytes === null) return [];
  const held = deniedShare > 0 ? `; before ${formatShare(deniedShare)} of its processor is denied to it` : "";
  const words = [
    `The guest writes ${formatBytesPerSecond(writtenBytesPerSecond)} (pages times 4 KiB${held}), the migration carries ${formatBytesPerSecond(carriedBytesPerSecond)}.`,
  ];
  const round = base.verdict === "never" ? "Each round" : "The last round";
  const verb = base.verdict === "never" ? "takes" : "took";
  const leaves = base.verdict === "never" ? "leaves" : "left";
  const limit = thresholdBytes === null ? "" : `; ${formatBytes(thresholdBytes)} would fit into the downtime limit`;
  words.push(
    `${round} ${verb} ${formatSeconds(lastRoundSeconds)} and ${leaves} ${formatBytes(remainingBytes)} to send${limit}.`,
  );
  return words;
}

function sizeWords({ transferredBytes, carriedBytesPerSecond }: Arithmetic, base: Tally): string[] {
  if (carriedBytesPerSecond === null || base.totalSeconds === null) return [];
  const mean = transferredBytes / base.totalSeconds.median;
  return [`${formatBytes(transferredBytes)} went over at ${formatBytesPerSecond(mean)} on average.`];
}

function hotSetWords(scenario: Scenario, migration: number, { classes }: Cause, arithmetic: Arithmetic): string {
  const { lastRoundSeconds } = arithmetic;
  const pages = migratedVm(scenario, migration)
    .classes.filter(({ name }) => classes.includes(name))
    .reduce((sum, written) => sum + written.pages, 0);
  const round = lastRoundSeconds === null ? "each round" : `the ${formatSeconds(lastRoundSeconds)} of a round`;
  return `Its ${formatBytes(pages * PAGE_BYTES)} are all written again within ${round}; writing half as often would leave as much.`;
}

function withoutWords({ of, without }: Cause, base: Tally): string {
  if (of === "outcome") return `Without that ${liftedWords(without)}.`;
  const [after, before] =
    of === "time"
      ? [without.elapsedSeconds, base.elapsedSeconds?.median]
      : of === "downtime"
        ? [without.downtimeSeconds, base.downtimeSeconds?.median]
        : [without.clientOutageSeconds, base.clientOutageSeconds?.median];
  if (after === null || before === undefined) return `Without that ${liftedWords(without)}.`;
  return `Without that ${formatSeconds(after)} instead of ${formatSeconds(before)}.`;
}

function liftedWords({ verdict, elapsedSeconds, downtimeSeconds }: Lifted): string {
  const parts = [VERDICT_WORDS[verdict]];
  if (elapsedSeconds !== null) parts.push(`${formatSeconds(elapsedSeconds)} in all`);
  if (downtimeSeconds !== null) parts.push(`${formatSeconds(downtimeSeconds)} of downtime`);
  return parts.join(", ");
}

export function constraintWords(name: ConstraintName): string {
  return CONSTRAINT_WORDS[name];
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function shortened(names: readonly string[]): string {
  return names.length <= 3 ? names.join(", ") : `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
}
