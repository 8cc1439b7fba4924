/** Volumes that hold virtual disks, as far as moving a virtual machine depends on them. */

import type { Port } from "../network/flow-group.ts";
import type { Link } from "../network/link.ts";
import type { MetadataOperation } from "../trace/storage-events.ts";

/** A step of handing over a volume's disks; the next one begins `seconds` later. */
export type HandOverStep =
  /** A node asks the coordinator to open or close one file. */
  | {
      readonly kind: "metadata";
      readonly operation: MetadataOperation;
      readonly node: string;
      readonly seconds: number;
    }
  /** There is no coordinator. */
  | { readonly kind: "wait"; readonly seconds: number }
  /** The volume is dismounted at its owner and mounted at another node. */
  | { readonly kind: "move-ownership"; readonly seconds: number };

/** What a virtual machine's disks lie on. */
export interface Volume {
  readonly name: string;
  readonly kind: "csv" | "lun";
  /** What its LUN reads and writes for all its users, bytes shared fairly among them. */
  readonly blocks: Link;
  /** The same, for what goes over a network as well. */
  readonly port: Port;
  /** The coordinator of a cluster shared volume, the owner of a LUN: a node's name. */
  readonly coordinator: string;
  /** The nodes that it can go to, by name; null for all. */
  readonly reachedBy: readonly string[] | null;
  /** What it takes, while the guest stands still, before its disks on this volume (1 or more) can be used at `to`. */
  handOverSteps(from: string, to: string, disks: number, nowSeconds?: number): HandOverStep[];
  /** For VolumeAccess: who coordinates or owns it, and until when its metadata wait for that. */
  setCoordinator(node: string, waitsUntilSeconds: number): void;
  /** The steps are done: the disks are in use at `to`. */
  handedOver(to: string): void;
}
