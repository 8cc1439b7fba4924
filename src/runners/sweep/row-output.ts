/** Where a sweep's rows go. */
import { closeSync, openSync, writeSync } from "node:fs";
import { describeSystemError } from "../../failure.ts";
import type { TaskFailure } from "../../planning/sweep/sweep-tasks.ts";

export interface RowOutput {
  /** The first task whose rows are not there yet. */
  readonly from: number;
  /** Rows of the next tasks. */
  write(text: string): void | Promise<void>;
  /** All rows are there. */
  finish(rows: number, failures: readonly TaskFailure[]): Promise<void>;
  /** The sweep ends before its end: what is there stays, to be gone on with. */
  suspend(): void;
}

/** What a sweep writes to fails in mid-sweep. What was written stays. */
export class RowFileFailure extends Error {
  constructor(path: string, cause: unknown) {
    const { problem, remedy } = describeSystemError(cause);
    super(`cannot write ${path}: ${problem}. ${remedy}`, { cause });
    this.name = "RowFileFailure";
  }
}

/** Rows are not wanted, only what comes of them. */
export class NoRows implements RowOutput {
  readonly from: number;

  constructor(from: number) {
    this.from = from;
  }

  write(): void {}

  async finish(): Promise<void> {}

  suspend(): void {}
}

/** The reader of standard output has seen enough (`| head`): no failure, and no reason to go on. */
export class ReaderGone extends Error {}

/** Rows as they come, to standard output. */
export class StandardOutputRows implements RowOutput {
  readonly from: number;
  #error: NodeJS.ErrnoException | null = null;

  constructor(from: number, head: string) {
    this.from = from;
    // Without a listener at all times a reader that goes away would end the process.
    process.stdout.on("error", (error) => {
      this.#error = error;
    });
    process.stdout.write(head);
  }

  /** Waits until the system has taken them: a slow reader slows the sweep, and nothing piles up. */
  async write(text: string): Promise<void> {
    await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
    if (this.#error !== null) {
      throw this.#error.code === "EPIPE" ? new ReaderGone() : new RowFileFailure("standard output", this.#error);
    }
  }

  async finish(): Promise<void> {}

  suspend(): void {}
}

/** Rows as they come, to a device or a pipe: nothing of it can be gone on with. */
export class DeviceRows implements RowOutput {
  readonly from: number;
  readonly #path: string;
  readonly #descriptor: number;

  /** @throws RowFileFailure */
  constructor(from: number, path: string, head: string) {
    this.from = from;
    this.#path = path;
    try {
      this.#descriptor = openSync(path, "w");
    } catch (error) {
      throw new RowFileFailure(path, error);
    }
    this.write(head);
  }

  /** @throws RowFileFailure; ReaderGone of a pipe */
  write(text: string): void {
    const bytes = Buffer.from(text, "utf8");
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#descriptor, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EPIPE") throw new ReaderGone();
      throw new RowFileFailure(this.#path, error);
    }
  }

  async finish(): Promise<void> {
    this.suspend();
  }

  suspend(): void {
    closeSync(this.#descriptor);
  }
}
