/** What can be observed of nodes and guests that fail, and of what starts their machines again. */

export type FailoverEventBody =
  /** The node has lost its power, and with it so many machines. */
  | { type: "node.failed"; node: string; machines: number }
  | {
      type: "node.declaredDown";
      node: string;
      /** Heartbeats in a row that did not come; null where the node itself told of its death as it came back. */
      missedHeartbeats: number | null;
      /** Since its failure. */
      seconds: number;
      /** The cluster's preset. */
      by: string;
    }
  /** The node has its power again, and boots. */
  | { type: "node.recovering"; node: string }
  /** It takes machines again. */
  | { type: "node.recovered"; node: string; downSeconds: number; by: string }
  /** Too few votes are left: all machines are stopped. */
  | { type: "cluster.quorumLost"; votes: number; ofVotes: number; by: string }
  | { type: "cluster.quorumRegained"; votes: number; ofVotes: number }
  /** The guest answers nobody any more; its virtual machine stays on. */
  | { type: "vm.hung"; vm: string; node: string }
  /** Its heartbeats are missed, so many seconds after it hung. */
  | { type: "vm.hangNoticed"; vm: string; node: string; seconds: number; by: string }
  /** It is to be started, and has a place for that. */
  | { type: "vm.restartQueued"; vm: string; from: string; to: string; priority: number; reason: string }
  /** Its turn has come: its disks go online, then it is powered on. */
  | { type: "vm.restartStarted"; vm: string; node: string; by: string }
  /** Its guest answers again. */
  | { type: "vm.booted"; vm: string; node: string; downSeconds: number }
  | { type: "vm.notRestarted"; vm: string; reason: string; by: string };
