/** What came of a run in which nothing migrates: which machines were down, and what failed. */

import { formatCount, formatSeconds } from "./format.ts";
import type { Timeline } from "./timeline.ts";
import { type Verdict, VerdictText } from "./verdict.ts";

export function runVerdict({ conditions, endSeconds }: Pick<Timeline, "conditions" | "endSeconds">): Verdict {
  const down = conditions.filter((each) => each.kind === "down");
  const told = new VerdictText().say("Nothing migrates in this run.");
  const failed = [...new Set(conditions.filter((each) => each.kind === "failed").map((each) => each.subject))];
  if (failed.length > 3)
    told
      .say(" ")
      .number(`${formatCount(failed.length)} nodes`, "Failed", "node")
      .say(" failed.");
  else if (failed.length > 0) told.say(` ${failed.join(", ")} failed.`);
  if (down.length > 0) {
    const back = down.filter((each) => each.endSeconds < endSeconds);
    const longest = Math.max(0, ...back.map((each) => each.endSeconds - each.startSeconds));
    const machines = down.length === 1 ? "1 machine" : `${formatCount(down.length)} machines`;
    told
      .say(" ")
      .number(machines, "Down with their hosts", "restart")
      .say(down.length === 1 ? " was down" : " were down");
    if (back.length === 0) told.say(", and did not come back.");
    else {
      told.say("; ").number(formatCount(back.length), "Came back", "restart").say(" came back, the last after ");
      told.number(formatSeconds(longest), "The longest of them was down", "restart").say(".");
    }
  }
  return told.verdict(conditions.every((each) => each.weight !== "down" || each.endSeconds < endSeconds));
}

/** Of a trace that is still being written, as long as nothing has migrated in it. */
export function verdictSoFar({ eventTimes, trace }: Pick<Timeline, "eventTimes" | "trace">): Verdict {
  const { nodes, vms } = trace.scenario;
  const inventory = `${countOf(vms.length, "machine")} on ${countOf(nodes.length, "node")}`;
  const said = eventTimes.length === 0 ? "Nothing has happened yet" : "Nothing migrates yet";
  return new VerdictText().say(`${said}: ${inventory}.`).verdict(true);
}

function countOf(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`;
}
