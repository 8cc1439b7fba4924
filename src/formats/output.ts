/** A command's one result: to a file that appears whole or not at all, or onwards to standard output. */
import { type Answer, answerFailure, answerWith } from "../answer.ts";
import { systemFailure } from "../failure.ts";
import { STANDARD_STREAM } from "./text-file.ts";
import { planWholeFile, WholeFile, WriteFailure } from "./whole-file.ts";

/** @param path null or `-` is standard output */
export function answerOrWrite(text: string, path: string | null): Answer {
  if (path === null || path === STANDARD_STREAM) return answerWith(text);
  let file: WholeFile | null = null;
  try {
    file = new WholeFile(planWholeFile(path, 0));
    file.write(text);
    file.finish();
    file.appear();
    return answerWith("", [`wrote ${path}`]);
  } catch (error) {
    if (error instanceof WriteFailure) return answerFailure(systemFailure(error.message).failure);
    throw error;
  } finally {
    file?.abandon();
  }
}
