/** Rows as Apache Parquet, row group by row group. */
import { open } from "node:fs/promises";
import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { type BasicType, ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import type { Cell, CellType, SweepColumn } from "../../planning/sweep/sweep-rows.ts";

/** Held in memory at once: some tens of megabytes. */
const ROW_GROUP = 50_000;

/** Whole numbers of a sweep are indices of tasks, of which there are fewer than 2^31, and smaller ones. */
const TYPES: Readonly<Record<CellType, BasicType>> = {
  whole: "INT32",
  number: "DOUBLE",
  text: "STRING",
  truth: "BOOLEAN",
};

export class ParquetRows {
  readonly #columns: readonly SweepColumn[];
  readonly #bytes: PassingBytes;
  readonly #writer: ParquetWriter;
  #waiting: Cell[][];

  /**
   * @param metadata kept in the file's end
   * @param write takes the file's bytes, piece by piece
   */
  constructor(
    columns: readonly SweepColumn[],
    metadata: Readonly<Record<string, string>>,
    write: (piece: Uint8Array) => void,
  ) {
    this.#columns = columns;
    this.#bytes = new PassingBytes(write);
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: schemaFromColumnData({
        columnData: columns.map(({ name, type }) => ({ name, type: TYPES[type], data: [] })),
      }),
      kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      createdBy: "precopy",
    });
    this.#waiting = columns.map(() => []);
  }

  add(cells: readonly Cell[]): void {
    for (const [index, cell] of cells.entries()) this.#waiting[index]?.push(cell);
    if ((this.#waiting[0] as Cell[]).length === ROW_GROUP) this.#writeGroup();
  }

  finish(): void {
    if ((this.#waiting[0] as Cell[]).length > 0) this.#writeGroup();
    this.#writer.finish();
    this.#bytes.flush();
  }

  #writeGroup(): void {
    const columnData = this.#columns.map(({ name }, index) => ({ name, data: this.#waiting[index] as Cell[] }));
    this.#writer.write({ columnData, rowGroupSize: ROW_GROUP });
    this.#waiting = this.#columns.map(() => []);
  }
}

/** Hands its bytes on with each row group, instead of keeping the file. */
class PassingBytes extends ByteWriter {
  readonly #write: (piece: Uint8Array) => void;

  constructor(write: (piece: Uint8Array) => void) {
    super();
    this.#write = write;
  }

  flush(): void {
    if (this.index > 0) this.#write(this.getBytes().slice());
    this.index = 0;
  }
}

/** The rows of a file that ParquetRows wrote, a row group at a time. */
export async function* readParquetRows(path: string, columns: readonly SweepColumn[]): AsyncGenerator<Cell[][]> {
  const handle = await open(path);
  try {
    const file: AsyncBuffer = {
      byteLength: (await handle.stat()).size,
      async slice(start, end = file.byteLength) {
        const bytes = new Uint8Array(end - start);
        await handle.read(bytes, 0, bytes.length, start);
        return bytes.buffer;
      },
    };
    const metadata = await parquetMetadataAsync(file);
    const total = Number(metadata.num_rows);
    for (let rowStart = 0; rowStart < total; rowStart += ROW_GROUP) {
      const objects = await parquetReadObjects({
        file,
        metadata,
        rowStart,
        rowEnd: Math.min(total, rowStart + ROW_GROUP),
      });
      yield objects.map((row) => columns.map(({ name }) => (row[name] ?? null) as Cell));
    }
  } finally {
    await handle.close();
  }
}
