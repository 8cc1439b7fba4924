/** Runs the simulator beside the page, so that a long run never holds up a frame. */

import { answerOutcomes } from "./answer-outcomes.ts";
import { answerRead } from "./answer-read.ts";
import { answerRun } from "./answer-run.ts";
import type { WorkerAnswers, WorkerRequest } from "./messages.ts";

const scope = globalThis as unknown as {
  onmessage: ((message: MessageEvent<WorkerRequest>) => void) | null;
  postMessage(answer: unknown): void;
};

function answer(request: WorkerRequest): WorkerAnswers[WorkerRequest["kind"]] {
  switch (request.kind) {
    case "run":
      return answerRun(request);
    case "outcomes":
      return answerOutcomes(request);
    case "read":
      return answerRead(request);
  }
}

scope.onmessage = ({ data: request }) => {
  try {
    scope.postMessage(answer(request));
  } catch (error) {
    scope.postMessage({ kind: "broken", message: error instanceof Error ? error.message : String(error) });
  }
};
