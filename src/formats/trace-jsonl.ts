/** Traces as JSON Lines: header, events, end. Written as the run goes, so that its length costs no memory. */
import { endLine, eventLine, headerLine } from "../../sim/index.ts";
import type { OpenTraceSink } from "./trace-sink.ts";

export const openJsonLinesTrace: OpenTraceSink = ({ scenario, seed, engineVersion, policy }, write) => {
  write(`${headerLine({ ...scenario }, seed, engineVersion, policy ?? null)}\n`);
  return {
    record: (event) => write(`${eventLine(event)}\n`),
    close: (t, result) => write(`${endLine(t, result)}\n`),
  };
};
