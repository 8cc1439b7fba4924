import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { type Answer, answerFailure } from "../answer.ts";
import { badInput } from "../failure.ts";
import type { WorkConditions } from "../stopping.ts";
import { parseQuantity } from "./options.ts";
import type { CommandSession } from "./session.ts";
import {
  addRedisOption,
  addWorkerMemoryOption,
  MOST_WORKERS,
  parseWorkerMemory,
  wholeNumber,
} from "./worker-options.ts";

interface WorkerFlags {
  redis?: string;
  workers?: number;
  workerMemory?: string;
  idleTimeout?: string;
}

export function addWorkerCommand(program: Command, session: CommandSession): void {
  const command = program
    .command("worker")
    .summary("do tasks of sweeps that another machine has put into a queue")
    .description(
      "Does tasks of sweeps that precopy sweep --redis has put into a queue, until it is stopped. Any number of workers may come and go, on any number of machines; all need the version of the sweep (docs/sweeps.md).",
    );
  addRedisOption(command);
  command.option("--workers <n>", "threads (default: one a processor)", wholeNumber(1, MOST_WORKERS));
  addWorkerMemoryOption(command);
  command.option("--idle-timeout <time>", "end once nothing came for so long, as 5min (default: never)");
  command.addHelpText(
    "before",
    `Examples:
  precopy worker --redis redis://queue.example.com
  PRECOPY_REDIS=redis://:password@queue.example.com precopy worker
`,
  );
  command.action((flags: WorkerFlags) => session.answer((conditions) => serve(flags, conditions)));
}

async function serve(flags: WorkerFlags, conditions: WorkConditions): Promise<Answer> {
  const [{ serveQueue }, { parseSeconds }] = await Promise.all([
    import("../runners/queue/serve-queue.ts"),
    import("../../sim/index.ts"),
  ]);
  if (flags.redis === undefined) {
    return answerFailure(badInput("say where the queue is: --redis redis://HOST, or PRECOPY_REDIS.").failure);
  }
  const memory = await parseWorkerMemory(flags.workerMemory);
  if (!memory.ok) return answerFailure(memory.failure);
  const idle = parseQuantity(flags.idleTimeout, "--idle-timeout", parseSeconds);
  if (!idle.ok) return answerFailure(idle.failure);
  const request = {
    redis: flags.redis,
    threads: flags.workers ?? availableParallelism(),
    memoryBytes: memory.value,
    idleSeconds: idle.value,
  };
  return serveQueue(request, conditions);
}
