/** What a node's network adapters take off its processors: the file form, and its sense. */
import { z } from "zod";
import { OFFLOADS } from "../network/packet-work.ts";
import type { Named } from "./machines.ts";
import type { ProblemList } from "./problem.ts";
import type { ScenarioNode } from "./scenario.ts";

export const nicSchema = z
  .strictObject({
    offload: z
      .array(z.enum(OFFLOADS))
      .max(OFFLOADS.length)
      .default([])
      .meta({
        description:
          "`checksum`: the sums over packets; `large-send`: cutting 64 KiB into packets (LSO, TSO); `receive-coalescing`: putting received packets together (RSC, LRO).",
        examples: [["checksum", "large-send", "receive-coalescing"]],
      }),
  })
  .meta({
    title: "Network adapters",
    description: "What they take off the processors. Default: what processors do for packets is not modelled.",
  });

/** An adapter that cuts packets, or joins them, has to see to their sums. */
export function checkNics(nodes: Named<ScenarioNode>, problems: ProblemList): void {
  for (const { thing, path } of nodes.byName.values()) {
    const { offload = [] } = thing.nic ?? {};
    const whole = offload.find((each) => each !== "checksum");
    if (whole === undefined || offload.includes("checksum")) continue;
    problems.add(
      [...path, "nic", "offload"],
      `the adapters of "${thing.name}" do ${whole} and no checksum: what they send or join would have wrong sums`,
      `add checksum, or leave ${whole} out`,
      "offload-without-checksum",
    );
  }
}
