/** What clients and guests ask of a network's switches, be it one or several in a path. */

/** Told that the network sends an address's frames to another place than before. */
export interface MacObserver {
  onMacMoved(): void;
}

export interface LearningNetwork {
  /** The network's name, for the trace. */
  readonly network: string;
  /** Tells of moves of this address from now on, in the order in which observers came. */
  observe(mac: string, observer: MacObserver): void;
  /** A broadcast frame with this source came from this node: every switch has seen it. */
  learn(mac: string, node: string): void;
  /** A frame with this source went from this node to the place from which the network is seen, and no further. */
  learnOnWay(mac: string, node: string): void;
  /** The guest stopped: entries age from now on. */
  fallSilent(mac: string): void;
  /** The node to which frames for this address go from every switch; null where they disagree or have forgotten it. */
  portOf(mac: string): string | null;
  /** Whether a frame to this address, sent from where the network is seen, comes out at this node, be it flooded. */
  delivers(mac: string, node: string): boolean;
  /** Whether this node's port carries anything; absent: all do. */
  carriesOf?(node: string): boolean;
  /** When an entry on the way will next be forgotten if nothing is heard; Infinity while the guest runs. */
  staleAtSeconds(mac: string): number;
}
