/** The program `precopy`: its commands are in commands/, its exit codes in exit-codes.ts. */
import { CommanderError } from "commander";
import { complain } from "./deliver.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { createProgram, UsageError } from "./program.ts";

void main(process.argv).then((exitCode) => {
  process.exitCode = exitCode;
});

async function main(argv: readonly string[]): Promise<number> {
  const { program, session } = createProgram();
  try {
    await program.parseAsync(argv);
    return session.exitCode;
  } catch (error) {
    if (error instanceof UsageError) {
      complain(error.message);
      return EXIT_CODES.badInput;
    }
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.success : EXIT_CODES.badInput;
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    const details = argv.includes("--debug") && stack !== undefined ? `\n${stack}` : " --debug shows where it arose.";
    complain(`internal error: ${message}\nThis is a bug in precopy, not in your input.${details}`);
    return EXIT_CODES.systemFailure;
  }
}
