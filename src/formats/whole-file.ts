/**
 * Files that appear whole or not at all: written under a temporary name beside their place, flushed to the disk, then
 * renamed. What is at the place already stays untouched until that moment.
 */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { describeSystemError } from "../failure.ts";

/** Where a file will go; plain data, so that a thread can write what another one cleans up. */
export interface WholeFilePlan {
  /** As the user wrote it, for messages. */
  path: string;
  /** The file itself, symbolic links followed. */
  target: string;
  /** Null where the target is a device or a pipe, which cannot be replaced and is written directly. */
  temporary: string | null;
  /** Permissions of the file that is being replaced. */
  mode: number | null;
}

/** A file that could not be written: the system's failure, not a bug. */
export class WriteFailure extends Error {
  constructor(path: string, cause: unknown) {
    const { problem, remedy } =
      (cause as { code?: unknown } | null)?.code === "ENOENT"
        ? { problem: `there is no folder ${dirname(path)}`, remedy: "Make it, or name another place." }
        : describeSystemError(cause);
    super(`cannot write ${path}: ${problem}. ${remedy} Nothing was written there.`, { cause });
    this.name = "WriteFailure";
  }
}

/**
 * Plans a file. `number` tells the plans of one process apart.
 * @throws WriteFailure where the place cannot hold a file.
 */
export function planWholeFile(path: string, number: number): WholeFilePlan {
  try {
    const present = statSync(path, { throwIfNoEntry: false });
    if (present?.isDirectory()) throw Object.assign(new Error("is a folder"), { code: "EISDIR" });
    if (present !== undefined && !present.isFile()) return { path, target: path, temporary: null, mode: null };
    const target = follow(resolve(path));
    // A full path's own name may already be as long as the file system allows, so the temporary one is not made from it.
    const temporary = join(dirname(target), `.precopy-${process.pid}-${number}.tmp`);
    return { path, target, temporary, mode: present === undefined ? null : present.mode & 0o7777 };
  } catch (error) {
    throw new WriteFailure(path, error);
  }
}

/** Removes what an interrupted writer may have left. */
export function removeTemporary(plan: WholeFilePlan): void {
  if (plan.temporary !== null) rmSync(plan.temporary, { force: true });
}

/** Text and bytes are gathered into pieces of about this length before they are written. */
const PIECE_LENGTH = 1 << 16;

export class WholeFile {
  readonly plan: WholeFilePlan;
  #descriptor: number;
  #waiting: (string | Uint8Array)[] = [];
  #waitingLength = 0;
  #open = true;

  /** @throws WriteFailure */
  constructor(plan: WholeFilePlan) {
    this.plan = plan;
    try {
      this.#descriptor = plan.temporary === null ? openSync(plan.target, "w") : openSync(plan.temporary, "wx");
    } catch (error) {
      throw new WriteFailure(plan.path, error);
    }
  }

  /** @throws WriteFailure */
  write(piece: string | Uint8Array): void {
    this.#waiting.push(piece);
    this.#waitingLength += piece.length;
    if (this.#waitingLength >= PIECE_LENGTH) this.#flush();
  }

  /**
   * Everything to the disk, still under the temporary name. Apart from `appear`, so that several files can be made
   * sure of before the first of them appears.
   * @throws WriteFailure
   */
  finish(): void {
    this.#flush();
    try {
      if (this.plan.temporary !== null) {
        fsyncSync(this.#descriptor);
        if (this.plan.mode !== null) chmodSync(this.plan.temporary, this.plan.mode);
      }
      this.#open = false;
      closeSync(this.#descriptor);
    } catch (error) {
      throw new WriteFailure(this.plan.path, error);
    }
  }

  /** @throws WriteFailure */
  appear(): void {
    if (this.plan.temporary === null) return;
    try {
      renameSync(this.plan.temporary, this.plan.target);
    } catch (error) {
      throw new WriteFailure(this.plan.path, error);
    }
  }

  /** Leaves nothing behind. Harmless after `appear`. */
  abandon(): void {
    if (this.#open) {
      this.#open = false;
      try {
        closeSync(this.#descriptor);
      } catch {
        // The file is removed next: how its closing went is of no interest.
      }
    }
    removeTemporary(this.plan);
  }

  #flush(): void {
    const isText = this.#waiting.every((piece) => typeof piece === "string");
    const bytes = isText
      ? Buffer.from(this.#waiting.join(""), "utf8")
      : Buffer.concat(this.#waiting.map((piece) => (typeof piece === "string" ? Buffer.from(piece, "utf8") : piece)));
    this.#waiting = [];
    this.#waitingLength = 0;
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#descriptor, bytes, written);
    } catch (error) {
      throw new WriteFailure(this.plan.path, error);
    }
  }
}

/** The path behind symbolic links; of a file that does not exist yet, the path behind its folder's. */
function follow(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return join(realpathSync(dirname(path)), basename(path));
  }
}
