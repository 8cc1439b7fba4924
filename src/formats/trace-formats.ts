/** A trace's format goes by its file's name. */
import type { OpenTraceSink } from "./trace-sink.ts";

interface TraceFormat {
  suffix: string;
  meaning: string;
  /** Loads what writes it: names are checked before the simulator is there. */
  load(): Promise<OpenTraceSink>;
}

const TRACE_FORMATS: readonly TraceFormat[] = [
  {
    suffix: ".jsonl",
    meaning: "JSON Lines, every event",
    load: async () => (await import("./trace-jsonl.ts")).openJsonLinesTrace,
  },
  {
    suffix: ".chrome.json",
    meaning: "for Perfetto, speedscope and chrome://tracing",
    load: async () => (await import("./chrome-trace.ts")).openChromeTrace,
  },
  {
    suffix: ".pcapng",
    meaning: "for Wireshark, what clients and announcements send",
    load: async () => (await import("./pcapng.ts")).openPcapngTrace,
  },
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
