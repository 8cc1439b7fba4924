/** An explanation for people: the verdict, why, and what would cure it; 80 columns. */
import { formatSeconds } from "../../sim/index.ts";
import type { Cure, Goal } from "../planning/explain/cures.ts";
import type { ExplainedMigration, Explanation } from "../planning/explain/explain.ts";
import type { Verdict } from "../planning/explain/verdict.ts";
import { constraintWords, listed } from "../planning/explain/words.ts";
import type { Paint } from "./paint.ts";
import { formatTable } from "./table.ts";
import { ruleWords } from "./verdict.ts";
import { wrap } from "./wrap.ts";

export function formatExplanation(explanation: Explanation, command: string, paint: Paint): string {
  const { migrations, seeds } = explanation;
  const blocks: string[][] = [];
  if (migrations.length === 0) blocks.push(["Nothing to explain: the timeline asks for no migration."]);
  for (const migration of migrations) blocks.push(...describe(migration, seeds, paint));
  blocks.push([`Run it again: ${paint("cyan", command)}`]);
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function describe(migration: ExplainedMigration, seeds: number, paint: Paint): string[][] {
  const blocks = [headLines(migration, seeds, paint), migration.why.flatMap((sentence) => wrap(sentence))];
  const idle = withoutEffect(migration);
  if (idle !== null) blocks[1]?.push(...wrap(idle));
  blocks.push(...cureBlocks(migration, seeds, paint));
  return blocks.filter((lines) => lines.length > 0);
}

const VERDICT_SENTENCES: Readonly<Record<Verdict, string>> = {
  converges: "converges",
  forced: "forced: something other than little being left ended pre-copy",
  aborted: "aborted",
  never: "never: by itself it would not end",
};

function headLines(migration: ExplainedMigration, seeds: number, paint: Paint): string[] {
  const { vm, from, to, mode, profile, verdict, verdicts, totalSeconds, downtimeSeconds, endedBy } = migration;
  const by = `${mode === "live" ? "" : `${mode}, `}${profile}`;
  const good = verdict === "converges" && migration.goal === null;
  const words = verdict === "forced" && migration.postcopy ? "forced: post-copy took over" : VERDICT_SENTENCES[verdict];
  const head = wrap(`${vm} from ${from} to ${to} (${by}): ${words}.`);
  const lines = head.map((line) => paint(["bold", good ? "green" : verdict === "forced" ? "yellow" : "red"], line));
  const others = Object.entries(verdicts).filter(([name, count]) => count > 0 && name !== verdict);
  if (others.length > 0) {
    const counts = others.map(([name, count]) => `${count} ${name}`).join(", ");
    lines.push(...wrap(`Of ${seeds} seeds ${verdicts[verdict]} went so; ${counts}.`));
  }
  const ended =
    endedBy === null ? migration.reason : `Pre-copy ended after ${rounds(migration.rounds)} by ${ruleWords(endedBy)}.`;
  const times: string[] = [];
  if (totalSeconds !== null && verdict !== "never") times.push(`${formatSeconds(totalSeconds.median)} in all`);
  if (downtimeSeconds !== null) times.push(`${formatSeconds(downtimeSeconds.median)} of downtime`);
  if (migration.clientOutageSeconds !== null && downtimeSeconds !== null)
    times.push(`clients miss ${formatSeconds(migration.clientOutageSeconds.median)}`);
  lines.push(...wrap(times.length === 0 ? ended : `${ended} ${times.join(", ")}.`));
  return lines;
}

const rounds = (count: number) => (count === 1 ? "1 round" : `${count} rounds`);

/** The constraints that make no difference, so that nobody buys what does not help. */
function withoutEffect({ lifted, causes }: ExplainedMigration): string | null {
  const bounded = causes[0]?.of;
  if (bounded === undefined) return null;
  const names = lifted.filter(({ changes }) => !changes.includes(bounded)).map(({ constraint }) => constraint);
  const ofInterest = names.filter((name) => !["horizon", "announcements", "client-interval"].includes(name));
  if (ofInterest.length === 0) return null;
  return `Alone no different without: ${listed(ofInterest.map((name) => constraintWords(name)))}.`;
}

function goalWords({ downtimeSeconds, elapsedSeconds, mustConverge }: Goal): string {
  const parts: string[] = [];
  if (downtimeSeconds !== null) parts.push(`downtime of at most ${formatSeconds(downtimeSeconds)}`);
  if (elapsedSeconds !== null) parts.push(`at most ${formatSeconds(elapsedSeconds)} in all`);
  if (parts.length > 0) return parts.join(", ");
  return mustConverge ? "that it converges" : "that it completes";
}

function cureBlocks(
  { goal, cures, notCures, meetsObjectives }: ExplainedMigration,
  seeds: number,
  paint: Paint,
): string[][] {
  if (goal === null) return meetsObjectives === true ? [[`Every one of ${seeds} seeds met the objectives.`]] : [];
  const blocks: string[][] = [];
  const wanted = goalWords(goal);
  if (cures.length === 0) {
    blocks.push(wrap(paint("bold", `No single change was found for this: ${wanted}.`)));
  } else {
    const columns = [
      { title: "Change", align: "left" },
      { title: "from", align: "right" },
      { title: "to", align: "right" },
      { title: "in all", align: "right" },
      { title: "downtime", align: "right" },
    ] as const;
    blocks.push([
      ...wrap(`Cures, each alone, for this: ${wanted}. Simulated over ${seeds} seeds, all of which met it:`),
      ...formatTable(columns, cures.map(cureRow), paint),
    ]);
  }
  // What belongs to a switch that does not help is worth no word of its own.
  const told = notCures.filter(({ belongsTo }) => belongsTo === null);
  const others = told.filter(({ tried }) => tried !== "on" && tried !== "off");
  const switches = told.filter((each) => !others.includes(each)).map(({ title, tried }) => `${title} ${tried}`);
  const tried = others.map(({ title, tried: utmost, steps }) => `${title}${steps > 1 ? " as far as" : ""} ${utmost}`);
  if (tried.length > 0) blocks.push(wrap(`Not enough: ${listed(tried)}.`));
  if (switches.length > 0) blocks.push(wrap(`Nor to switch: ${listed(switches)}.`));
  return blocks;
}

function cureRow({ change, title, from, to, settings, totalSeconds, downtimeSeconds }: Cure): string[] {
  const switchedOn = settings
    .filter(({ value }) => value === true)
    .map(({ path }) => path.slice(path.lastIndexOf(".") + 1))
    .filter((key) => key !== change);
  const changes = [...switchedOn.map((key) => `${key} on`), title].join(", ");
  const seconds = (spread: Cure["totalSeconds"]) => (spread === null ? "-" : formatSeconds(spread.median));
  return [changes, from, to, seconds(totalSeconds), seconds(downtimeSeconds)];
}
