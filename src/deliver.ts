/** Answers to the streams: results on standard output, everything else on standard error. */
import type { Answer } from "./answer.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { describeSystemError } from "./failure.ts";

/** @returns the exit code */
export async function deliver(answer: Answer, quiet: boolean): Promise<number> {
  if (!quiet) for (const notice of answer.notices) complain(notice);
  if (answer.failure !== null) complain(answer.failure);
  const error = answer.output === "" ? null : await writeTo(process.stdout, answer.output);
  // A reader that has seen enough (`| head`) is no failure.
  if (error === null || error.code === "EPIPE") return answer.exitCode;
  const { problem, remedy } = describeSystemError(error);
  complain(`cannot write to standard output: ${problem}. ${remedy}`);
  return EXIT_CODES.systemFailure;
}

/** A message on standard error, under the program's name. */
export function complain(message: string): void {
  process.stderr.write(`precopy: ${message.trimEnd()}\n`);
}

/** Waits until the system has taken the text, for the process may end after it. */
function writeTo(stream: NodeJS.WriteStream, text: string): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    stream.once("error", resolve);
    stream.write(text, (error) => resolve(error ?? null));
  });
}
