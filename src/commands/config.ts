import type { Command } from "commander";
import { type Answer, answerFailure } from "../answer.ts";
import type { WorkConditions } from "../stopping.ts";
import { addOutputOption, addScenarioOptions, type ScenarioFlags } from "./options.ts";
import type { CommandSession } from "./session.ts";

interface ShowFlags extends ScenarioFlags {
  json?: true;
  output?: string;
}

export function addConfigCommand(program: Command, session: CommandSession): void {
  const config = program
    .command("config")
    .summary("show what a scenario comes to")
    .description("Shows what a scenario comes to once flags, environment variables and defaults are in it.")
    .addHelpText("before", "Examples:\n  precopy config show scenario.yaml\n");
  const show = config
    .command("show")
    .summary("print the scenario as it would be simulated")
    .description(
      "Prints the scenario as it would be simulated: templates written out, presets and defaults filled in, quantities as plain numbers (seconds, bytes, bytes per second). What is printed is a scenario file itself.",
    )
    .argument("<scenario>", "scenario file, YAML or JSON; - reads standard input")
    .option("--json", "print JSON instead of YAML")
    .addHelpText(
      "before",
      `Examples:
  precopy config show scenario.yaml
  precopy config show scenario.yaml --set vms.web01.memory="8 GiB" -o new.yaml
`,
    );
  addScenarioOptions(show);
  addOutputOption(show);
  show.action((scenario: string, flags: ShowFlags) =>
    session.answer((conditions) => showConfig(scenario, flags, conditions)),
  );
}

async function showConfig(path: string, flags: ShowFlags, conditions: WorkConditions): Promise<Answer> {
  const [{ toScenarioFile }, { readScenario }, { readTextFile, nameOfSource }, { answerOrWrite }, { stringify }] =
    await Promise.all([
      import("../../sim/index.ts"),
      import("../formats/scenario-file.ts"),
      import("../formats/text-file.ts"),
      import("../formats/output.ts"),
      import("yaml"),
    ]);
  const text = await readTextFile(path, conditions.stopping);
  if (!text.ok) return answerFailure(text.failure);
  const read = readScenario(text.value, nameOfSource(path), flags.set);
  if (!read.ok) return answerFailure(read.failure);
  const scenario = flags.seed === undefined ? read.value : { ...read.value, seed: flags.seed };
  const file = toScenarioFile(scenario);
  const output = flags.json === true ? `${JSON.stringify(file, null, 2)}\n` : stringify(file, { lineWidth: 0 });
  return answerOrWrite(output, flags.output ?? null);
}
