/** Runs the simulator beside the page, so that a long run never holds up a frame. */

import { answerRun } from "./answer-run.ts";
import type { RunAnswer, RunRequest } from "./messages.ts";

const scope = globalThis as unknown as {
  onmessage: ((message: MessageEvent<RunRequest>) => void) | null;
  postMessage(answer: RunAnswer): void;
};

scope.onmessage = (message) => scope.postMessage(answerRun(message.data));
