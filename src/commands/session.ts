/** What a command needs of the program around it. */
import type { Answer } from "../answer.ts";
import type { WorkConditions } from "../stopping.ts";

export interface CommandSession {
  /** Does the work, brings its answer to the streams and keeps its exit code. */
  answer(work: (conditions: WorkConditions) => Promise<Answer>): Promise<void>;
}
