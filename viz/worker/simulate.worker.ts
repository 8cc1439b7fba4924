/** Runs the simulator beside the page, so that a long run never holds up a frame. */

import { answerRun } from "./answer-run.ts";
import type { WorkerAnswers, WorkerRequest } from "./messages.ts";

const scope = globalThis as unknown as {
  onmessage: ((message: MessageEvent<WorkerRequest>) => void) | null;
  postMessage(answer: unknown): void;
};

const answers: {
  [Kind in keyof WorkerAnswers]: (request: Extract<WorkerRequest, { kind: Kind }>) => WorkerAnswers[Kind];
} = { run: answerRun };

scope.onmessage = ({ data: request }) => {
  try {
    scope.postMessage(answers[request.kind](request));
  } catch (error) {
    scope.postMessage({ kind: "broken", message: error instanceof Error ? error.message : String(error) });
  }
};
