/** How nodes are connected to a network: one port to send by and one to receive by, each shared by all that goes through it. */

import { Port } from "./flow-group.ts";
import type { SharedPath } from "./link.ts";
import { Sharing } from "./sharing.ts";
import type { Lane } from "./team.ts";

const ONLY_LANE: Lane = { from: 0, to: 0 };

export class NodePorts {
  readonly #sharing: Sharing;
  readonly #sending = new Map<string, Port>();
  readonly #receiving = new Map<string, Port>();

  /** @param sharing What its flows share with those that use ports beside the network's; by default their own. */
  constructor(sharing = new Sharing()) {
    this.#sharing = sharing;
  }

  /** From one node to another, each connected with this capacity, at these adapters of theirs; what is between them has room for all. */
  between(from: string, to: string, capacityBytesPerSecond: number, lane: Lane = ONLY_LANE): SharedPath {
    const ports = [
      portOf(this.#sending, adapter(from, lane.from), capacityBytesPerSecond),
      portOf(this.#receiving, adapter(to, lane.to), capacityBytesPerSecond),
    ];
    return { sharing: this.#sharing, ports };
  }
}

/** A node's first adapter has the node's own name; no node's name holds a line break. */
function adapter(node: string, member: number): string {
  return member === 0 ? node : `${node}\n${member}`;
}

function portOf(ports: Map<string, Port>, node: string, capacityBytesPerSecond: number): Port {
  let port = ports.get(node);
  if (port === undefined) {
    port = new Port(capacityBytesPerSecond);
    ports.set(node, port);
  }
  return port;
}
