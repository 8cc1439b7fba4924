/** What a command needs of the program around it. */
import type { Answer } from "../answer.ts";

export interface CommandSession {
  /** Does the work, brings its answer to the streams and keeps its exit code. */
  answer(work: (stopping: AbortSignal) => Promise<Answer>): Promise<void>;
}
