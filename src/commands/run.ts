import type { Command } from "commander";
import { type Answer, answerFailure } from "../answer.ts";
import { installedFile } from "../installed.ts";
import type { WorkConditions } from "../stopping.ts";
import {
  addOutputOption,
  addPolicyOption,
  addScenarioOptions,
  collect,
  type PolicyFlags,
  type ScenarioFlags,
  scenarioRequest,
} from "./options.ts";
import type { CommandSession } from "./session.ts";

interface RunFlags extends ScenarioFlags, PolicyFlags {
  json?: true;
  trace?: string[];
  html?: string;
  eventLog?: string;
  output?: string;
  assumptions?: true;
}

export function addRunCommand(program: Command, session: CommandSession): void {
  const command = program
    .command("run")
    .summary("simulate a scenario and its migrations")
    .description(
      "Simulates a scenario: how long each migration takes, how long the guest stands still, how long its clients notice, and why.",
    )
    .argument("<scenario>", "scenario file, YAML or JSON; - reads standard input")
    .option("--json", "print the result as one JSON object")
    .option("--trace <file>", "write every event; .jsonl or .chrome.json decides the form (repeatable)", collect)
    .option("--html <file>", "write a page that plays the run, for any browser, without network")
    .option("--event-log <file>", "write what the hypervisors' own logs would hold; .jsonl or text")
    .option("--assumptions", "list the constants in force that no document or measurement backs");
  addScenarioOptions(command);
  addPolicyOption(command);
  addOutputOption(command);
  command.addHelpText(
    "before",
    `Examples:
  precopy run examples/hyper-v-2008r2-web-server.yaml
  precopy run scenario.yaml --json > result.json
  precopy run scenario.yaml --trace run.jsonl --html report.html
  precopy run scenario.yaml --policy stall-detector.js
`,
  );
  command.action((scenario: string, flags: RunFlags) =>
    session.answer((conditions) => run(scenario, flags, conditions)),
  );
}

async function run(scenario: string, flags: RunFlags, conditions: WorkConditions): Promise<Answer> {
  const [{ planRunFiles }, { mayBeBrief, runBriefly }, { wantsColour }, { readTextFile }] = await Promise.all([
    import("../runners/run-files.ts"),
    import("../runners/briefly.ts"),
    import("../formats/paint.ts"),
    import("../formats/text-file.ts"),
  ]);
  const { trace, html, eventLog, output } = flags;
  const planned = planRunFiles({
    scenario,
    traces: trace ?? [],
    html: html ?? null,
    eventLog: eventLog ?? null,
    output: output ?? null,
  });
  if (!planned.ok) return answerFailure(planned.failure);
  const text = await readTextFile(scenario, conditions.stopping);
  if (!text.ok) return answerFailure(text.failure);
  const request = {
    ...scenarioRequest(scenario, text.value, flags),
    json: flags.json === true,
    listAssumptions: flags.assumptions === true,
    colour: planned.value.output === null && wantsColour(process.stdout),
    traces: planned.value.traces,
    html: planned.value.html,
    eventLog: planned.value.eventLog,
    output: planned.value.output,
    pageTemplate: installedFile("dist/viz/index.html"),
  };
  const answer = mayBeBrief(request) ? await runBriefly(request, conditions.stopping) : null;
  if (answer !== null) return answer;
  const { doInterruptibly } = await import("../runners/interruptible.ts");
  return doInterruptibly({ command: "run", request }, planned.value.all, conditions);
}
