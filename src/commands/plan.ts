import { type Command, Option } from "commander";
import { type Answer, answerFailure } from "../answer.ts";
import type { WorkConditions } from "../stopping.ts";
import {
  addOutputOption,
  addPolicyOption,
  addScenarioOptions,
  type PolicyFlags,
  parseQuantities,
  parseSeedCount,
  type ScenarioFlags,
  scenarioRequest,
} from "./options.ts";
import type { CommandSession } from "./session.ts";

interface PlanFlags extends ScenarioFlags, PolicyFlags {
  json?: true;
  csv?: true;
  vm?: string;
  bandwidth?: string;
  downtimeLimit?: string;
  passLimit?: string;
  seeds: number;
  output?: string;
}

/** The fewest of which a 95th percentile says something. */
const SEEDS = 20;

export function addPlanCommand(program: Command, session: CommandSession): void {
  const command = program
    .command("plan")
    .summary("tabulate bandwidth by downtime limit")
    .description(
      "Simulates a migration at several bandwidths and downtime limits: total time and downtime of each, median and 95th percentile, and never where it does not converge. Where the profile has no rate limit the link's speed is varied, where it has no downtime limit the pass limit.",
    )
    .argument("<scenario>", "scenario file, YAML or JSON; - reads standard input")
    .option("--bandwidth <list>", "rate limits or link speeds, as 64MiB/s,1Gbit/s,unlimited")
    .option("--downtime-limit <list>", "downtime limits, as 100ms,300ms,1s")
    .option("--pass-limit <list>", "limits on passes, as 5,10,20")
    .option("--vm <name>", "the machine whose migration is planned, where several are")
    .option("--seeds <n>", "seeds a setting", parseSeedCount, SEEDS)
    .addOption(new Option("--json", "print the table as one JSON object").conflicts("csv"))
    .option("--csv", "print the table as CSV, one line a setting");
  addScenarioOptions(command);
  addPolicyOption(command);
  addOutputOption(command);
  command.addHelpText(
    "before",
    `Examples:
  precopy plan examples/qemu-300ms-limit.yaml
  precopy plan scenario.yaml --bandwidth 64MiB/s,1Gbit/s --downtime-limit 1s
  precopy plan scenario.yaml --csv -o plan.csv
`,
  );
  command.action((scenario: string, flags: PlanFlags) =>
    session.answer((conditions) => plan(scenario, flags, conditions)),
  );
}

async function plan(scenario: string, flags: PlanFlags, conditions: WorkConditions): Promise<Answer> {
  const [{ doInterruptibly }, { wantsColour }, { readTextFile }, sim] = await Promise.all([
    import("../runners/interruptible.ts"),
    import("../formats/paint.ts"),
    import("../formats/text-file.ts"),
    import("../../sim/index.ts"),
  ]);
  const bandwidths = parseQuantities(flags.bandwidth, "--bandwidth", (text) =>
    text === "unlimited" ? { ok: true, value: 0 } : sim.parseBytesPerSecond(text),
  );
  if (!bandwidths.ok) return answerFailure(bandwidths.failure);
  const downtimeLimits = parseQuantities(flags.downtimeLimit, "--downtime-limit", sim.parseSeconds);
  if (!downtimeLimits.ok) return answerFailure(downtimeLimits.failure);
  const passLimits = parseQuantities(flags.passLimit, "--pass-limit", sim.parseCount);
  if (!passLimits.ok) return answerFailure(passLimits.failure);
  const text = await readTextFile(scenario, conditions.stopping);
  if (!text.ok) return answerFailure(text.failure);
  const request = {
    ...scenarioRequest(scenario, text.value, flags),
    vm: flags.vm ?? null,
    seeds: flags.seeds,
    axes: { bandwidths: bandwidths.value, downtimeLimits: downtimeLimits.value, passLimits: passLimits.value },
    axisFlags: [
      ...(flags.bandwidth === undefined ? [] : ["--bandwidth", flags.bandwidth]),
      ...(flags.downtimeLimit === undefined ? [] : ["--downtime-limit", flags.downtimeLimit]),
      ...(flags.passLimit === undefined ? [] : ["--pass-limit", flags.passLimit]),
    ],
    form: flags.json === true ? ("json" as const) : flags.csv === true ? ("csv" as const) : ("table" as const),
    colour: flags.output === undefined && wantsColour(process.stdout),
    output: flags.output ?? null,
  };
  return doInterruptibly({ command: "plan", request }, [], conditions);
}
