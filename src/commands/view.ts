import type { Command } from "commander";
import { type Answer, answerFailure } from "../answer.ts";
import { complain } from "../deliver.ts";
import { badInput } from "../failure.ts";
import { installedFile } from "../installed.ts";
import type { WorkConditions } from "../stopping.ts";
import { addScenarioOptions, type ScenarioFlags } from "./options.ts";
import type { CommandSession } from "./session.ts";

interface ViewFlags extends ScenarioFlags {
  lesson?: string;
  /** False where `--no-open` was given. */
  open: boolean;
}

export function addViewCommand(program: Command, session: CommandSession): void {
  const command = program
    .command("view")
    .summary("open the page: a trace, a scenario or a lesson")
    .description(
      "Serves the page to this machine alone, and opens a browser. A trace that is still being written is followed. Ctrl-C ends it.",
    )
    .argument("[file]", "trace (JSON Lines) or scenario; - reads a trace from standard input")
    .option("--lesson <file>", "open a lesson, YAML or JSON (docs/lessons.md)")
    .option("--no-open", "do not open a browser; the address is printed");
  addScenarioOptions(command);
  command.addHelpText(
    "before",
    `Examples:
  precopy view
  precopy view trace.jsonl
  precopy view scenario.yaml --seed 7
  precopy view --lesson lesson.yaml --no-open
`,
  );
  command.action((file: string | undefined, flags: ViewFlags) =>
    session.answer((conditions) => view(file ?? null, flags, conditions)),
  );
}

async function view(path: string | null, flags: ViewFlags, { stopping, quiet }: WorkConditions): Promise<Answer> {
  if (path !== null && flags.lesson !== undefined) {
    return answerFailure(badInput(`will open ${path} or a lesson, not both. Leave one of them out.`).failure);
  }
  const { viewPage } = await import("../serving/view-page.ts");
  return viewPage({
    path,
    lesson: flags.lesson ?? null,
    seed: flags.seed ?? null,
    settings: flags.set ?? {},
    opensBrowser: flags.open,
    pageTemplate: installedFile("dist/viz/index.html"),
    stopping,
    tellAddress: (url) => process.stdout.write(`${url}\n`),
    tell: (notice) => {
      if (!quiet) complain(notice);
    },
  });
}
