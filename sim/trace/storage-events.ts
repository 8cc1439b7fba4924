/** What can be observed of volumes, of who owns them, and of guests' disk I/O. */

/** An operation on a volume's name space, done by its coordinator node. */
export type MetadataOperation = "close-handle" | "open-handle";

/** Why a cluster shared volume has another coordinator. */
export type OwnerChangeReason = "timeline" | "path-lost" | "node-failed" | "backup" | "balancing";

export type StorageEventBody =
  | {
      type: "csv.metadataSent";
      volume: string;
      vm: string;
      node: string;
      coordinator: string;
      operation: MetadataOperation;
      /** Time until the coordinator's answer is back at the node. */
      seconds: number;
    }
  | { type: "csv.handedOver"; volume: string; vm: string; from: string; to: string; coordinator: string }
  /** The node's I/O goes over the cluster network to the coordinator from now on. */
  | { type: "csv.redirected"; volume: string; node: string; coordinator: string; reason: "path-lost" | "backup" }
  | { type: "csv.directAgain"; volume: string; node: string }
  /** The node's I/O waits. */
  | {
      type: "csv.paused";
      volume: string;
      node: string;
      reason: "no-coordinator" | "no-network" | "no-path" | "node-failed";
    }
  | { type: "csv.resumed"; volume: string; node: string }
  | {
      type: "csv.ownerChanged";
      volume: string;
      from: string;
      to: string;
      reason: OwnerChangeReason;
      /** How long there was no coordinator: metadata and redirected I/O waited. */
      seconds: number;
    }
  /** What a running machine's disk I/O comes to from now on; `standing`: its processors stand still. */
  | {
      type: "vm.ioChanged";
      vm: string;
      volume: string;
      node: string;
      access: "direct" | "redirected" | "paused" | "standing";
      readBytesPerSecond: number;
      writeBytesPerSecond: number;
    }
  | { type: "volume.spaceLow"; volume: string; freeBytes: number }
  /** Machines with a disk there are paused; the id is that of the event which Hyper-V logs. */
  | { type: "volume.spaceCritical"; volume: string; freeBytes: number; eventId: number }
  | {
      type: "lun.ownerChanged";
      volume: string;
      /** The virtual machine for whose sake it moved. */
      vm: string;
      from: string;
      to: string;
      /** How long neither node could use it. */
      seconds: number;
    };
