import { readFileSync } from "node:fs";
import fc from "fast-check";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { eventLogOf } from "../../sim/index.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";
import { axeFindings, pageOpener, pictureOf, readout, scrubTo } from "./open-page.ts";

const { open } = pageOpener();
const fixture = fixtureTrace();
const trace = fixture.text;
const stopped = fixture.events.find((event) => event.type === "vm.stopped")?.t ?? 0;

/** First and last label of the lanes' time axis. */
async function axisOf(page: Page): Promise<string[]> {
  return page.locator("#lanes .axis text").allTextContents();
}

describe("the charts over time", () => {
  it("show the blackout, the migration or all of the run: by key, button, wheel and drag, and by link", async () => {
    const { page, complaints } = await open({ trace });
    const all = await axisOf(page);
    await page.keyboard.press("e");
    expect(await axisOf(page)).not.toEqual(all);
    expect(Number.parseFloat((await axisOf(page))[0] ?? "")).toBeGreaterThan(1);
    await page.keyboard.press("f");
    expect(await axisOf(page)).toEqual(all);
    await page.locator("#zoom-blackout").click();
    await scrubTo(page, stopped + 0.1);
    const close = await pictureOf(page);
    await expect.poll(() => page.evaluate("location.hash")).toContain("zoom=");
    const hash = String(await page.evaluate("location.hash"));
    await page.locator("#zoom-fit").click();
    const box = await page.locator("#overview svg").boundingBox();
    if (box === null) throw new Error("no overview");
    await page.mouse.move(box.x + box.width * 0.2, box.y + 8);
    await page.mouse.wheel(0, -600);
    await expect.poll(() => axisOf(page)).not.toEqual(all);
    await page.keyboard.press("0");
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, box.y + 8, { steps: 3 });
    await page.mouse.up();
    expect(await axisOf(page)).not.toEqual(all);
    const second = await open({ trace, hash });
    expect((await pictureOf(second.page)) === close).toBe(true);
    expect([...complaints, ...second.complaints]).toEqual([]);
  });

  it("show for a moment and a stretch the same picture, in whatever order they are looked at", async () => {
    const { page } = await open({ trace });
    await page.keyboard.press("e");
    const end = fixture.events.at(-1)?.t as number;
    const seen = new Map<number, string>();
    const near = fc.double({ min: stopped - 1, max: stopped + 1, noNaN: true });
    const times = fc.sample(fc.oneof(near, fc.double({ min: 0, max: end, noNaN: true })), { numRuns: 8, seed: 5 });
    for (const t of [...times, ...[...times].reverse()]) {
      await scrubTo(page, t);
      const picture = await pictureOf(page);
      const before = seen.get(t);
      seen.set(t, picture);
      if (before !== undefined) expect(picture === before, `the picture at ${t} s differs`).toBe(true);
    }
  });
});

describe("the event log of the hypervisors", () => {
  const log = eventLogOf(fixture.events);
  const lines = (page: Page) => page.locator("#hypervisor-log li");
  const marked = (page: Page) => page.locator("#hypervisor-log [aria-current]");

  it("is chosen by keyboard beside the events, holds the lines of the command line's, and follows the playhead", async () => {
    const { page, complaints } = await open({ trace });
    expect(await lines(page).count()).toBe(0);
    await page.locator("#choose-hypervisor-log").focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("#event-log").isVisible()).toBe(false);
    expect(log.length).toBeGreaterThan(3);
    expect(await lines(page).count()).toBe(log.length);
    const shown = await lines(page).allInnerTexts();
    for (const [index, { t, node, source, id, text }] of log.entries()) {
      for (const part of [t.toFixed(4), node, source, String(id ?? ""), text]) expect(shown[index]).toContain(part);
    }
    await page.keyboard.press("Home");
    expect(await marked(page).count()).toBe(0);
    for (const { t } of log) {
      await scrubTo(page, t);
      const last = log.findLast((entry) => entry.t <= t);
      expect(await marked(page).innerText()).toContain(last?.text);
    }
    await lines(page).first().click();
    expect(await readout(page, "time")).toBe(`${log[0]?.t.toFixed(3)} s`);
    expect(await axeFindings(page)).toEqual([]);
    await page.locator("#choose-events").click();
    expect(await page.locator("#event-log [aria-current]").isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it("is another run's when another is opened, and says so where nothing would be logged", async () => {
    const { page } = await open({ trace });
    await page.locator("#choose-hypervisor-log").click();
    const silent = trace.replaceAll("hyper-v-2008r2", "simgrid-3.32");
    await page
      .locator("#trace-file")
      .setInputFiles({ name: "trace.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(silent) });
    await expect.poll(() => page.locator("#hypervisor-log-nothing").isVisible()).toBe(true);
    expect(await lines(page).count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
  });
});

describe("numbers", () => {
  it("are explained where they are hovered and where they are focused, with law and source", async () => {
    const { page } = await open({ trace });
    const card = page.locator(".card");
    await page.locator("#readout-dirty .term").focus();
    expect(await card.innerText()).toContain("exp(");
    await page.keyboard.press("Escape");
    expect(await card.isVisible()).toBe(false);
    await page.locator("#lanes .mark-stop").focus();
    const first = await card.innerText();
    await page.keyboard.press("ArrowDown");
    expect(await card.innerText()).not.toBe(first);
    expect(await page.locator("#lanes .mark-stop").getAttribute("aria-label")).toMatch(/^2 of \d+: /);
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    expect(await page.getByRole("dialog", { name: "What the numbers mean" }).isVisible()).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("e");
    await page.locator("#lanes .axis").scrollIntoViewIfNeeded();
    const arp = await page.locator("#lanes .mark.arp").last().boundingBox();
    await page.mouse.move((arp?.x ?? 0) + 5, (arp?.y ?? 0) + 5);
    await expect.poll(() => card.innerText()).toContain("0x0806 (ARP)");
  });
});

describe("saved charts", () => {
  it("stand alone: no class, no variable, nothing from elsewhere, and every pattern they name", async () => {
    const { page } = await open({ trace });
    await scrubTo(page, stopped + 0.1);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as SVG: The blackout, close up" }).click();
    const text = readFileSync(await (await download).path(), "utf8");
    expect(text).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(text).not.toMatch(/class=|var\(|file:|<script/);
    for (const [, id] of text.matchAll(/url\(#([^)]+)\)/g)) expect(text).toContain(`id="${id}"`);
    const image = await page.evaluate(
      `(async () => { const image = new Image(); image.src = "data:image/svg+xml," + encodeURIComponent(${JSON.stringify(text)}); await image.decode(); return image.width; })()`,
    );
    expect(image).toBeGreaterThan(100);
    const png = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as PNG: Rounds" }).click();
    expect(
      readFileSync(await (await png).path())
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
  });

  it("show in the map of memory what the readouts count", async () => {
    const { page } = await open({ trace });
    await page.keyboard.press("End");
    expect(await page.locator("#memory .map .group:not(.clean)").count()).toBe(0);
    await page.keyboard.press("Home");
    expect(await page.locator("#memory .map .group.clean").count()).toBe(0);
    expect(await readout(page, "dirty")).toBe("524,288");
  });
});
