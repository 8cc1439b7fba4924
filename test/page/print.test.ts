/** The page on paper: light whatever the theme, without what can only be used on a screen, nothing cut off. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { fixtureTrace } from "../support/fixture-trace.ts";
import { pageOpener, scrubTo } from "./open-page.ts";

const { open } = pageOpener();
const fixture = fixtureTrace();
const stopped = fixture.events.find((event) => event.type === "vm.stopped")?.t ?? 0;

/** A4 between its margins, in CSS pixels. */
const PAPER = { width: 718, height: 1046 };

async function onPaper(theme: "light" | "dark"): Promise<Page> {
  const { page } = await open({ trace: fixture.text, colorScheme: theme });
  await scrubTo(page, stopped + 0.1);
  await page.emulateMedia({ media: "print", colorScheme: theme });
  return page;
}

describe.each(["light", "dark"] as const)("on paper, from the %s theme", (theme) => {
  it("everything that says something is there, dark on white, and no control is", async () => {
    const page = await onPaper(theme);
    for (const id of ["verdict", "readouts", "sketch", "blackout", "lanes", "dirty-pages", "rounds", "memory"]) {
      expect(await page.locator(`#${id}`).isVisible(), id).toBe(true);
    }
    const controls = page.locator("main :is(input, select, form, .exports button, .transport button, .mark-stop)");
    expect(await controls.filter({ visible: true }).count()).toBe(0);
    expect(await page.locator(".what-if-panel, .compare-panel, .chances-panel").filter({ visible: true }).count()).toBe(
      0,
    );
    const colours = await page.evaluate(`["background-color", "color"].map((of) =>
      getComputedStyle(document.querySelector(".panel")).getPropertyValue(of))`);
    expect(colours).toEqual(["rgb(255, 255, 255)", "rgb(0, 0, 0)"]);
  });

  it("nothing is cut off, also where a table is unfolded, and the file has pages", async () => {
    const page = await onPaper(theme);
    await page.evaluate('document.querySelector("#rounds details").open = true');
    await page.setViewportSize(PAPER);
    const wide = await page.evaluate(`[...document.querySelectorAll("main svg[role=img]")]
      .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1)
      .map((each) => each.parentElement.id)`);
    expect(wide).toEqual([]);
    expect(await page.locator("#rounds tbody tr").last().isVisible()).toBe(true);
    const file = (await page.pdf({ format: "A4" })).toString("latin1");
    expect(file.slice(0, 5)).toBe("%PDF-");
    expect(file.match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(1);
  });
});
