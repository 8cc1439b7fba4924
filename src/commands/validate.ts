import { type Command, InvalidArgumentError, Option } from "commander";
import type { Answer } from "../answer.ts";
import type { WorkConditions } from "../stopping.ts";
import { addOutputOption, addPolicyOption, type PolicyFlags } from "./options.ts";
import type { CommandSession } from "./session.ts";

interface ValidateFlags extends PolicyFlags {
  json?: true;
  inputs: "workload" | "planner";
  runs?: number;
  maxMedianError?: number;
  maxP90Error?: number;
  html?: string;
  output?: string;
}

/** With planner as inputs the runs stand for what is not known of the guest as well: more of them settle the median. */
const SEEDS = { workload: 101, planner: 301 };
const MOST_SEEDS = 1_000_000;

export function addValidateCommand(program: Command, session: CommandSession): void {
  const command = program
    .command("validate")
    .summary("compare predictions with measured migrations")
    .description(
      "Reads measured migrations, predicts each from its inputs alone, and says how far off the predictions are. Folders are read recursively for *.json.",
    )
    .argument("<path...>", "measured runs, files or folders")
    .option("--json", "print the comparison as one JSON object")
    .addOption(
      new Option(
        "--inputs <kind>",
        "what a prediction may know: workload, the guest's page classes; planner, only what calc-dirty-rate said before",
      )
        .choices(["workload", "planner"])
        .default("workload"),
    )
    .addOption(
      new Option(
        "--runs <n>",
        "seeds a prediction, whose point is their median (default: 101); with planner, guests a prediction (default: 301)",
      ).argParser(parseSeeds),
    )
    .addOption(
      new Option("--max-median-error <share>", "exit with 1 where a median error is larger, as 0.5%").argParser(
        parseShare,
      ),
    )
    .addOption(
      new Option("--max-p90-error <share>", "exit with 1 where a 90th percentile is larger, as 3%").argParser(
        parseShare,
      ),
    );
  command.option("--html <file>", "write tables and plots as a page for a browser");
  addPolicyOption(command);
  addOutputOption(command);
  command.addHelpText(
    "before",
    `Examples:
  precopy validate measured/
  precopy validate measured/ --json > validation.json
  precopy validate measured/ --html validation.html
  precopy validate measured/ --max-median-error 0.5% --max-p90-error 3%
`,
  );
  command.action((paths: string[], flags: ValidateFlags) =>
    session.answer((conditions) => validate(paths, flags, conditions)),
  );
}

async function validate(paths: string[], flags: ValidateFlags, conditions: WorkConditions): Promise<Answer> {
  const [{ doInterruptibly }, { wantsColour }] = await Promise.all([
    import("../runners/interruptible.ts"),
    import("../formats/paint.ts"),
  ]);
  const request = {
    paths,
    inputs: flags.inputs,
    policy: flags.policy ?? null,
    seeds: flags.runs ?? SEEDS[flags.inputs],
    json: flags.json === true,
    mostMedianError: flags.maxMedianError ?? null,
    mostP90Error: flags.maxP90Error ?? null,
    colour: flags.output === undefined && wantsColour(process.stdout),
    html: flags.html ?? null,
    output: flags.output ?? null,
  };
  return doInterruptibly({ command: "validate", request }, [], conditions);
}

function parseSeeds(text: string): number {
  const seeds = Number(text);
  if (!Number.isInteger(seeds) || seeds < 1 || seeds > MOST_SEEDS) {
    throw new InvalidArgumentError(`Write a whole number from 1 to ${MOST_SEEDS}.`);
  }
  return seeds;
}

function parseShare(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim());
  if (match === null) throw new InvalidArgumentError("Write a share, such as 0.5% or 0.005.");
  return Number(match[1]) / (match[2] === "%" ? 100 : 1);
}
