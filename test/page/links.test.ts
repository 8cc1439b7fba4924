import fc from "fast-check";
import type { Page } from "playwright-core";
import { describe, expect, it, onTestFinished } from "vitest";
import { fixtureTrace } from "../support/fixture-trace.ts";
import { pageOpener, pictureOf, readout, scrubTo } from "./open-page.ts";
import "../support/fixed-seed.ts";

const { open } = pageOpener();
const trace = fixtureTrace().text;

/** All that a reader sees below the page's head: every element that is not hidden, every value of a control. */
async function wholeOf(page: Page): Promise<string> {
  const whole = String(
    await page.evaluate(`(() => {
        const copy = document.querySelector("main").cloneNode(true);
        for (const each of copy.querySelectorAll("[hidden]")) each.remove();
        return copy.outerHTML;
      })() +
      [...document.querySelectorAll("main input, main select")].map((each) => each.id + "=" + (each.type === "checkbox" ? each.checked : each.value)).join() +
      document.documentElement.dataset.theme`),
  );
  // To be said to be valid is to be valid.
  return whole.replaceAll(' aria-invalid="false"', "");
}

/** Where two texts begin to differ; empty where they are the same. */
function difference(one: string, other: string): string {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return one === other ? "" : `${one.slice(at - 200, at + 80)} <> ${other.slice(at, at + 80)}`;
}

/** The address once it says what the page shows. */
async function settledHash(page: Page, says: RegExp): Promise<string> {
  const hash = () => page.evaluate("location.hash");
  await expect.poll(hash).toMatch(says);
  return String(await hash());
}

/** Another reader, beside the first. */
async function secondReader(of: Page, hash: string): Promise<Page> {
  const browser = of.context().browser();
  if (browser === null) throw new Error("no browser");
  const context = await browser.newContext({
    viewport: of.viewportSize(),
    reducedMotion: "reduce",
    colorScheme: "light",
    offline: true,
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(`${of.url().replace(/#.*/, "")}${hash}`);
  await page.locator("#cockpit[data-ready=true]").waitFor();
  return page;
}

describe("links", () => {
  it("bring another reader to the same page after every kind of change", async () => {
    const { page, complaints } = await open();
    const done = () => expect.poll(() => page.locator("#chances-run").innerText()).toBe("Run them");
    const changes: [does: () => Promise<unknown>, says: RegExp][] = [
      [() => scrubTo(page, 12.5), /t=12\.5/],
      [() => page.keyboard.press("-"), /speed=/],
      [() => page.locator("#slow-motion").uncheck(), /slow=false/],
      [() => page.keyboard.press("e"), /zoom=/],
      [() => page.keyboard.press("t"), /theme=light/],
      [() => page.locator("#page-scale").selectOption("log"), /scale=log/],
      [() => page.locator("#choose-hypervisor-log").click(), /log=true/],
      [() => page.locator("#pin").click(), /kept=unchanged/],
      [
        async () => {
          await page.locator("#what-if-loss").fill("1");
          await page.locator("#what-if-profile").selectOption("qemu-7.2");
          await page.locator("#what-if-limit").fill("250");
          await page.getByRole("button", { name: "Run again" }).click();
          await page.getByRole("button", { name: "Run again", disabled: false }).waitFor();
        },
        /limit=0\.25.*profile=qemu-7\.2.*loss=0\.01/,
      ],
      [() => page.locator("#comparison-form").selectOption("side-by-side"), /compare=side-by-side/],
      [() => page.locator("#chances-objective").fill("120"), /objective=0\.12/],
      [
        async () => {
          await page.locator("#chances-seeds").fill("12");
          await page.locator("#chances-run").click();
          await done();
        },
        /seeds=12/,
      ],
    ];
    for (const [index, [change, says]] of changes.entries()) {
      await change();
      const hash = await settledHash(page, says);
      // Every state holds those before it; three openings tell as much as twelve.
      if (![7, 9, 11].includes(index)) continue;
      const second = await secondReader(page, hash);
      await scrubTo(page, 12.5);
      await scrubTo(second, 12.5);
      const wanted = await wholeOf(page);
      await expect.poll(async () => difference(wanted, await wholeOf(second)), { timeout: 8_000 }).toBe("");
      expect(await second.locator("#notice").isVisible()).toBe(false);
    }
    expect(complaints).toEqual([]);
  });

  it("name the scenario of a kept run where another one is opened, and the migration that is looked at", async () => {
    const { page } = await open({ hash: "#v=1&scenario=drain-hyper-v-2008r2" });
    await page.locator("#migration").selectOption("2");
    await page.locator("#pin").click();
    await settledHash(page, /migration=2.*scenario=drain-hyper-v-2008r2.*kept=unchanged/);
    const verdict = await page.locator("#verdict").innerText();
    await page.keyboard.press("l");
    await page.locator("#library-scenarios button").first().click();
    await expect.poll(() => page.locator("#verdict").innerText()).not.toBe(verdict);
    const hash = await settledHash(page, /kept-scenario=drain-hyper-v-2008r2/);
    const second = await secondReader(page, hash);
    await expect
      .poll(() => second.locator("#comparison table").innerText())
      .toBe(await page.locator("#comparison table").innerText());
  });

  it("that are damaged at random open the page, and tell what cannot be used", async () => {
    const { page, complaints } = await open();
    const url = page.url().replace(/#.*/, "");
    const names = [
      "t",
      "speed",
      "zoom",
      "migration",
      "memory",
      "kept",
      "seeds",
      "objective",
      "lesson",
      "scenario",
      "hide",
    ];
    const value = fc.oneof(
      fc.constantFrom(
        "",
        "%",
        "NaN",
        "-1",
        "1e999",
        "1e300,1e301",
        "999999999999",
        "<b>",
        "__proto__",
        "../x",
        "changed",
      ),
      fc.string(),
    );
    const hashes = fc.array(fc.tuple(fc.constantFrom(...names), value), { minLength: 1, maxLength: 5 });
    for (const fields of fc.sample(hashes, { numRuns: 8, seed: 11 })) {
      const hash = `#v=1&${fields.map(([name, text]) => `${name}=${text.replaceAll("#", "%23")}`).join("&")}`;
      await page.goto("about:blank");
      await page.goto(`${url}${hash}`);
      await page.locator("#cockpit[data-ready=true]").waitFor();
      expect(await page.locator("#verdict").innerText(), hash).toContain("web01");
    }
    await page.goto("about:blank");
    await page.goto(`${url}#v=1&t=x&zoom=1e6,2e6&migration=7&kept=unchanged&kept-vm=a&kept-seed=1&kept-scenario=gone`);
    await expect
      .poll(() => page.locator("#notice").innerText())
      .toBe(
        "Of the address, t cannot be used and is left out. Of the address, migration, kept, zoom cannot be used and are left out.",
      );
    expect(complaints).toEqual([]);
  });

  it("within the page, as to the player, leave the page as it is", async () => {
    const { page } = await open({ trace });
    await scrubTo(page, 21.9);
    await settledHash(page, /t=21\.9/);
    await page.evaluate("window.same = true");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await settledHash(page, /t=21\.9/);
    expect(await page.evaluate("window.same && document.activeElement.id")).toBe("player");
  });

  it("bring another reader to the same moment, speed, scale and theme", async () => {
    const first = await open({ trace });
    await scrubTo(first.page, 21.9);
    await first.page.keyboard.press("-");
    await first.page.locator("#page-scale").selectOption("log");
    await first.page.keyboard.press("t");
    await expect.poll(() => first.page.evaluate("location.hash")).toMatch(/t=21\.9.*theme=light.*scale=log/);
    const picture = await pictureOf(first.page);
    const label = await first.page.locator("#speed-label").innerText();
    const hash = String(await first.page.evaluate("location.hash"));
    const second = await open({ trace, hash });
    expect((await pictureOf(second.page)) === picture).toBe(true);
    expect(await second.page.locator("#speed-label").innerText()).toBe(label);
    expect(await second.page.locator("html").getAttribute("data-theme")).toBe("light");
    expect(second.complaints).toEqual([]);
  });

  it("bring another reader to the same run of changed numbers", async () => {
    const first = await open();
    const own = await first.page.locator("#verdict").innerText();
    await first.page.locator("#what-if-memory").fill("1.5");
    await first.page.locator("#what-if-seed").fill("a & b");
    await first.page.getByRole("button", { name: "Run again" }).click();
    await expect.poll(() => first.page.locator("#verdict").innerText()).not.toBe(own);
    await expect.poll(() => first.page.evaluate("location.hash")).toMatch(/memory=1610612736.*seed=a\+%26\+b/);
    const verdict = await first.page.locator("#verdict").innerText();
    const hash = String(await first.page.evaluate("location.hash"));
    const second = await open({ hash });
    await expect.poll(() => second.page.locator("#verdict").innerText()).toBe(verdict);
    expect(await second.page.locator("#what-if-seed").inputValue()).toBe("a & b");
  });

  it("that are damaged open the page all the same", async () => {
    const { page, complaints } = await open({ trace, hash: "#v=1&t=1e999&speed=%&memory=-4&theme=<b>" });
    expect(await readout(page, "time")).toBe("2.000 s");
    expect(complaints).toEqual([]);
  });
});
