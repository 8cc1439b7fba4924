import { describe, expect, it } from "vitest";
import { fixtureTrace } from "../support/fixture-trace.ts";
import { pageOpener, pictureOf, readout, scrubTo } from "./open-page.ts";

const { open } = pageOpener();
const trace = fixtureTrace().text;

describe("links", () => {
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
