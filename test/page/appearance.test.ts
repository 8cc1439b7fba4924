import { describe, expect, it } from "vitest";
import { fixtureTrace } from "../support/fixture-trace.ts";
import { axeFindings, pageOpener, scrubTo } from "./open-page.ts";

const { open } = pageOpener();
const fixture = fixtureTrace();
const trace = fixture.text;
const inBlackout = (fixture.events.find((event) => event.type === "vm.stopped")?.t ?? 0) + 0.1;

describe("accessibility", () => {
  it.each(["light", "dark"] as const)(
    "axe finds nothing in the %s theme, at rest, in the blackout, and in the dialog",
    async (colorScheme) => {
      const { page } = await open({ trace, colorScheme });
      expect(await axeFindings(page)).toEqual([]);
      await scrubTo(page, inBlackout);
      await page.locator("details.data:visible").first().locator("summary").click();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press("?");
      expect(await axeFindings(page)).toEqual([]);
    },
  );

  it("axe finds nothing on a phone, nor where the panel tells of errors", async () => {
    const { page } = await open({ trace, width: 320, height: 640 });
    await page.locator("#what-if-memory").fill("");
    await page.getByRole("button", { name: "Run again" }).click();
    expect(await page.locator(".problems").innerText()).toContain("Memory");
    expect(await axeFindings(page)).toEqual([]);
  });

  it("switches the theme against the system's preference and back", async () => {
    const { page } = await open({ trace, colorScheme: "dark" });
    const ground = () => page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor");
    const dark = await ground();
    await page.getByRole("button", { name: /Theme/ }).click();
    expect(await ground()).not.toBe(dark);
    await page.getByRole("button", { name: /Theme/ }).click();
    expect(await ground()).toBe(dark);
  });

  it("names every chart and gives its numbers as text", async () => {
    const { page } = await open({ trace });
    const names = await page
      .locator("main svg[role=img]")
      .evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
    expect(names.every((name) => name !== null && name.length > 20)).toBe(true);
    expect(new Set(names).size).toBe(names.length);
    const rows = await page.locator("#rounds tbody tr").evaluateAll((all) => all.map((each) => each.textContent));
    expect(rows).toHaveLength(11);
    expect(rows[0]).toContain("524,288");
    expect(await page.locator("#blackout tbody").textContent()).toContain("hand over storage");
  });
});

describe("layout", () => {
  it.each([
    [320, 640, 16],
    [768, 1024, 16],
    [1920, 1080, 16],
    [640, 800, 32],
    [1280, 800, 32],
  ])("does not overflow at %i by %i pixels and text of %i pixels", async (width, height, text) => {
    const { page } = await open({ trace, width, height });
    await page.evaluate(`document.documentElement.style.fontSize = "${text}px"`);
    await page.setViewportSize({ width, height: height + 1 });
    await scrubTo(page, inBlackout);
    await page.waitForTimeout(100);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    const cut = await page.locator("main svg[role=img]").evaluateAll(
      (all) =>
        all.filter((each) => {
          const chart = each.getBoundingClientRect();
          const place = (each.parentElement as typeof each).getBoundingClientRect();
          return chart.width > place.width + 1;
        }).length,
    );
    expect(cut).toBe(0);
  });

  it("keeps readouts and player in sight while one scrolls", async () => {
    const { page } = await open({ trace });
    await page.mouse.wheel(0, 900);
    await page.waitForTimeout(200);
    for (const id of [
      "readout-time",
      "readout-round",
      "readout-dirty",
      "readout-link",
      "readout-blackout",
      "readout-outage",
      "play",
    ]) {
      const box = await page.locator(`#${id}`).boundingBox();
      expect(box?.y ?? -1, id).toBeGreaterThanOrEqual(0);
      expect((box?.y ?? 0) + (box?.height ?? 0), id).toBeLessThan(800);
    }
  });
});
