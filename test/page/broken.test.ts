/** Files that are not what they should be: each gets a sentence or a sensible picture, and the page goes on. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokenTraces, HOSTILE } from "../support/broken-trace.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";
import { type OpenedPage, pageOpener, scrubTo } from "./open-page.ts";
import "../support/fixed-seed.ts";

const { open } = pageOpener();
const fixture = fixtureTrace();
const lines = fixture.text.trimEnd().split("\n");
const noticeOf = (page: Page) => page.locator("#notice").innerText();

/** Whatever was opened last, the page shows a run and answers. */
async function expectAlive(page: Page): Promise<void> {
  expect(await page.locator("#verdict").innerText()).not.toBe("");
  expect(await page.locator("main svg[role=img]:visible").count()).toBeGreaterThan(0);
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
}

/** Opens a file and waits until the page has dealt with it. */
async function openFile(page: Page, contents: string | Buffer, name = "trace.jsonl"): Promise<void> {
  await page.locator("#notice").evaluate((element) => {
    element.textContent = "pending";
  });
  const buffer = typeof contents === "string" ? Buffer.from(contents) : contents;
  await page.locator("#trace-file").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
  await page.waitForFunction(`document.getElementById("notice").textContent !== "pending"`);
}

describe("a file", () => {
  let opened: OpenedPage;
  beforeAll(async () => {
    opened = await open({ trace: fixture.text });
  });

  const header = JSON.parse(lines[0] as string);
  const withLine = (index: number, line: string): string =>
    [...lines.slice(0, index), line, ...lines.slice(index + 1)].join("\n");
  const cases: [string, string | Buffer, RegExp][] = [
    ["is empty", "", /^The file is empty\./],
    ["is not UTF-8", Buffer.from([0xc3, 0x28, 0xa0, 0xa1, 0x0a, 0xff]), /^Line 1 is not a JSON object/],
    ["is a ZIP archive", Buffer.from("PK\u0003\u0004 whatever"), /is a ZIP archive\. Unpack it/],
    ["is Parquet", Buffer.from("PAR1 whatever"), /is a Parquet file/],
    ["is packed and cut", gzipSync(fixture.text).subarray(0, 300), /cannot be read: it is a folder, is damaged/],
    ["has another version", fixture.text.replace('"schemaVersion":1', '"schemaVersion":7'), /schema version 7/],
    ["holds no events", `${lines[0]}\n${lines.at(-1)}\n`, /holds no events/],
    ["is cut within a line", fixture.text.slice(0, 9000).replace(/.{20}$/, ""), /was cut.*\(line \d+ is incomplete\)/],
    ["is cut within a migration", lines.slice(0, 14).join("\n"), /^The trace was cut: it has no end line\./],
    ["goes back in time", [...lines.slice(0, 20), lines[3], ...lines.slice(20)].join("\n"), /^Line 21 is earlier/],
    [
      "has an event of odd fields",
      withLine(2, '{"t":2,"type":"migration.started","migration":"0"}'),
      /left out, line 3: of migration\.started, migration must be a number/,
    ],
    [
      "has a header without machines",
      JSON.stringify({ ...header, scenario: { ...header.scenario, vms: {} } }),
      /scenario\.vms must be a list/,
    ],
    [
      "is a scenario with errors",
      "schemaVersion: 1\nname: x\nnodes:\n  - name: A\n    memry: 4 GiB\n",
      /cannot be used.*Line 5: nodes\[0\]/,
    ],
    [
      "is a lesson with errors",
      "schemaVersion: 1\ntitle: x\nsummary: y\nsteps:\n  - say: x\n    lok: [events]\nplayground: {say: y}\n",
      /The lesson cannot be used.*Line 6: steps\[0\]/,
    ],
    ["is YAML of nothing", "- 1\n- 2\n", /^Line 1 is not a JSON object|neither a trace, nor a lesson/],
    ["is YAML of endless levels", `a: ${"[".repeat(30_000)}`, /cannot be read|neither YAML nor JSON/],
  ];

  it.each(cases)("that %s gets its sentence, and the page goes on", async (_what, contents, sentence) => {
    const { page, complaints } = opened;
    await openFile(page, contents);
    await expect.poll(() => noticeOf(page)).toMatch(sentence);
    await expectAlive(page);
    expect(complaints).toEqual([]);
  });

  it.each([
    ["packed", gzipSync(fixtureTrace({ vm: "packed" }).text), "packed moved"],
    [
      "in UTF-16, as shells write it",
      Buffer.from(`\uFEFF${fixtureTrace({ vm: "wide" }).text}`, "utf16le"),
      "wide moved",
    ],
    [
      "with events of a later version",
      withLine(3, `{"t":${fixture.events[2]?.t},"type":"vm.sang","song":[1]}`),
      "web01",
    ],
    [
      "that names machines its scenario has not",
      fixtureTrace({ vm: "here" }).text.replace(/\n[\s\S]*/, (rest) =>
        rest.replaceAll('"vm":"here"', '"vm":"elsewhere"'),
      ),
      "elsewhere moved",
    ],
    ["whose migration is asked for twice", withLine(1, `${lines[1]}\n${lines[1]}`), "web01 moved"],
  ])("%s opens", async (_what, contents, verdict) => {
    const { page, complaints } = opened;
    await openFile(page, contents);
    await expect.poll(() => page.locator("#verdict").innerText()).toContain(verdict);
    await expectAlive(page);
    expect(complaints).toEqual([]);
  });

  it("broken at random never leaves the page blank, nor an error in its console", async () => {
    const { page, complaints } = opened;
    const names = {
      scenario: HOSTILE,
      vm: HOSTILE,
      from: `${HOSTILE}a`,
      to: `${HOSTILE}b`,
      network: HOSTILE,
      volume: HOSTILE,
      client: HOSTILE,
    };
    const end = fixture.events.at(-1)?.t ?? 0;
    for (const [index, text] of fc.sample(brokenTraces(fixtureTrace(names).text), { numRuns: 20 }).entries()) {
      await openFile(page, text);
      for (const share of [0.4, 0.96, 1]) await scrubTo(page, share * end);
      expect(await page.locator("#verdict").innerText()).not.toBe("");
      expect(complaints, `trace ${index}: ${await noticeOf(page)}`).toEqual([]);
    }
    expect(await page.evaluate("window.harmed")).toBeUndefined();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(1280);
  });
});

describe("a page with a broken trace in it", () => {
  it.each([
    ["schema version 9", fixture.text.replace('"schemaVersion":1', '"schemaVersion":9')],
    ["no events", `${lines[0]}\n`],
  ])("says so (%s) and shows its own example", async (sentence, trace) => {
    const { page, complaints } = await open({ trace });
    await expect.poll(() => noticeOf(page)).toContain(sentence);
    await expectAlive(page);
    expect(complaints).toEqual([]);
  });
});

describe("dropping", () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "precopy-drop-"));
    mkdirSync(path("folder.jsonl"));
    writeFileSync(path("one.jsonl"), fixtureTrace({ vm: "one" }).text);
    writeFileSync(path("two.jsonl"), fixtureTrace({ vm: "two" }).text);
    writeFileSync(path("bad.jsonl"), "nothing");
    writeFileSync(
      path("lesson.yaml"),
      readFileSync(new URL("../../examples/lessons/01-pause-and-move.yaml", import.meta.url)),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** As the system drops files: real paths, folders too. */
  async function drop(page: Page, ...names: string[]): Promise<void> {
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: names.map(path), dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const) {
      await session.send("Input.dispatchDragEvent", { type, x: 400, y: 300, data });
    }
    await session.detach();
  }

  it("opens a file; keeps the second of two beside it; tells of a folder and of what is no trace", async () => {
    const { page, complaints } = await open({ trace: fixture.text });
    const verdict = () => page.locator("#verdict").innerText();
    await drop(page, "one.jsonl");
    await expect.poll(verdict).toContain("one moved");
    expect(await page.locator("#comparison").isVisible()).toBe(false);
    await drop(page, "folder.jsonl");
    await expect.poll(() => noticeOf(page)).toContain("folder.jsonl cannot be read: it is a folder");
    await drop(page, "two.jsonl", "one.jsonl");
    await expect.poll(verdict).toContain("two moved");
    await expect.poll(() => page.locator("#comparison").isVisible()).toBe(true);
    expect(await page.locator("#notice").isVisible()).toBe(false);
    await drop(page, "one.jsonl", "bad.jsonl");
    await expect.poll(() => noticeOf(page)).toContain("Line 1 is not a JSON object");
    expect(await verdict()).toContain("one moved");
    await drop(page, "one.jsonl", "two.jsonl", "bad.jsonl");
    await expect.poll(() => noticeOf(page)).toContain("Two files can be looked at together");
    await drop(page, "lesson.yaml");
    await expect.poll(() => page.locator("#lesson-title").innerText()).toBe("Pause and move");
    expect(page.url()).toMatch(/^file:.*page-\d+\.html/);
    expect(complaints).toEqual([]);
  });
});
