/** A moment gives one picture, over all views, however it is reached. */
import fc from "fast-check";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { fixtureTrace } from "../support/fixture-trace.ts";
import { type PageOptions, pageOpener, scrubTo } from "./open-page.ts";

const { open } = pageOpener();

/** Every panel, readouts, verdict and player as text, and the pixels of every canvas; by name. */
async function partsOf(page: Page): Promise<Record<string, string>> {
  return page.evaluate(`(() => {
    const parts = {};
    for (const part of document.querySelectorAll("main .panel, #readouts, #verdict, #overview")) {
      const copy = part.cloneNode(true);
      // Where the focus was is no part of the picture.
      for (const stop of copy.querySelectorAll(".mark-stop")) stop.remove();
      parts[part.dataset.panel ?? part.id] = copy.outerHTML;
    }
    for (const [index, canvas] of document.querySelectorAll("main canvas").entries()) parts["canvas " + index] = canvas.toDataURL();
    return parts;
  })()`);
}

/** The moment that the page is at, as the scrubber has it: to fifteen digits. */
async function momentOf(page: Page): Promise<string> {
  return page.locator("#scrubber").inputValue();
}

/** How to come straight to the present moment, to the last bit: by its event's line, or else by the page's address. */
async function wayBack(page: Page, moment: string): Promise<{ line: string } | { link: string }> {
  const line = await page.evaluate<string | null>(`[...document.querySelectorAll("#event-log button")]
    .map((button) => button.dataset.t).find((t) => Math.abs(t - ${moment}) <= 1e-13 * t) ?? null`);
  if (line !== null) return { line };
  // The address is written when nothing has changed for a while.
  const behind = (): Promise<number> =>
    page.evaluate(`Math.abs(Number(new URLSearchParams(location.hash.slice(1)).get("t") ?? "-1") - ${moment})`);
  await expect.poll(behind).toBeLessThanOrEqual(1e-13 * Number(moment));
  return { link: await page.evaluate("location.hash") };
}

type Move =
  | { way: "scrub"; share: number }
  | { way: "key"; key: string; times: number }
  | { way: "play"; millis: number };

const move = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      way: fc.constant("scrub" as const),
      share: fc.integer({ min: 0, max: 999 }).map((k) => k / 1000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      way: fc.constant("key" as const),
      key: fc.constantFrom("ArrowRight", "ArrowLeft", "PageDown", "PageUp", "Home", "End"),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ way: fc.constant("play" as const), millis: fc.integer({ min: 50, max: 250 }) }) },
);

async function make(page: Page, step: Move): Promise<void> {
  if (step.way === "key") for (let k = 0; k < step.times; k += 1) await page.keyboard.press(step.key);
  else if (step.way === "scrub") {
    const [least, most] = await page.locator("#scrubber").evaluate((element) => {
      const input = element as unknown as { min: string; max: string };
      return [Number(input.min), Number(input.max)] as const;
    });
    // In so many digits as the scrubber keeps.
    await scrubTo(page, Number((least + (most - least) * step.share).toFixed(6)));
  } else {
    await page.keyboard.press(" ");
    await page.waitForTimeout(step.millis);
    if ((await page.locator("#play").getAttribute("aria-label")) === "Pause") await page.keyboard.press(" ");
  }
}

function expectSame(now: Record<string, string>, before: Record<string, string>, what: string): void {
  expect(Object.keys(now)).toEqual(Object.keys(before));
  const different = Object.keys(now).filter((part) => now[part] !== before[part]);
  expect(different, what).toEqual([]);
}

/** A picture, and how to come straight to it. */
interface Seen {
  parts: Record<string, string>;
  back: "scrub" | { line: string } | { link: string };
}

const RUNS: readonly (readonly [string, PageOptions])[] = [
  ["a live migration", { trace: fixtureTrace().text }],
  ["post-copy", { hash: "#v=1&scenario=qemu-postcopy" }],
  ["quick migration", { hash: "#v=1&scenario=hyper-v-2008-quick-migration" }],
  ["a drain", { hash: "#v=1&scenario=drain-hyper-v-2008r2" }],
  ["a host that fails", { hash: "#v=1&scenario=failover-hyper-v-2008r2" }],
];

describe("a moment has one picture", () => {
  it.each(RUNS)("of %s, by scrubber, keys and playing, in any order, and opened by its link", async (name, options) => {
    const { page, complaints } = await open(options);
    const [moves] = fc.sample(fc.array(move, { minLength: 10, maxLength: 10 }), { numRuns: 1, seed: name.length }) as [
      Move[],
    ];
    // What makes the walk worth its while, whatever was drawn.
    moves.push({ way: "play", millis: 120 }, { way: "key", key: "PageUp", times: 2 }, { way: "scrub", share: 0.5 });
    const seen = new Map<string, Seen>();
    for (const [index, step] of moves.entries()) {
      await make(page, step);
      const moment = await momentOf(page);
      const parts = await partsOf(page);
      const before = seen.get(moment);
      if (before !== undefined) expectSame(parts, before.parts, `move ${index} of ${JSON.stringify(moves)}`);
      else seen.set(moment, { parts, back: step.way === "scrub" ? "scrub" : await wayBack(page, moment) });
    }
    // Pictures of different moments differ, but for those of one instant, or nothing has been compared.
    expect(new Set([...seen.values()].map(({ parts }) => JSON.stringify(parts))).size).toBeGreaterThan(seen.size - 3);
    expect(seen.size).toBeGreaterThan(6);
    const shuffled = [...seen].sort(([one], [other]) => Number(one.at(-1)) - Number(other.at(-1)));
    let links = 0;
    for (const [moment, { parts, back }] of shuffled) {
      if (back !== "scrub" && "link" in back) {
        links += 1;
        continue;
      }
      await scrubTo(page, Number(moment));
      // The list holds the lines around the moment.
      if (back !== "scrub")
        await page.evaluate(`document.querySelector('#event-log button[data-t="${back.line}"]').click()`);
      expect(await momentOf(page)).toBe(moment);
      expectSame(await partsOf(page), parts, `straight to ${moment} s`);
    }
    expect(links).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
    for (const [moment, { parts, back }] of shuffled) {
      if (back === "scrub" || !("link" in back)) continue;
      const linked = await open({ ...options, hash: back.link });
      await expect.poll(() => momentOf(linked.page)).toBe(moment);
      expectSame(await partsOf(linked.page), parts, `by ${back.link}`);
      expect(linked.complaints).toEqual([]);
    }
  });
});
