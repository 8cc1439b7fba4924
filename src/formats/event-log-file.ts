/** An event log's file: JSON Lines where its name ends in .jsonl, else text. */
import { EventLog, eventLogJsonLine, eventLogTextLine } from "../../sim/index.ts";
import type { TraceSink, WriteText } from "./trace-sink.ts";

/** Its lines are in order of time only once all are known, so they are written at the end. */
export function openEventLog(path: string, write: WriteText): TraceSink {
  const log = new EventLog();
  const line = path.toLowerCase().endsWith(".jsonl") ? eventLogJsonLine : eventLogTextLine;
  return {
    record: (event) => log.record(event),
    close() {
      for (const entry of log.entries()) write(`${line(entry)}\n`);
    },
  };
}
