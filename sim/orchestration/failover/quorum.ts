/**
 * Who may go on: those that have more than half of all votes. Every node of the cluster has one for good, up or not, and a
 * witness one more where their number is even. Votes that are given up as nodes leave (2012's dynamic quorum) are not there.
 */
import type { FailoverSettings } from "./parameters.ts";

export interface Votes {
  readonly present: number;
  readonly all: number;
  readonly isQuorum: boolean;
}

export function votesOf(
  nodesUp: number,
  nodes: number,
  { needsMajority, witness }: Pick<FailoverSettings, "needsMajority" | "witness">,
): Votes {
  const witnessVotes = witness && nodes % 2 === 0 ? 1 : 0;
  // A witness is nobody's who is not up to hold it.
  const present = nodesUp === 0 ? 0 : nodesUp + witnessVotes;
  const all = nodes + witnessVotes;
  return { present, all, isQuorum: needsMajority ? 2 * present > all : nodesUp > 0 };
}
