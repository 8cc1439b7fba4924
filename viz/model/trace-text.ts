/** A trace as the text of a file. */
import { endLine, eventLine, headerLine } from "../simulator.ts";
import type { Trace } from "./trace-reader.ts";

/** The trace as the command line writes it, byte for byte. */
export function traceText({ header, events, end }: Trace): string {
  const lines = [headerLine(header.scenario, header.seed, header.engineVersion), ...events.map(eventLine)];
  if (end !== null) lines.push(endLine(end.t, end.result));
  return `${lines.join("\n")}\n`;
}
