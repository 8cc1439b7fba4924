/** In which order the machines of a node that is emptied are moved. */

export const QUEUE_ORDERS = ["as-listed", "priority", "smallest-first", "largest-first", "least-dirty-first"] as const;

export type QueueOrder = (typeof QUEUE_ORDERS)[number];

/** Of a machine whose scenario does not say: failover clusters' medium. */
export const MEDIUM_PRIORITY = 2000;

/** What an order can look at. */
export interface Queued {
  /** Higher first (failover clusters: High 3000, Medium 2000, Low 1000). */
  readonly priority: number;
  readonly memoryBytes: number;
  /** Page writes a second. */
  readonly writesPerSecond: number;
}

const KEYS: Readonly<Record<QueueOrder, ((machine: Queued) => number) | null>> = {
  "as-listed": null,
  priority: ({ priority }) => -priority,
  "smallest-first": ({ memoryBytes }) => memoryBytes,
  "largest-first": ({ memoryBytes }) => -memoryBytes,
  "least-dirty-first": ({ writesPerSecond }) => writesPerSecond,
};

/** In their order; those that it does not tell apart stay as they are listed. */
export function inQueueOrder<Machine extends Queued>(machines: readonly Machine[], order: QueueOrder): Machine[] {
  const key = KEYS[order];
  if (key === null) return [...machines];
  return [...machines].sort((one, other) => key(one) - key(other));
}
