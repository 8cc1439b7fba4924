/** A snapshot's blocks on their way to the backup server: volume after volume, by whatever way the node reaches each. */

import type { CutWatcher } from "../network/path-cuts.ts";
import { BlockTransfer } from "../storage/block-transfer.ts";
import type { AccessWatcher, VolumeAccess } from "../storage/volume-access.ts";
import type { World } from "./world.ts";

/** What of the copy comes from one volume. */
export interface CopyPart {
  readonly access: VolumeAccess;
  readonly bytes: number;
}

export interface BackupCopyOptions {
  readonly world: World;
  /** Which reads and sends. */
  readonly node: string;
  readonly parts: readonly CopyPart[];
  /** What the backup server takes at most; Infinity for no limit. */
  readonly capBytesPerSecond: number;
  onPart(part: CopyPart): void;
  /** All is there; or the volume that the node did not reach as its turn came. */
  onOver(unreached: string | null): void;
}

export class BackupCopy implements AccessWatcher, CutWatcher {
  private readonly options: BackupCopyOptions;
  /** Still to come, the one under way first. */
  private readonly parts: CopyPart[];
  private transfer: BlockTransfer | null = null;
  private doneBytes = 0;

  constructor(options: BackupCopyOptions) {
    this.options = options;
    this.parts = [...options.parts];
  }

  start(): void {
    const { world } = this.options;
    if (world.hasCuts) world.cutsOf(world.backupNetwork.name).watch(this);
    this.goOn();
  }

  /** At the backup server, at a time from the last event on. */
  bytesAt(seconds: number): number {
    const [part] = this.parts;
    if (part === undefined || this.transfer === null) return this.doneBytes;
    return this.doneBytes + part.bytes - this.transfer.leftBytesAt(seconds);
  }

  /** Breaks off; what has gone stays counted. */
  cancel(): void {
    const { now } = this.options.world.simulation;
    this.doneBytes = this.bytesAt(now);
    this.transfer?.cancel();
    this.transfer = null;
  }

  onCutsChanged(): void {
    this.onAccessChanged();
  }

  onAccessChanged(): void {
    const [part] = this.parts;
    if (part !== undefined) this.transfer?.goBy(this.wayTo(part.access), this.options.capBytesPerSecond);
  }

  private goOn(): void {
    const { world, capBytesPerSecond, onPart, onOver } = this.options;
    const [part] = this.parts;
    if (part === undefined) {
      onOver(null);
      return;
    }
    const { access, bytes } = part;
    const node = this.options.node;
    if (access.accessFrom(node) === "paused") {
      onOver(access.volume.name);
      return;
    }
    onPart(part);
    access.watch(this);
    const way = this.wayTo(access);
    this.transfer = new BlockTransfer(world.simulation, way ?? access.volume.blocks, bytes, capBytesPerSecond, () => {
      this.transfer = null;
      this.doneBytes += bytes;
      this.parts.shift();
      this.goOn();
    });
    if (way === null) this.transfer.goBy(null, capBytesPerSecond);
  }

  /** By which its node reads the volume now and sends it on; null where it reaches it or the backup server not. */
  private wayTo(access: VolumeAccess) {
    const { world, node } = this.options;
    const now = access.accessFrom(node);
    if (now === "paused" || (world.hasCuts && world.cutsOf(world.backupNetwork.name).isCut(node))) return null;
    const { coordinator, port } = access.volume;
    return world.paths.backupLink(
      node,
      now === "redirected" ? [...world.paths.clusterPorts(coordinator, node), port] : [port],
    );
  }
}
