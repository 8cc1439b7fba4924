/** What a scenario says of networks that are cut, and of migrations that lose their connection by it. */

/** A network carries nothing any more: at one node's port, or at all. */
export interface CutLinkEntry {
  kind: "cutLink";
  atSeconds: number;
  network: string;
  /** Absent: the whole network. */
  node?: string;
  /** Absent: until it is restored. */
  forSeconds?: number;
}

/** All cuts there end. */
export interface RestoreLinkEntry {
  kind: "restoreLink";
  atSeconds: number;
  network: string;
  node?: string;
}

export type NetworkFaultEntry = CutLinkEntry | RestoreLinkEntry;

const NETWORK_FAULT_KINDS: readonly string[] = ["cutLink", "restoreLink"] satisfies NetworkFaultEntry["kind"][];

export function isNetworkFault<Entry extends { readonly kind: string }>(
  entry: Entry,
): entry is Extract<Entry, { readonly kind: NetworkFaultEntry["kind"] }> {
  return NETWORK_FAULT_KINDS.includes(entry.kind);
}
