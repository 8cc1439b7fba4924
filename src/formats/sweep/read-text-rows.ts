/** Rows of a text file, read piece by piece: it may be larger than the memory. */
import { open } from "node:fs/promises";
import type { Cell } from "../../planning/sweep/sweep-rows.ts";
import type { RowText } from "./row-text.ts";

const PIECE_BYTES = 1 << 20;
const LINE_FEED = 10;

export interface RowPiece {
  /** Whole lines. */
  bytes: Buffer;
  rows: Cell[][];
  /** Where each row begins in the file, bytes; and, behind them, where the last one ends. */
  offsets: number[];
}

/**
 * What is behind the last line's end is left out: it was cut.
 * @throws SyntaxError where a line is no row
 */
export async function* readTextRows(path: string, text: RowText): AsyncGenerator<RowPiece> {
  const handle = await open(path);
  try {
    let position = Buffer.byteLength(text.head);
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const buffer = Buffer.alloc(PIECE_BYTES);
      const { bytesRead } = await handle.read(buffer, 0, PIECE_BYTES, position + rest.length);
      if (bytesRead === 0) return;
      const held = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const bytes = held.subarray(0, held.lastIndexOf(LINE_FEED) + 1);
      rest = held.subarray(bytes.length);
      if (bytes.length === 0) continue;
      const offsets = [position];
      for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, end + 1)) {
        offsets.push(position + end + 1);
      }
      position += bytes.length;
      yield { bytes, rows: text.parse(bytes.toString("utf8")), offsets };
    }
  } finally {
    await handle.close();
  }
}
