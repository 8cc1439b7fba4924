import { describe, expect, it } from "vitest";
import { readTrace } from "../../viz/model/trace-reader.ts";
import { traceText } from "../../viz/model/trace-text.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";

const { text } = fixtureTrace();
const lines = text.split("\n");

function problemOf(given: string): string {
  const reading = readTrace(given);
  return reading.ok ? "" : reading.problem;
}

describe("reading a trace", () => {
  it("writes what it read, byte for byte", () => {
    const reading = readTrace(text);
    expect(reading.ok && reading.warning === null && traceText(reading.trace)).toBe(text);
  });

  it("says that a trace without its end was cut, and plays the rest", () => {
    const reading = readTrace(lines.slice(0, 9).join("\n"));
    expect(reading).toMatchObject({ ok: true, warning: expect.stringContaining("cut") });
    expect(reading.ok && reading.trace.events).toHaveLength(8);
  });

  it("says which line was cut in its middle", () => {
    const reading = readTrace(`${lines.slice(0, 9).join("\n")}\n{"t":3,"type":"mig`);
    expect(reading).toMatchObject({ ok: true, warning: expect.stringContaining("line 10") });
  });

  it.each([
    ["", "empty"],
    ["hello", "Line 1"],
    ['{"a":1}', "header line"],
    [text.replace('"schemaVersion":1', '"schemaVersion":2'), "schema version 2"],
    [`${lines[0]}\nnonsense\n${lines[2]}`, "Line 2"],
    ['{"type":"header","schemaVersion":1,"scenario":{"name":"x"}}', "whole scenario"],
    [`${lines[0]}\n{"type":"vm.stopped"}`, "Line 2 is an event without"],
    [`${lines[0]}\n${lines[20]}\n${lines[2]}`, "earlier"],
    [`${text}${lines[2]}`, "after the trace's end"],
  ])("refuses %j with a sentence", (given, words) => {
    expect(problemOf(given)).toContain(words);
  });
});
