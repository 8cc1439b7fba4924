import { availableParallelism } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Answer, answerFailure } from "../answer.ts";
import { SWEEP_FORMS, type SweepForm } from "../formats/sweep/sweep-form.ts";
import type { WorkConditions } from "../stopping.ts";
import {
  addPolicyOption,
  addScenarioOptions,
  collect,
  type PolicyFlags,
  parseSeedCount,
  type ScenarioFlags,
  scenarioRequest,
} from "./options.ts";
import type { CommandSession } from "./session.ts";
import {
  addRedisOption,
  addWorkerMemoryOption,
  MOST_WORKERS,
  parseWorkerMemory,
  wholeNumber,
} from "./worker-options.ts";

interface SweepFlags extends ScenarioFlags, PolicyFlags {
  param?: string[];
  design: "grid" | "random" | "latin-hypercube";
  samples?: number;
  seeds: number;
  output?: string;
  format?: SweepForm;
  resume?: true;
  dryRun?: true;
  workers?: number;
  workerMemory?: string;
  redis?: string;
  shard?: { index: number; of: number };
  maxFailures: number;
  json?: true;
}

const MOST_SAMPLES = 100_000_000;
const MOST_SHARDS = 100_000;
const MOST_FAILURES = 100;

export function addSweepCommand(program: Command, session: CommandSession): void {
  const command = program
    .command("sweep")
    .summary("simulate a scenario over many values and seeds")
    .description(
      "Simulates a scenario over combinations of values, each with several seeds: a row for each migration, and the distribution of times. Rows come in one order and with the same bytes however many workers do them (docs/sweeps.md).",
    )
    .argument("<scenario>", "scenario file, YAML or JSON; - reads standard input")
    .option("--param <path=values>", "vary a value: a,b,c or LOW..HIGH[:log|:int]:COUNT (repeatable)", collect)
    .addOption(
      new Option("--design <kind>", "how values are combined")
        .choices(["grid", "random", "latin-hypercube"])
        .default("grid"),
    )
    .option("--samples <n>", "points that random and latin-hypercube draw", wholeNumber(1, MOST_SAMPLES))
    .option("--seeds <n>", "seeds a point", parseSeedCount, 1)
    .option("-o, --output <file>", "write rows to a .csv, .jsonl or .parquet file; - is standard output")
    .addOption(new Option("--format <form>", "form of the rows, whatever the file's name").choices(SWEEP_FORMS))
    .option("--resume", "go on with a sweep that was stopped or killed")
    .option("--dry-run", "print what would be simulated, and about how long it would take")
    .option("--workers <n>", "threads; 0 for none (default: one a processor)", wholeNumber(0, MOST_WORKERS))
    .option("--shard <i/n>", "do the i-th of n equal parts only; precopy merge puts them together", parseShard)
    .option("--max-failures <n>", "tasks without a result that end the sweep", wholeNumber(0, 1e9), MOST_FAILURES)
    .option("--json", "print the summary as one JSON object");
  addWorkerMemoryOption(command);
  addRedisOption(command);
  addScenarioOptions(command);
  addPolicyOption(command);
  command.addHelpText(
    "before",
    `Examples:
  precopy sweep scenario.yaml --seeds 1000
  precopy sweep scenario.yaml --param link.bandwidth=1..40Gbit/s:log:20 \\
    --seeds 100 -o sweep.parquet
  precopy sweep scenario.yaml --param vms.db01.memory=8GiB,16GiB --dry-run
  precopy sweep scenario.yaml --seeds 1000 -o sweep.csv --resume
`,
  );
  command.action((scenario: string, flags: SweepFlags) =>
    session.answer((conditions) => sweep(scenario, flags, conditions)),
  );
}

async function sweep(scenario: string, flags: SweepFlags, conditions: WorkConditions): Promise<Answer> {
  const [{ sweepScenario }, { wantsColour }, { readTextFile, nameOfSource }] = await Promise.all([
    import("../runners/sweep/sweep-scenario.ts"),
    import("../formats/paint.ts"),
    import("../formats/text-file.ts"),
  ]);
  const memory = await parseWorkerMemory(flags.workerMemory);
  if (!memory.ok) return answerFailure(memory.failure);
  const text = await readTextFile(scenario, conditions.stopping);
  if (!text.ok) return answerFailure(text.failure);
  const request = {
    ...scenarioRequest(scenario, text.value, flags),
    source: nameOfSource(scenario),
    parameters: flags.param ?? [],
    design: flags.design,
    samples: flags.samples ?? null,
    seeds: flags.seeds,
    output: flags.output ?? null,
    format: flags.format ?? null,
    workers: flags.workers ?? availableParallelism(),
    workerMemoryBytes: memory.value,
    redis: flags.redis ?? null,
    shard: flags.shard ?? null,
    resume: flags.resume === true,
    dryRun: flags.dryRun === true,
    mostFailures: flags.maxFailures,
    json: flags.json === true,
    colour: wantsColour(process.stdout),
    commandLine: process.argv.slice(2).filter((word) => word !== "--resume"),
  };
  return sweepScenario(request, conditions);
}

function parseShard(text: string): { index: number; of: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const index = Number(match?.[1]);
  const of = Number(match?.[2]);
  if (match === null || index < 1 || index > of || of > MOST_SHARDS) {
    throw new InvalidArgumentError(
      `Write the part's number and how many there are: 1/3, 2/3, 3/3; at most ${MOST_SHARDS}.`,
    );
  }
  return { index, of };
}
