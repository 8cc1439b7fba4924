import { type Command, Option } from "commander";
import type { Answer } from "../answer.ts";
import { SWEEP_FORMS, type SweepForm } from "../formats/sweep/sweep-form.ts";
import type { WorkConditions } from "../stopping.ts";
import type { CommandSession } from "./session.ts";

interface MergeFlags {
  output: string;
  format?: SweepForm;
  json?: true;
}

export function addMergeCommand(program: Command, session: CommandSession): void {
  const command = program
    .command("merge")
    .summary("put the shards of a sweep together")
    .description(
      "Puts the shards of a sweep together, to the very bytes that the whole sweep would have written. Refuses shards of different sweeps, gaps, overlaps and files that have changed.",
    )
    .argument("<shard...>", "files that precopy sweep --shard has written, in any order")
    .requiredOption("-o, --output <file>", "write rows to a .csv, .jsonl or .parquet file")
    .addOption(new Option("--format <form>", "form of the rows, whatever the file's name").choices(SWEEP_FORMS))
    .option("--json", "print the summary as one JSON object");
  command.addHelpText(
    "before",
    `Examples:
  precopy merge shard-*.csv -o sweep.csv
  precopy merge shard-1.jsonl shard-2.jsonl -o sweep.parquet
`,
  );
  command.action((shards: string[], flags: MergeFlags) =>
    session.answer((conditions) => merge(shards, flags, conditions)),
  );
}

async function merge(shards: string[], flags: MergeFlags, conditions: WorkConditions): Promise<Answer> {
  const [{ mergeShards }, { wantsColour }] = await Promise.all([
    import("../runners/sweep/merge-shards.ts"),
    import("../formats/paint.ts"),
  ]);
  const { output, format, json } = flags;
  const request = { shards, output, format: format ?? null, json: json === true, colour: wantsColour(process.stdout) };
  return mergeShards(request, conditions);
}
