/** Memory that follows demand: the file form, and to and from the plain form. */
import { z } from "zod";
import { formatBytes } from "../kernel/units.ts";
import { PAGE_BYTES } from "../memory/page-class.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import { bytes, memoryBytes, seconds, share } from "./quantities.ts";
import type { ScenarioDynamicMemory, ScenarioVm } from "./scenario.ts";

const demandBytes = () => bytes({ least: 0, greatest: 1e15 });

export const dynamicMemorySchema = z
  .strictObject({
    minimum: memoryBytes().meta({ description: "Never less than this is assigned.", examples: ["512 MiB"] }),
    buffer: share()
      .prefault("20 %")
      .meta({
        description: "Assigned beside what it needs, as a share of that. Default 20 %, Hyper-V's.",
        examples: ["20 %"],
      }),
    demand: z
      .union([
        demandBytes(),
        z
          .array(
            z.strictObject({
              from: seconds({ least: 0, greatest: 31_536_000, greatestText: "365 d" })
                .prefault(0)
                .meta({ description: "Simulated time from which it needs so much.", examples: ["1 min"] }),
              memory: demandBytes().meta({ description: "What it needs.", examples: ["3 GiB"] }),
            }),
          )
          .min(1)
          .max(10_000),
      ])
      .meta({
        description: "What the guest needs: a size, or sizes from given times on.",
        examples: ["2 GiB", [{ memory: "1 GiB" }, { from: "1 min", memory: "3 GiB" }]],
      }),
  })
  .meta({
    title: "Dynamic memory",
    description:
      "Memory assigned to the machine follows what it needs; `memory` is the most it gets. Default: all of `memory`, all the time.",
  });

type DynamicMemoryEntry = z.output<typeof dynamicMemorySchema>;

/** Undefined where all of a machine's memory is assigned all the time. */
export function toDynamicMemory(
  entry: DynamicMemoryEntry | undefined,
  vm: { readonly name: string; readonly memoryBytes: number },
  path: ScenarioPath,
  problems: ProblemList,
): ScenarioDynamicMemory | undefined {
  if (entry === undefined) return undefined;
  const { minimum, buffer, demand } = entry;
  if (minimum > vm.memoryBytes) {
    problems.add(
      [...path, "minimum"],
      `"${vm.name}" is to have ${formatBytes(minimum)} at least, more than its memory of ${formatBytes(vm.memoryBytes)}`,
      `give minimum at most ${formatBytes(vm.memoryBytes)}, or the machine more memory`,
      "minimum-over-memory",
    );
  }
  const phases = typeof demand === "number" ? [{ from: 0, memory: demand }] : demand;
  for (const [index, { from }] of phases.entries()) {
    const before = phases[index - 1]?.from;
    if (before === undefined ? from === 0 : from > before) continue;
    problems.add(
      [...path, "demand", index, "from"],
      index === 0 ? "what it needs at the start is not said" : "it is no later than the one before",
      index === 0 ? "leave from out of the first one" : "write them in order of time",
    );
  }
  return {
    minimumBytes: Math.min(vm.memoryBytes, Math.floor(minimum / PAGE_BYTES) * PAGE_BYTES),
    bufferShare: buffer,
    demand: phases.map(({ from, memory }) => ({ fromSeconds: from, bytes: memory })),
  };
}

/** Pages that are sure to be there, for page classes to lie in: as many as the smallest demand leads to. */
export function leastPages({ minimumBytes, bufferShare, demand }: ScenarioDynamicMemory, memoryPages: number): number {
  const least = demand.reduce((sum, { bytes: needed }) => Math.min(sum, needed), Number.POSITIVE_INFINITY);
  return Math.min(memoryPages, Math.floor(Math.max(minimumBytes, least * (1 + bufferShare)) / PAGE_BYTES));
}

/** The least memory that a machine can have: all of it where it is not dynamic, else its minimum, or what its classes write to. */
export function leastMemoryBytes({ memoryBytes: all, dynamicMemory, classes }: ScenarioVm): number {
  if (dynamicMemory === undefined) return all;
  const written = classes.reduce((most, { firstPage, pages }) => Math.max(most, firstPage + pages), 0);
  return Math.max(dynamicMemory.minimumBytes, written * PAGE_BYTES);
}

export function writeDynamicMemory({
  minimumBytes,
  bufferShare,
  demand,
}: ScenarioDynamicMemory): z.input<typeof dynamicMemorySchema> {
  return {
    minimum: minimumBytes,
    buffer: bufferShare,
    demand: demand.map(({ fromSeconds, bytes: memory }) => ({ from: fromSeconds, memory })),
  };
}
