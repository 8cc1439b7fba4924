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
  await page.evaluate("document.activeElement.blur()");
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

/** The places of the charts that are in sight, with the cells of their tables, line by line. */
async function chartsOf(page: Page): Promise<{ id: string; rows: string[][] }[]> {
  return page.evaluate(`[...document.querySelectorAll("main .panel svg[role=img], main .panel canvas[role=img]")]
    .filter((chart) => chart.checkVisibility())
    .map((chart) => ({
      id: chart.parentElement.id,
      rows: [...chart.parentElement.querySelectorAll(":scope > details tbody tr")]
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

describe("by keyboard alone", () => {
  it("each part of each chart is come to, and its card holds its numbers, a law and where it is from", async () => {
    const { page, complaints } = await open({ trace: fixture.text });
    await scrubTo(page, stopped + 0.1);
    const told = await walk(page);
    const charts = await chartsOf(page);
    expect(charts.length).toBeGreaterThan(5);
    for (const { id, rows } of charts) {
      const cards = told.get(id) ?? [];
      expect(cards.length, id).toBeGreaterThan(0);
      const known = Object.values(TERMS).map((term) => [term.law, `${term.page}: ${term.heading}`]);
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
    expect(complaints).toEqual([]);
  });
});
