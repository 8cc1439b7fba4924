/** What came of a run in which nothing migrates: which machines were down, and what failed. */

import { formatCount, formatSeconds } from "./format.ts";
import type { Timeline } from "./timeline.ts";
import type { Verdict } from "./verdict.ts";

export function runVerdict({ conditions, endSeconds }: Pick<Timeline, "conditions" | "endSeconds">): Verdict {
  const down = conditions.filter((each) => each.kind === "down");
  const said = ["Nothing migrates in this run."];
  const failed = [...new Set(conditions.filter((each) => each.kind === "failed").map((each) => each.subject))];
  if (failed.length > 0)
    said.push(`${failed.length > 3 ? `${formatCount(failed.length)} nodes` : failed.join(", ")} failed.`);
  if (down.length > 0) {
    const back = down.filter((each) => each.endSeconds < endSeconds);
    const longest = Math.max(0, ...back.map((each) => each.endSeconds - each.startSeconds));
    const machines = down.length === 1 ? "1 machine was down" : `${formatCount(down.length)} machines were down`;
    said.push(
      back.length === 0
        ? `${machines}, and did not come back.`
        : `${machines}; ${formatCount(back.length)} came back, the last after ${formatSeconds(longest)}.`,
    );
  }
  return {
    good: conditions.every((each) => each.weight !== "down" || each.endSeconds < endSeconds),
    text: said.join(" "),
  };
}
