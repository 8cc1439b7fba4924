/** A LUN without a cluster file system: one node owns it, and only that node reads and writes it. */
import type { ParameterTable, ParameterValues } from "../kernel/parameter.ts";
import { Port } from "../network/flow-group.ts";
import { Link } from "../network/link.ts";
import { Sharing } from "../network/sharing.ts";
import { DEFAULT_TRANSPORT, transportBytesPerSecond } from "./transports.ts";
import type { HandOverStep, Volume } from "./volume.ts";

export const LUN_PARAMETERS = {
  lunMoveSeconds: {
    value: 3,
    kind: "seconds",
    provenance: "assumed",
    source:
      'Dismounting at one node and mounting at another takes "a few seconds" a LUN (descriptions of failover clusters ' +
      "before cluster shared volumes); no measurement was found.",
    meaning: "Time to move a LUN to another node: dismount, change of reservation, mount.",
    least: 0,
    greatest: 3600,
  },
} as const satisfies ParameterTable;

export interface LunOptions {
  readonly name: string;
  /** What its LUN reads and writes; absent: what the usual transport carries. */
  readonly bytesPerSecond?: number;
  /** What its users share with those of networks; absent: nothing. */
  readonly sharing?: Sharing;
  /** The node that has it mounted. */
  readonly owner: string;
  /** Nodes with a path to it; absent: all. */
  readonly reachedBy?: readonly string[];
  readonly parameters: ParameterValues<typeof LUN_PARAMETERS>;
}

export class Lun implements Volume {
  readonly kind = "lun";
  readonly name: string;
  readonly blocks: Link;
  readonly port: Port;
  readonly reachedBy: readonly string[] | null;
  readonly #moveSeconds: number;
  #owner: string;

  constructor(options: LunOptions) {
    this.name = options.name;
    const capacityBytesPerSecond = options.bytesPerSecond ?? transportBytesPerSecond(DEFAULT_TRANSPORT);
    this.port = new Port(capacityBytesPerSecond);
    const shared = { sharing: options.sharing ?? new Sharing(), ports: [this.port] };
    this.blocks = new Link({ name: options.name, capacityBytesPerSecond, latencySeconds: 0, shared });
    this.reachedBy = options.reachedBy ?? null;
    this.#owner = options.owner;
    this.#moveSeconds = options.parameters.lunMoveSeconds;
  }

  get coordinator(): string {
    return this.#owner;
  }

  /** The whole LUN moves, be it one disk or many; nothing where the target owns it already. */
  handOverSteps(_from: string, to: string): HandOverStep[] {
    return to === this.#owner ? [] : [{ kind: "move-ownership", seconds: this.#moveSeconds }];
  }

  setCoordinator(node: string): void {
    this.#owner = node;
  }

  handedOver(to: string): void {
    this.#owner = to;
  }
}
