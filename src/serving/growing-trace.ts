/** A trace that may still be written: read from where a reader stands, and waited for where there is nothing new. */
import { open } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** What is there behind an offset, and where it leads. */
export interface TracePiece {
  bytes: Uint8Array;
  /** Which file it is of: another one that takes its name is another trace. */
  identity: string;
  /** The file is another, or shorter than what was read of it: to be read from its start. */
  restarted: boolean;
  /** Whether the trace's last line has been read: nothing will follow. */
  ended: boolean;
}

export interface GrowingTrace {
  /**
   * Bytes from `offset` on; waits for some, but not for long: an empty piece means "ask again".
   * @param identity of what was read before; empty at first
   */
  from(offset: number, identity: string, stopping: AbortSignal): Promise<TracePiece>;
}

/** So many bytes an answer at most. */
const PIECE_BYTES = 4 * 2 ** 20;
const LOOK_EVERY_MILLISECONDS = 200;
const LOOKS = 10;
/** A trace's last line is an object of type `end`; it is longer than this only by what follows its type. */
const END_LINE = /\n\{"type":"end"[^\n]*\n?$|"type":"end"[^\n]*\n$/;

function endsTrace(bytes: Uint8Array): boolean {
  const last = bytes.at(-1);
  if (last !== 0x0a) return false;
  const before = bytes.lastIndexOf(0x0a, bytes.length - 2);
  return END_LINE.test(`\n${Buffer.from(bytes.subarray(before + 1)).toString("utf8")}`);
}

async function waitFor(look: () => Promise<TracePiece>, stopping: AbortSignal): Promise<TracePiece> {
  for (let looks = 1; ; looks += 1) {
    const piece = await look();
    if (piece.bytes.length > 0 || piece.ended || piece.restarted || looks >= LOOKS || stopping.aborted) return piece;
    await pause(LOOK_EVERY_MILLISECONDS, undefined, { signal: stopping }).catch(() => undefined);
  }
}

/** A file, which something else may be writing, cutting or replacing. */
export function growingFile(path: string): GrowingTrace {
  return {
    from: (offset, identity, stopping) => waitFor(() => pieceOfFile(path, offset, identity), stopping),
  };
}

async function pieceOfFile(path: string, offset: number, before: string): Promise<TracePiece> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    // Between the removal of one file and the making of the next there is none.
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (file === null) return { bytes: new Uint8Array(), identity: before, restarted: false, ended: false };
  try {
    const { size, ino } = await file.stat();
    const identity = String(ino);
    if (size < offset || (before !== "" && identity !== before)) {
      return { bytes: new Uint8Array(), identity, restarted: true, ended: false };
    }
    const buffer = new Uint8Array(Math.min(PIECE_BYTES, size - offset));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
    const bytes = buffer.subarray(0, bytesRead);
    if (bytesRead > 0 || offset === 0) return { bytes, identity, restarted: false, ended: endsTrace(bytes) };
    // Nothing new: whether that was all stands in what was read before.
    const tail = new Uint8Array(Math.min(offset, PIECE_BYTES));
    const read = await file.read(tail, 0, tail.length, offset - tail.length);
    return { bytes, identity, restarted: false, ended: endsTrace(tail.subarray(0, read.bytesRead)) };
  } finally {
    await file.close();
  }
}

/** A stream, which is kept so that several readers, or one that starts anew, have all of it. */
export function growingStream(stream: AsyncIterable<Uint8Array>): GrowingTrace {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let over = false;
  void (async () => {
    try {
      for await (const piece of stream) {
        pieces.push(piece);
        length += piece.length;
      }
    } finally {
      over = true;
    }
  })().catch(() => undefined);
  const bytesFrom = (offset: number): Uint8Array => {
    if (pieces.length > 1) pieces.splice(0, pieces.length, Buffer.concat(pieces));
    return (pieces[0] ?? new Uint8Array()).subarray(offset, offset + PIECE_BYTES);
  };
  return {
    from: (offset, _identity, stopping) =>
      waitFor(async () => {
        const bytes = bytesFrom(offset);
        return { bytes, identity: "stream", restarted: false, ended: over && offset + bytes.length >= length };
      }, stopping),
  };
}
