/** QEMU's events, held to what two QEMU 7.2 sent of measured migrations: the same on each side, in the same order. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { EventLogEntry } from "../../sim/event-log/entry.ts";
import { eventLogOf } from "../../sim/event-log/event-log.ts";
import { simulate } from "../../sim/simulate.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import { scenarioOfRun } from "../../src/planning/scenario-of-run.ts";
import { readMeasuredRun } from "../../src/sources/measured-run.ts";

interface MeasuredOrder {
  name: string;
  events: { side: "source" | "destination"; event: string; status?: string; pass?: number }[];
}

const measured: MeasuredOrder[] = JSON.parse(readFileSync(new URL("qemu-order.json", import.meta.url), "utf8"));

function predictedLog(name: string) {
  const file = new URL(`../measured/${name}.json`, import.meta.url);
  const run = readMeasuredRun(readFileSync(file, "utf8"), name);
  if (!run.ok) throw new Error(run.failure.message);
  if (run.value === null) throw new Error(`${name} is no measured run`);
  const events: TraceEvent[] = [];
  const { migrations } = simulate(scenarioOfRun(run.value), { onEvent: (event) => events.push(event) });
  const [migration] = migrations;
  if (migration === undefined) throw new Error("nothing was simulated");
  return { log: eventLogOf(events).filter(({ source }) => source === "QMP"), migration };
}

/** Passes in a row count once: how many there are is a matter of the run, not of order. */
function inOrder(lines: string[]): string[] {
  const kinds = lines.map((line) => line.replace(/pass: \d+/, "pass"));
  return kinds.filter((kind, index) => kind !== kinds[index - 1]);
}

const passesOf = (log: EventLogEntry[]) => log.filter(({ id }) => id === "MIGRATION_PASS").map(({ text }) => text);

describe.each(measured)("$name", ({ name, events }) => {
  const { log, migration } = predictedLog(name);

  it("has the measured events of each side in the measured order", () => {
    const side = (node: string) => (node === migration.from ? "source" : "destination");
    const said = ({ id, text }: EventLogEntry) =>
      id === "MIGRATION" || id === "MIGRATION_PASS" ? `${id} ${text}` : id;
    const predicted = log.map((entry) => `${side(entry.node)} ${said(entry)}`);
    const expected = events.map(({ side, event, status, pass }) => {
      const data = status === undefined ? (pass === undefined ? "" : ` pass: ${pass}`) : ` status: ${status}`;
      return `${side} ${event}${data}`;
    });
    expect(inOrder(predicted)).toEqual(inOrder(expected));
  });

  it("counts a pass for every read of the bitmap", () => {
    expect(passesOf(log)).toEqual(Array.from({ length: migration.bitmapSyncs as number }, (_, i) => `pass: ${i + 1}`));
  });

  it("is in order of time, the stop and the start where the result has them", () => {
    expect(log.every(({ t }, index) => index === 0 || t >= (log[index - 1] as EventLogEntry).t)).toBe(true);
    const at = (id: string) => log.find((entry) => entry.id === id)?.t as number;
    expect(at("RESUME") - at("STOP")).toBeCloseTo(migration.downtimeSeconds as number, 9);
  });
});
