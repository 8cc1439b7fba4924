import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  endLine,
  eventLine,
  headerLine,
  parseScenario,
  type Scenario,
  simulate,
  type TraceEvent,
} from "../../sim/index.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";
import { axeFindings, pageOpener, readout } from "./open-page.ts";

const { open } = pageOpener();
const examples = new URL("../../examples/", import.meta.url);

function example(name: string): Scenario {
  const read = parseScenario(parse(readFileSync(fileURLToPath(new URL(name, examples)), "utf8")));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

/** The trace as Node makes it. */
function traceOf(scenario: Scenario, seed: string): string {
  const events: TraceEvent[] = [];
  const result = simulate(scenario, { seed, onEvent: (event) => events.push(event) });
  const lines = [headerLine({ ...scenario }, seed, result.engineVersion), ...events.map(eventLine)];
  return `${[...lines, endLine(events.at(-1)?.t ?? 0, result)].join("\n")}\n`;
}

async function downloadedTrace(page: Page): Promise<string> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download the trace" }).click();
  return readFileSync(await (await download).path(), "utf8");
}

async function runAgain(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Run again" }).click();
  await page.getByRole("button", { name: "Run again", disabled: false }).waitFor();
}

describe("traces", () => {
  it("are in the page's worker the bytes that they are in Node", async () => {
    const { page } = await open();
    const scenario = example("hyper-v-2008r2-web-server.yaml");
    expect((await downloadedTrace(page)) === traceOf(scenario, scenario.seed)).toBe(true);
    await page.locator("#what-if-seed").fill("another seed");
    await runAgain(page);
    const own = { ...scenario, seed: "another seed" };
    expect((await downloadedTrace(page)) === traceOf(own, "another seed")).toBe(true);
  });

  it.each(["qemu-300ms-limit.yaml", "dirties-faster-than-the-link.yaml"])(
    "of %s are run again to the same bytes",
    async (name) => {
      const scenario = example(name);
      const trace = traceOf(scenario, scenario.seed);
      const { page, complaints } = await open({ trace });
      expect((await downloadedTrace(page)) === trace).toBe(true);
      await runAgain(page);
      expect((await downloadedTrace(page)) === trace).toBe(true);
      expect(complaints).toEqual([]);
    },
  );

  it("open from a file; what is no trace is told in a sentence, and the page goes on", async () => {
    const { page } = await open({ trace: fixtureTrace().text });
    const choose = async (text: string) =>
      page
        .locator("#trace-file")
        .setInputFiles({ name: "trace.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(text) });
    await choose("not a trace");
    await expect.poll(() => page.locator("#notice").innerText()).toContain("Line 1 is not a JSON object");
    expect(await page.locator("#verdict").innerText()).toContain("web01");
    await choose(fixtureTrace({ vm: "db07" }).text);
    await expect.poll(() => page.locator("#verdict").innerText()).toContain("db07 moved");
    expect(await page.locator("#notice").isVisible()).toBe(false);
    await choose(fixtureTrace().text.split("\n").slice(0, 12).join("\n"));
    await expect.poll(() => page.locator("#notice").innerText()).toContain("was cut");
    expect(await page.locator("#verdict").innerText()).toContain("still on its way");
  });

  it("of several migrations are looked at one by one", async () => {
    const there = fixtureTrace();
    const shift = 100;
    const again = there.events.map((event) => {
      const later = { ...event, t: event.t + shift, ...("migration" in event ? { migration: 1 } : {}) };
      return "lastReplySeconds" in later ? { ...later, lastReplySeconds: later.lastReplySeconds + shift } : later;
    });
    const header = there.text.split("\n")[0] as string;
    const { page, complaints } = await open({
      trace: [header, ...[...there.events, ...again].map(eventLine)].join("\n"),
    });
    await page.locator("#migration").selectOption("1");
    expect(await readout(page, "time")).toBe("102.000 s");
    expect(await readout(page, "blackout")).toBe("0 s");
    await page.keyboard.press("End");
    expect(await readout(page, "blackout")).toBe("302 ms");
    expect(complaints).toEqual([]);
  });

  it("without a migration open on all nodes, the whole run and what happens alone, and give way to one with a migration", async () => {
    const scenario = example("failover-hyper-v-2008r2.yaml");
    const { page, complaints } = await open({ trace: traceOf(scenario, scenario.seed) });
    expect(await page.locator("#notice").isVisible()).toBe(false);
    expect(await page.locator("#verdict").innerText()).toContain("Nothing migrates in this run. HV01 failed.");
    const panels = () =>
      page
        .locator("#stage [data-panel]:visible")
        .evaluateAll((all) => all.map((each) => each.getAttribute("data-panel")));
    expect(await panels()).toEqual(["nodes", "run", "events"]);
    expect(await page.locator("#run-lanes").innerText()).toContain("big01");
    expect(await page.locator("#readouts > div:visible").count()).toBe(1);
    await page.keyboard.press("PageDown");
    expect(await readout(page, "time")).toBe("60.000 s");
    expect(await page.locator("#event-log [aria-current]").innerText()).toContain("lab01");
    expect(await axeFindings(page)).toEqual([]);
    await page.locator("#trace-file").setInputFiles({
      name: "trace.jsonl",
      mimeType: "application/jsonl",
      buffer: Buffer.from(fixtureTrace().text),
    });
    await expect.poll(() => page.locator("#verdict").innerText()).toContain("web01 moved");
    expect(await panels()).toContain("blackout");
    expect(complaints).toEqual([]);
  });

  it("with markup for names are shown as they are and run nothing", async () => {
    const hostile = `</script><script>window.harmed = 1</script><img src=x onerror="window.harmed = 1">`;
    const names = {
      scenario: hostile,
      vm: `${hostile}vm`,
      from: `${hostile}a`,
      to: `${hostile}b`,
      network: hostile,
      volume: hostile,
      client: hostile,
    };
    const { page, complaints } = await open({ trace: fixtureTrace(names).text });
    await page.keyboard.press("End");
    await page.waitForTimeout(200);
    expect(await page.evaluate("window.harmed")).toBeUndefined();
    expect(await page.locator("main img").count()).toBe(0);
    expect(await page.locator("#scenario-name").innerText()).toBe(hostile);
    expect(await page.locator("#verdict").innerText()).toContain(hostile);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(1280);
    expect(complaints).toEqual([]);
  });
});

describe("what if", () => {
  it("runs again with other numbers, and the result is another", async () => {
    const { page, complaints } = await open();
    const before = await page.locator("#verdict").innerText();
    await page.locator("#what-if-memory").fill("1");
    await page.locator("#what-if-link").fill("10000");
    await runAgain(page);
    const after = await page.locator("#verdict").innerText();
    expect(after).toContain("web01 moved");
    expect(after).not.toBe(before);
    await page.keyboard.press("End");
    expect(await readout(page, "outage")).not.toBe("0 s");
    await page.getByRole("button", { name: "Back to the scenario's own" }).click();
    await runAgain(page);
    expect(await page.locator("#verdict").innerText()).toBe(before);
    expect(complaints).toEqual([]);
  });

  it("offers a downtime limit to the profiles that have one, and it counts", async () => {
    const { page } = await open();
    expect(await page.locator("#what-if-limit").isVisible()).toBe(false);
    await page.locator("#what-if-profile").selectOption("qemu-7.2");
    await page.locator("#what-if-limit").fill("2000");
    await runAgain(page);
    const long = await page.locator("#verdict").innerText();
    await page.locator("#what-if-limit").fill("5");
    await runAgain(page);
    expect(await page.locator("#verdict").innerText()).not.toBe(long);
  });

  it("tells what is wrong with the numbers, and keeps the run it had", async () => {
    const { page } = await open();
    const before = await page.locator("#verdict").innerText();
    await page.locator("#what-if-memory").fill("0");
    await page.locator("#what-if-used").fill("130");
    await page.getByRole("button", { name: "Run again" }).click();
    expect(await page.locator(".problems li").allInnerTexts()).toEqual([
      "Memory must be a number from 0.0625 to 4096 GiB.",
      "Of it in use must be a number from 0 to 100 %.",
    ]);
    await page.locator("#what-if-used").fill("50");
    await page.locator("#what-if-memory").fill("4000");
    await page.getByRole("button", { name: "Run again" }).click();
    await expect.poll(() => page.locator(".problems").innerText()).toMatch(/room|memory/i);
    expect(await page.locator("#verdict").innerText()).toBe(before);
  });
});
