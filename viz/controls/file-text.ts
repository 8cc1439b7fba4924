/** The text of a file that somebody chose or dropped, unpacked where it is packed; a sentence where it has none. */

export type FileText = { ok: true; text: string } | { ok: false; problem: string };

/** Browsers hold no text much longer than this. */
const MOST_BYTES = 500e6;

export async function textOf(file: File): Promise<FileText> {
  const refuse = (problem: string): FileText => ({ ok: false, problem: `${file.name} ${problem}` });
  if (file.size > MOST_BYTES) {
    return refuse(
      `has ${Math.round(file.size / 1e6)} MB; the page reads up to ${MOST_BYTES / 1e6} MB. Open the trace of a shorter run.`,
    );
  }
  try {
    const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
    const begins = (...bytes: number[]): boolean => bytes.every((byte, index) => head[index] === byte);
    if (begins(0x1f, 0x8b)) {
      const unpacked = file.stream().pipeThrough(new DecompressionStream("gzip"));
      return { ok: true, text: await new Response(unpacked).text() };
    }
    if (begins(0x50, 0x4b)) return refuse("is a ZIP archive. Unpack it, and open the file that it holds.");
    if (begins(0x50, 0x41, 0x52, 0x31)) {
      return refuse("is a Parquet file, which the page does not read. Open a trace written with --trace FILE.jsonl.");
    }
    // What some shells write when they redirect a program's output to a file.
    if (begins(0xff, 0xfe)) return { ok: true, text: new TextDecoder("utf-16le").decode(await file.arrayBuffer()) };
    return { ok: true, text: await file.text() };
  } catch {
    return refuse("cannot be read: it is a folder, is damaged, or has gone. Open a file, a trace, lesson or scenario.");
  }
}
