/** The command line's grammar. Flags are never abbreviated, and nothing is ever asked. */
import { readFileSync } from "node:fs";
import { styleText } from "node:util";
import { Command, type CommanderError } from "commander";
import { addConfigCommand } from "./commands/config.ts";
import { addExplainCommand } from "./commands/explain.ts";
import { addMergeCommand } from "./commands/merge.ts";
import { addPlanCommand } from "./commands/plan.ts";
import { addProfilesCommand } from "./commands/profiles.ts";
import { addRunCommand } from "./commands/run.ts";
import { addSchemaCommand } from "./commands/schema.ts";
import type { CommandSession } from "./commands/session.ts";
import { addSweepCommand } from "./commands/sweep.ts";
import { addValidateCommand } from "./commands/validate.ts";
import { addViewCommand } from "./commands/view.ts";
import { addWorkerCommand } from "./commands/worker.ts";
import { deliver } from "./deliver.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { installedFile } from "./installed.ts";
import { doUntilStopped } from "./stopping.ts";

/** A command line that makes no sense. */
export class UsageError extends Error {}

interface ProgramSession extends CommandSession {
  exitCode: number;
}

export function createProgram(): { program: Command; session: ProgramSession } {
  const program = new Command("precopy");
  const session: ProgramSession = {
    exitCode: EXIT_CODES.success,
    async answer(work) {
      const quiet = program.opts().quiet === true;
      session.exitCode = await deliver(await doUntilStopped(work, quiet), quiet);
    },
  };
  program
    .description(
      "Simulates live migration of virtual machines: how long it takes, how long the guest stands still, and why.",
    )
    .version(readVersion(), "-V, --version", "print the version")
    .option("--quiet", "print results and errors, nothing else")
    .option("--debug", "with an internal error, print where it arose")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help on a command")
    .showSuggestionAfterError(true)
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => styleText("bold", title, { validateStream: false }),
    })
    // Errors are told by cli.ts, in one form with all others.
    .configureOutput({ outputError: () => {} })
    .addHelpText(
      "before",
      `Examples:
  precopy run examples/hyper-v-2008r2-web-server.yaml
  precopy run examples/hyper-v-2008r2-web-server.yaml --html report.html
  precopy schema -o scenario.schema.json
`,
    )
    .addHelpText(
      "after",
      `
Exit codes: 0 success; 1 a migration did not complete; 2 bad usage or input;
3 internal error or a failing system (disk full); 130 interrupted.
Flags go before environment variables (PRECOPY_SEED), these before the file.
More: docs/command-line.md`,
    );
  addRunCommand(program, session);
  addViewCommand(program, session);
  addExplainCommand(program, session);
  addPlanCommand(program, session);
  addSweepCommand(program, session);
  addMergeCommand(program, session);
  addWorkerCommand(program, session);
  addValidateCommand(program, session);
  addProfilesCommand(program, session);
  addConfigCommand(program, session);
  addSchemaCommand(program, session);
  overrideExits(program, "precopy");
  return { program, session };
}

/** commander would end the process, with codes of its own; here it throws, and the error knows whose help to read. */
function overrideExits(command: Command, name: string): void {
  command.exitOverride((error: CommanderError) => {
    if (error.exitCode === 0 || error.code === "commander.help") throw error;
    const message = error.message.replace(/^error: /, "").replaceAll("\n", " ");
    throw new UsageError(`${message}${/[.?)]$/.test(message) ? "" : "."}\nSee ${name} --help.`);
  });
  for (const child of command.commands) overrideExits(child, `${name} ${child.name()}`);
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(installedFile("package.json"), "utf8")) as {
    version: string;
  };
  return manifest.version;
}
