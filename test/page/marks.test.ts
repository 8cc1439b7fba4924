/** Every number of every chart is explained, to those who use the keyboard alone too. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { TERMS } from "../../viz/model/terms.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";
import { pageOpener, scrubTo } from "./open-page.ts";

const { open } = pageOpener();
const fixture = fixtureTrace();
const stopped = fixture.events.find((event) => event.type === "vm.stopped")?.t ?? 0;

/** Studies take their time on a busy machine. */
const SLOW = { timeout: 30_000 };

/** What the card says of one part of a chart. */
interface Told {
  title: string;
  numbers: string[];
  law: string;
  link: string;
}

/** Tab through the page, and Down through each chart that is come to: what is told, by the id of the chart's place. */
async function walk(page: Page): Promise<Map<string, Told[]>> {
  const told = new Map<string, Told[]>();
  await page.locator(".skip-link").focus();
  for (let stop = 0; stop < 200; stop += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate<{ id: string; count: number } | null>(`(() => {
      const here = document.activeElement;
      if (here === document.body) return null;
      const label = here.getAttribute("aria-label") ?? "";
      const count = here.className === "mark-stop" ? Number(/^1 of (\\d+): /.exec(label)?.[1] ?? NaN) : 0;
      return { id: here.parentElement.id, count };
    })()`);
    if (at === null) break;
    for (let k = 0; k < at.count; k += 1) {
      const card = await page.evaluate<Told>(`(() => {
        const card = document.querySelector(".card:not([hidden])");
        const text = (of) => card.querySelector(of)?.textContent ?? "";
        return {
          title: text("h3"),
          numbers: [...card.querySelectorAll("dd")].map((each) => each.textContent),
          law: text(".law"),
          link: text("button.link"),
        };
      })()`);
      told.set(at.id, [...(told.get(at.id) ?? []), card]);
      await page.keyboard.press("ArrowDown");
    }
  }
  return told;
}

/** The places of the charts that are in sight and show anything, with the cells of their tables, line by line. */
async function chartsOf(page: Page): Promise<{ id: string; rows: string[][] }[]> {
  // Some tables are written while they are unfolded.
  await page.evaluate(`(async () => {
    for (const details of document.querySelectorAll("main details")) details.open = true;
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  })()`);
  return page.evaluate(`[...document.querySelectorAll("main .panel svg[role=img], main .panel canvas[role=img]")]
    .filter((chart) => chart.checkVisibility() && chart.querySelector(".empty") === null)
    .map((chart) => ({
      id: chart.parentElement.id,
      rows: [...chart.parentElement.querySelectorAll(":scope > details tbody tr, :scope > div > details tbody tr")]
        .map((row) => [...row.cells].map((cell) => cell.textContent)),
    }))`);
}

/** Headings of a page of the documentation. */
function headingsOf(file: string): string[] {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  return text.split("\n").flatMap((line) => /^#+ (.*)$/.exec(line)?.[1] ?? []);
}

describe("the terms", () => {
  it("name pages and headings that the documentation has", () => {
    for (const { page, heading } of Object.values(TERMS)) expect(headingsOf(page)).toContain(heading);
  });
});

const known = Object.values(TERMS).map((term) => [term.law, `${term.page}: ${term.heading}`]);

/** Every chart in sight was walked through; each card has numbers, a law and its source; the tables' numbers are all told. */
async function expectAllTold(page: Page): Promise<string[]> {
  const told = await walk(page);
  const charts = await chartsOf(page);
  for (const { id, rows } of charts) {
    const cards = told.get(id) ?? [];
    expect(cards.length, id).toBeGreaterThan(0);
    for (const { title, numbers, law, link } of cards) {
      expect(title, id).not.toBe("");
      expect(numbers.join(), `${id}: ${title}`).not.toBe("");
      expect(known, `${id}: ${title}`).toContainEqual([law, link]);
    }
    expect(rows.length, id).toBeGreaterThan(0);
    const said = cards.flatMap(({ title, numbers }) => [title, ...numbers]).join("\n");
    for (const number of rows.flat().flatMap((cell) => cell.match(/\d(?:[\d.,]*\d)?/g) ?? [])) {
      expect(said.includes(number), `${id}: ${number} of its table is told by no card`).toBe(true);
    }
  }
  return charts.map(({ id }) => id);
}

describe("by keyboard alone", () => {
  it("each part of each chart is come to, and its card holds its numbers, a law and where it is from", async () => {
    const { page, complaints } = await open({ trace: fixture.text });
    await scrubTo(page, stopped + 0.1);
    const charts = await expectAllTold(page);
    expect(charts).toEqual(expect.arrayContaining(["sketch", "blackout", "lanes", "dirty-pages", "rounds", "memory"]));
    expect(complaints).toEqual([]);
  });

  it("so is each of the runs beside the one that is shown", async () => {
    const { page, complaints } = await open();
    await page.locator("#pin").click();
    await page.locator("#what-if-writes").fill("2");
    await expect.poll(() => page.locator("#curve").getAttribute("data-done"), SLOW).toBe("true");
    await page.locator("#chances-seeds").fill("20");
    await page.locator("#chances-objective").fill("456");
    await page.locator("#chances-run").click();
    await expect.poll(() => page.locator("#chances-run").innerText(), SLOW).toBe("Run them");
    const charts = await expectAllTold(page);
    expect(charts).toEqual(expect.arrayContaining(["curve-place", "comparison", "chances-fan", "chances-histogram"]));
    expect(complaints).toEqual([]);
  });

  it.each([
    ["drain-hyper-v-2008r2", "run-lanes"],
    ["qemu-postcopy", "lanes"],
  ])("so is each of %s", async (scenario, chart) => {
    const { page, complaints } = await open({ hash: `#v=1&scenario=${scenario}` });
    expect(await expectAllTold(page)).toContain(chart);
    expect(complaints).toEqual([]);
  });

  it("the numbers of the verdict are explained", async () => {
    const { page } = await open({ trace: fixture.text });
    const numbers = page.locator("#verdict button");
    expect(await numbers.allInnerTexts()).toEqual(["21.6 s", "302 ms", "500 ms"]);
    const card = page.locator(".card");
    for (const [index, term] of (["total", "blackout", "outage"] as const).entries()) {
      await numbers.nth(index).focus();
      expect(await card.innerText()).toContain(await numbers.nth(index).innerText());
      expect(await card.innerText()).toContain(TERMS[term].law);
    }
  });
});

describe("an open card", () => {
  it("follows the run, and is left where another chart changes", async () => {
    const { page } = await open({ trace: fixture.text });
    await page.keyboard.press("Home");
    await page.locator("#sketch .mark-stop").focus();
    const card = page.locator(".card");
    for (let k = 0; k < 3; k += 1) await page.keyboard.press("ArrowDown");
    const before = await card.innerText();
    expect(before).toContain("524,288");
    await scrubTo(page, stopped - 0.1);
    expect(await card.isVisible()).toBe(true);
    expect(await card.innerText()).not.toBe(before);
    await page.locator("#memory").scrollIntoViewIfNeeded();
    const box = await page.locator("#memory .map rect").first().boundingBox();
    await page.mouse.move((box?.x ?? 0) + 2, (box?.y ?? 0) + 2);
    await expect.poll(() => card.innerText()).toContain("Pages 0 to 511");
  });
});
