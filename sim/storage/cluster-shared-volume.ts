/**
 * A cluster shared volume: every node reads and writes its blocks directly, and changes of its name space go through one
 * node, the coordinator, over the cluster network.
 */
import type { ParameterTable, ParameterValues } from "../kernel/parameter.ts";
import { Port } from "../network/flow-group.ts";
import { Link } from "../network/link.ts";
import { Sharing } from "../network/sharing.ts";
import { DEFAULT_TRANSPORT, transportBytesPerSecond } from "./transports.ts";
import type { HandOverStep, Volume } from "./volume.ts";

export const CLUSTER_SHARED_VOLUME_PARAMETERS = {
  smbMetadataSeconds: {
    value: 0.005,
    kind: "seconds",
    provenance: "assumed",
    source:
      "That metadata goes to the coordinator over SMB is documented (Microsoft, Use Cluster Shared Volumes in a failover " +
      "cluster); its time is not. A few milliseconds are usual for opening a file over SMB on a LAN.",
    meaning: "Time a coordinator takes for opening or closing a file for another node, the network's latency apart.",
    least: 0,
    greatest: 60,
  },
  localMetadataSeconds: {
    value: 0.0005,
    kind: "seconds",
    provenance: "assumed",
    source: "No document gives it; the order of one access to a disk array's cache.",
    meaning: "Time for opening or closing a file on the coordinator itself.",
    least: 0,
    greatest: 60,
  },
} as const satisfies ParameterTable;

/** Its own table, as most scenarios have neither paths that are lost nor owners that move. */
export const OWNER_MOVE_PARAMETERS = {
  ownerMoveSeconds: {
    value: 2,
    kind: "seconds",
    provenance: "assumed",
    source:
      "On 2008 R2 the volume is dismounted at one node and mounted at another, seconds as administrators know it; no " +
      "measurement was read.",
    meaning:
      "Time without a coordinator while a cluster shared volume's ownership moves: metadata and redirected I/O wait.",
    least: 0,
    greatest: 3600,
  },
} as const satisfies ParameterTable;

export interface ClusterSharedVolumeOptions {
  readonly name: string;
  /** What its LUN reads and writes; absent: what the usual transport carries. */
  readonly bytesPerSecond?: number;
  /** What its users share with those of networks; absent: nothing. */
  readonly sharing?: Sharing;
  /** The coordinator node. */
  readonly coordinator: string;
  readonly parameters: ParameterValues<typeof CLUSTER_SHARED_VOLUME_PARAMETERS>;
  /** Of the cluster network, one way. */
  readonly latencySeconds: number;
}

export class ClusterSharedVolume implements Volume {
  readonly kind = "csv";
  /** A node without a path goes over the network. */
  readonly reachedBy = null;
  readonly name: string;
  readonly blocks: Link;
  readonly port: Port;
  #coordinator: string;
  #waitsUntilSeconds = 0;
  readonly #remoteSeconds: number;
  readonly #localSeconds: number;

  constructor(options: ClusterSharedVolumeOptions) {
    this.name = options.name;
    const capacityBytesPerSecond = options.bytesPerSecond ?? transportBytesPerSecond(DEFAULT_TRANSPORT);
    this.port = new Port(capacityBytesPerSecond);
    const shared = { sharing: options.sharing ?? new Sharing(), ports: [this.port] };
    this.blocks = new Link({ name: options.name, capacityBytesPerSecond, latencySeconds: 0, shared });
    this.#coordinator = options.coordinator;
    this.#remoteSeconds = 2 * options.latencySeconds + options.parameters.smbMetadataSeconds;
    this.#localSeconds = options.parameters.localMetadataSeconds;
  }

  get coordinator(): string {
    return this.#coordinator;
  }

  setCoordinator(node: string, waitsUntilSeconds: number): void {
    this.#coordinator = node;
    this.#waitsUntilSeconds = waitsUntilSeconds;
  }

  /** Time until the answer to a metadata operation is back at this node: one round trip unless it is the coordinator. */
  metadataSeconds(node: string): number {
    return node === this.coordinator ? this.#localSeconds : this.#remoteSeconds;
  }

  /** The source closes the disks' files one after the other, then the target opens them; a new coordinator is waited for. */
  handOverSteps(from: string, to: string, disks: number, nowSeconds = Number.POSITIVE_INFINITY): HandOverStep[] {
    const steps: HandOverStep[] = [];
    const waitSeconds = this.#waitsUntilSeconds - nowSeconds;
    if (waitSeconds > 0) steps.push({ kind: "wait", seconds: waitSeconds });
    for (let disk = 0; disk < disks; disk += 1) {
      steps.push({ kind: "metadata", operation: "close-handle", node: from, seconds: this.metadataSeconds(from) });
    }
    for (let disk = 0; disk < disks; disk += 1) {
      steps.push({ kind: "metadata", operation: "open-handle", node: to, seconds: this.metadataSeconds(to) });
    }
    return steps;
  }

  /** Moving a guest leaves the coordinator where it is. */
  handedOver(): void {}
}
