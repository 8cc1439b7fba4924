/** A trace as the text of a file. */
import { endLine, eventLine, headerLine } from "../simulator.ts";
import type { Trace } from "./trace-reader.ts";

/** The trace as the command line writes it, byte for byte. */
export function traceText({ header, events, end, text }: Trace): string {
  if (text !== null) return text;
  const lines = [headerLine(header.scenario, header.seed, header.engineVersion)];
  for (const event of events) lines.push(eventLine(event));
  if (end !== null) lines.push(endLine(end.t, end.result));
  return `${lines.join("\n")}\n`;
}
