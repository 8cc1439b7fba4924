/** A trace's format goes by its file's name. */
import { openChromeTrace } from "./chrome-trace.ts";
import { openPcapngTrace } from "./pcapng.ts";
import { openJsonLinesTrace } from "./trace-jsonl.ts";
import type { OpenTraceSink } from "./trace-sink.ts";

interface TraceFormat {
  suffix: string;
  meaning: string;
  open: OpenTraceSink;
}

const TRACE_FORMATS: readonly TraceFormat[] = [
  { suffix: ".jsonl", meaning: "JSON Lines, every event", open: openJsonLinesTrace },
  { suffix: ".chrome.json", meaning: "for Perfetto, speedscope and chrome://tracing", open: openChromeTrace },
  { suffix: ".pcapng", meaning: "for Wireshark, what clients and announcements send", open: openPcapngTrace },
];

/** The format that a file's name asks for; null where it asks for none that is known. */
export function traceFormatOf(path: string): TraceFormat | null {
  const name = path.toLowerCase();
  return TRACE_FORMATS.find(({ suffix }) => name.endsWith(suffix)) ?? null;
}

/** `.jsonl (JSON Lines, every event), ...` */
export function listTraceFormats(): string {
  return TRACE_FORMATS.map(({ suffix, meaning }) => `${suffix} (${meaning})`).join(", ");
}
