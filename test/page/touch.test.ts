/** The page under fingers, on a phone and on a tablet. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { fixtureTrace } from "../support/fixture-trace.ts";
import { axeFindings, pageOpener, readout } from "./open-page.ts";

const { open } = pageOpener();
const trace = fixtureTrace().text;

/** WCAG 2.5.8. */
const LEAST_TARGET_PIXELS = 24;

/** What can be touched and is smaller than a finger needs, links within a text apart. */
async function smallTargets(page: Page): Promise<string[]> {
  const found = await page.evaluate(`[...document.querySelectorAll("button, input, select, summary, [role=button]")]
    .filter((each) => each.checkVisibility() && !each.matches(".mark-stop, .link, .term"))
    .map((each) => ({ each, box: (each.closest("label") ?? each).getBoundingClientRect() }))
    .filter(({ box }) => box.width < ${LEAST_TARGET_PIXELS} || box.height < ${LEAST_TARGET_PIXELS})
    .map(({ each, box }) => (each.id || each.className || each.textContent.slice(0, 30)) + " " + Math.round(box.width) + "x" + Math.round(box.height))`);
  return [...new Set(found as string[])];
}

type Point = readonly [x: number, y: number];

/** Fingers put down, moved in steps, and lifted. */
async function gesture(page: Page, from: readonly Point[], to: readonly Point[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const send = (type: "touchStart" | "touchMove" | "touchEnd", points: readonly Point[]) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  await send("touchStart", from.slice(0, 1));
  if (from.length > 1) await send("touchStart", from);
  for (let step = 1; step <= 8; step += 1) {
    const moved = from.map(([x, y], finger): Point => {
      const [toX, toY] = to[finger] as Point;
      return [x + ((toX - x) * step) / 8, y + ((toY - y) * step) / 8];
    });
    await send("touchMove", moved);
  }
  await send("touchEnd", []);
  await session.detach();
}

const secondsOf = async (page: Page): Promise<number> => Number.parseFloat(await readout(page, "time"));
const zoomOf = async (page: Page): Promise<number[]> =>
  (/zoom=([\d.]+)%2C([\d.]+)/.exec(String(await page.evaluate("location.hash"))) ?? []).slice(1).map(Number);

describe.each([
  [320, 640],
  [768, 1024],
])("touched, at %i by %i pixels", (width, height) => {
  it("has targets of a finger's size, everywhere", async () => {
    const { page, complaints } = await open({ width, height, touch: true });
    expect(await smallTargets(page)).toEqual([]);
    await page.locator("#pin").tap();
    await page.locator("#what-if-loss-slider").evaluate((element) => {
      const slider = element as unknown as { value: string; dispatchEvent(event: unknown): void };
      slider.value = "60";
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await page.locator("#curve[data-done=true]").waitFor();
    await page.locator("#choose-hypervisor-log").tap();
    expect(await smallTargets(page)).toEqual([]);
    for (const id of ["open-help", "open-library"]) {
      await page.locator(`#${id}`).tap();
      expect(await smallTargets(page)).toEqual([]);
      await page.locator("dialog[open]").getByRole("button", { name: "Close" }).tap();
    }
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    expect(complaints).toEqual([]);
  });

  it("plays, seeks and scrubs by tap and drag; two fingers zoom and move what the charts show", async () => {
    const { page, complaints } = await open({ trace, width, height, touch: true });
    await page.locator("#play").tap();
    await page.locator("#play").tap();
    await page.locator("#lanes svg").evaluate((element) => element.scrollIntoView({ block: "center" }));
    const box = await page.locator("#lanes svg").boundingBox();
    if (box === null) throw new Error("no chart");
    const at = (share: number, down = 40): Point => [box.x + box.width * share, box.y + down];
    await page.touchscreen.tap(...at(0.6));
    const tapped = await secondsOf(page);
    await gesture(page, [at(0.6)], [at(0.8)]);
    expect(await secondsOf(page)).toBeGreaterThan(tapped);
    await gesture(page, [at(0.55), at(0.65)], [at(0.45), at(0.85)]);
    await expect.poll(() => zoomOf(page)).toHaveLength(2);
    const [start = 0, end = 0] = await zoomOf(page);
    expect(end - start).toBeLessThan(15);
    await gesture(page, [at(0.5), at(0.7)], [at(0.6), at(0.8)]);
    await expect.poll(async () => (await zoomOf(page))[0]).toBeLessThan(start);
    await gesture(page, [at(0.35), at(0.9)], [at(0.58), at(0.62)]);
    await expect.poll(() => zoomOf(page)).toEqual([]);
    expect(await page.evaluate("visualViewport.scale")).toBe(1);
    expect(complaints).toEqual([]);
  });

  it("opens explanations by a tap, which stay until the next one; nothing needs a pointer that hovers", async () => {
    const { page } = await open({ trace, width, height, touch: true });
    const card = page.locator(".card");
    await page.locator("#readout-dirty .term").tap();
    expect(await card.innerText()).toContain("exp(");
    await page.waitForTimeout(400);
    expect(await card.isVisible()).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await page.locator("#sketch-heading").tap();
    await expect.poll(() => card.isVisible()).toBe(false);
  });

  it("tells a lesson by taps", async () => {
    const { page, complaints } = await open({ width, height, touch: true });
    await page.locator("#open-library").tap();
    await page.getByRole("button", { name: /^Why pre-copy converges/ }).tap();
    for (let step = 1; step <= 8; step += 1) {
      await page.locator(`#lesson[data-settled$=" ${step}"]`).waitFor();
      expect(await smallTargets(page), `step ${step}`).toEqual([]);
      const seen = await page.evaluate(
        `[...document.querySelectorAll("#stage [data-panel]")].some((each) => each.checkVisibility())`,
      );
      expect(seen).toBe(true);
      if (step < 8) await page.locator("#lesson-next").tap();
    }
    await page.locator("#lesson-back").tap();
    await page.locator(`#lesson[data-settled$=" 7"]`).waitFor();
    expect(complaints).toEqual([]);
  });
});
