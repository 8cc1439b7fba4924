import { describe, expect, it } from "vitest";
import { fixtureTrace } from "../support/fixture-trace.ts";
import { pageOpener, pictureOf, readout, scrubTo } from "./open-page.ts";

const { open } = pageOpener();
const fixture = fixtureTrace();
const trace = fixture.text;

describe("the page", () => {
  it("opens from the disk, without a network, with its own example, and shows a migration", async () => {
    const { page, complaints, requests } = await open();
    await expect.poll(() => page.locator("#verdict").innerText()).toMatch(/web01 moved from HV01 to HV02 in .* s\./);
    expect(await page.locator("main svg[role=img]:visible").count()).toBe(7);
    expect(await page.locator("#event-log li").count()).toBeGreaterThan(20);
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("shows the trace that is embedded in it", async () => {
    const { page, complaints } = await open({ trace });
    expect(await page.locator("#verdict").innerText()).toContain("The guest stood still for 302 ms");
    expect(await page.locator("#event-log li").count()).toBe(fixture.events.length);
    expect(complaints).toEqual([]);
  });

  it("stays still where motion is to be reduced, and starts by itself elsewhere, with a pause in sight", async () => {
    const still = await open({ trace });
    const before = await readout(still.page, "time");
    await still.page.waitForTimeout(300);
    expect(await readout(still.page, "time")).toBe(before);
    const moving = await open({ trace, motion: true });
    await expect.poll(() => readout(moving.page, "time")).not.toBe(before);
    expect(await moving.page.locator("#play").getAttribute("aria-label")).toBe("Pause");
    expect(await moving.page.locator("#play").isVisible()).toBe(true);
  });

  it("plays, pauses, and does not touch the page while nothing changes", async () => {
    const { page } = await open({ trace });
    const start = await readout(page, "time");
    await page.locator("#play").click();
    await expect.poll(() => readout(page, "time")).not.toBe(start);
    await page.locator("#play").click();
    const changes = await page.evaluate(`new Promise((resolve) => {
      let count = 0;
      let frames = 0;
      const original = window.requestAnimationFrame;
      window.requestAnimationFrame = (callback) => { frames += 1; return original(callback); };
      const observer = new MutationObserver((records) => { count += records.length; });
      observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      setTimeout(() => resolve({ count, frames }), 500);
    })`);
    expect(changes).toEqual({ count: 0, frames: 0 });
  });

  it("plays to its end and stops there, the blackout in slow motion on the way", async () => {
    const { page } = await open({ trace });
    const migration = fixture.result.migrations[0];
    const stopped = fixture.events.find((event) => event.type === "vm.stopped")?.t ?? 0;
    await scrubTo(page, stopped + 0.1);
    expect(await page.locator("#speed-label").innerText()).toContain("slow motion");
    await page.locator("#slow-motion").uncheck();
    expect(await page.locator("#speed-label").innerText()).toBe("2× real time");
    await page.keyboard.press("+");
    await page.locator("#play").click();
    await expect.poll(() => page.locator("#play").getAttribute("aria-label"), { timeout: 10_000 }).toBe("Play");
    expect(await readout(page, "blackout")).toBe(`${((migration?.downtimeSeconds ?? 0) * 1000).toFixed(0)} ms`);
    expect(await readout(page, "outage")).toBe("500 ms");
  });

  it("draws the same picture for a time however it is reached", async () => {
    const { page } = await open({ trace });
    const end = fixture.events.at(-1)?.t as number;
    const times = [0.31, 0.97, 0.02, 0.955, 0.5, 0.948, 0.31].map((share) => share * end);
    const seen = new Map<number, string>();
    for (const t of [...times, ...[...times].reverse(), 0, ...times]) {
      await scrubTo(page, t);
      const picture = await pictureOf(page);
      const before = seen.get(t);
      if (before === undefined) seen.set(t, picture);
      else expect(picture === before, `the picture at ${t} s differs`).toBe(true);
    }
    expect(new Set(seen.values()).size).toBe(seen.size);
  });

  it("steps by event and by round, forward and back, to the pictures that seeking gives", async () => {
    const { page } = await open({ trace });
    await page.keyboard.press("Home");
    const pictures = [await pictureOf(page)];
    for (let k = 0; k < 6; k += 1) {
      await page.locator("#step").click();
      pictures.push(await pictureOf(page));
    }
    for (let k = 5; k >= 0; k -= 1) {
      await page.locator("#step-back").click();
      expect((await pictureOf(page)) === pictures[k], `step ${k} back`).toBe(true);
    }
    const second = fixture.events.find((event) => event.type === "migration.roundStarted" && event.round === 2);
    await page.locator("#event-log li", { hasText: "Round 2 starts" }).click();
    expect(await readout(page, "round")).toBe("2");
    expect(await readout(page, "time")).toBe(`${second?.t.toFixed(3)} s`);
    await page.locator("#step-round").click();
    expect(await readout(page, "round")).toBe("3");
    await page.locator("#step-back-round").click();
    expect(await readout(page, "round")).toBe("2");
  });

  it("seeks where a chart is clicked", async () => {
    const { page } = await open({ trace });
    const box = await page.locator("#lanes svg").boundingBox();
    await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) * 0.6, (box?.y ?? 0) + 40);
    const seconds = Number.parseFloat(await readout(page, "time"));
    expect(seconds).toBeGreaterThan(10);
    expect(seconds).toBeLessThan(15);
  });
});
