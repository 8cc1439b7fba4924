/** docs/traces.md against what runs really emit. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { parseScenario, simulate, type TraceEvent } from "../../sim/index.ts";

const root = new URL("../../", import.meta.url);
const documentation = readFileSync(new URL("docs/traces.md", root), "utf8");

/** Fields by type, as the table has them. */
function documentedEvents(): Map<string, string[]> {
  const events = new Map<string, string[]>();
  for (const line of documentation.split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    if (cells.length < 5 || !/^`\w+\.\w+`/.test(cells[1] ?? "")) continue;
    const quoted = (text = "") => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string);
    for (const type of quoted(cells[1])) events.set(type, quoted(cells[3]));
  }
  return events;
}

function exampleEvents(): TraceEvent[] {
  const events: TraceEvent[] = [];
  const folder = new URL("examples/", root);
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".yaml"))) {
    const scenario = parseScenario(parse(readFileSync(new URL(file, folder), "utf8")));
    if (!scenario.ok) throw new Error(`${file} cannot be read`);
    simulate(scenario.value, { onEvent: (event) => events.push(event) });
  }
  return events;
}

test("every event that an example emits is documented with its very fields", () => {
  const documented = documentedEvents();
  const events = exampleEvents();
  expect(events.length).toBeGreaterThan(100);
  for (const { t, type, ...fields } of events) {
    expect(t).toBeGreaterThanOrEqual(0);
    expect(documented.get(type), type).toBeDefined();
    // `name?` is there only where it says something.
    const expected = (documented.get(type) ?? [])
      .filter((name) => !name.endsWith("?") || name.slice(0, -1) in fields)
      .map((name) => name.replace("?", ""));
    expect(Object.keys(fields).sort(), type).toEqual(expected.sort());
  }
});

test("every documented event is one that the simulator has", () => {
  const folder = new URL("sim/trace/", root);
  const files = readdirSync(folder).filter((name) => name.endsWith("events.ts"));
  const source = files.map((name) => readFileSync(new URL(name, folder), "utf8")).join("");
  for (const type of documentedEvents().keys()) expect(source).toContain(`"${type}"`);
});
