/** A trace that may still be written: read from where a reader stands, and waited for where there is nothing new. */
import { open } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** What is there behind an offset, and where it leads. */
export interface TracePiece {
  bytes: Uint8Array;
  /** Whether the trace's last line has been read: nothing will follow. */
  ended: boolean;
}

export interface GrowingTrace {
  /** Bytes from `offset` on; waits for some, but not for long: an empty piece means "ask again". */
  from(offset: number, stopping: AbortSignal): Promise<TracePiece>;
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
    if (piece.bytes.length > 0 || piece.ended || looks >= LOOKS || stopping.aborted) return piece;
    await pause(LOOK_EVERY_MILLISECONDS, undefined, { signal: stopping }).catch(() => undefined);
  }
}

/** A file, which something else may be writing. */
export function growingFile(path: string): GrowingTrace {
  return {
    from: (offset, stopping) =>
      waitFor(async () => {
        const file = await open(path, "r");
        try {
          const buffer = new Uint8Array(PIECE_BYTES);
          const { bytesRead } = await file.read(buffer, 0, PIECE_BYTES, offset);
          const bytes = buffer.subarray(0, bytesRead);
          if (bytesRead > 0 || offset === 0) return { bytes, ended: endsTrace(bytes) };
          // Nothing new: whether that was all stands in what was read before.
          const tail = new Uint8Array(Math.min(offset, PIECE_BYTES));
          const read = await file.read(tail, 0, tail.length, offset - tail.length);
          return { bytes, ended: endsTrace(tail.subarray(0, read.bytesRead)) };
        } finally {
          await file.close();
        }
      }, stopping),
  };
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
    from: (offset, stopping) =>
      waitFor(async () => {
        const bytes = bytesFrom(offset);
        return { bytes, ended: over && offset + bytes.length >= length };
      }, stopping),
  };
}
