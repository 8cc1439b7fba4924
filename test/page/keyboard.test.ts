import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type KeyCommands, keyBindings } from "../../viz/controls/keyboard.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";
import { pageOpener, readout } from "./open-page.ts";

const { open } = pageOpener();
const trace = fixtureTrace().text;

describe("keys", () => {
  it("move through the run, by event, round and to both ends", async () => {
    const { page } = await open({ trace });
    await page.keyboard.press("End");
    expect(await readout(page, "blackout")).toBe("302 ms");
    await page.keyboard.press("Home");
    expect(await readout(page, "time")).toBe("0.000 s");
    await page.keyboard.press("ArrowRight");
    expect(await readout(page, "time")).toBe("2.000 s");
    await page.keyboard.press("ArrowRight");
    expect(await readout(page, "time")).toBe("2.450 s");
    await page.keyboard.press("ArrowLeft");
    expect(await readout(page, "time")).toBe("2.000 s");
    await page.keyboard.press("PageDown");
    await page.keyboard.press("PageDown");
    expect(await readout(page, "round")).toBe("2");
    await page.keyboard.press("PageUp");
    expect(await readout(page, "round")).toBe("1");
  });

  it.each([" ", "."])("play and pause with %j, as presenters' remotes do", async (key) => {
    const { page } = await open({ trace });
    await page.keyboard.press(key);
    expect(await page.locator("#play").getAttribute("aria-label")).toBe("Pause");
    await page.keyboard.press(key);
    expect(await page.locator("#play").getAttribute("aria-label")).toBe("Play");
  });

  it("change the speed, whose label is a ratio of real time", async () => {
    const { page } = await open({ trace });
    const label = page.locator("#speed-label");
    for (let k = 0; k < 20; k += 1) await page.keyboard.press("-");
    expect(await label.innerText()).toBe("1/1000× real time");
    for (let k = 0; k < 20; k += 1) await page.keyboard.press("+");
    expect(await label.innerText()).toBe("10× real time");
  });

  it("are listed under ?, and do nothing behind the list", async () => {
    const { page } = await open({ trace });
    await page.keyboard.press("?");
    const dialog = page.getByRole("dialog", { name: "Keys" });
    expect(await dialog.isVisible()).toBe(true);
    expect(await dialog.innerText()).toContain("Page Down");
    const before = await readout(page, "time");
    await page.keyboard.press("End");
    expect(await readout(page, "time")).toBe(before);
    await page.keyboard.press("Escape");
    expect(await dialog.isVisible()).toBe(false);
  });

  it("are all listed, there and in the documentation, and none means two things", async () => {
    const bindings = keyBindings({} as KeyCommands);
    const keys = bindings.flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
    const { page } = await open({ trace });
    await page.keyboard.press("?");
    const listed = await page.locator("#help-keys dt kbd").allInnerTexts();
    expect(listed).toEqual(bindings.flatMap((binding) => binding.shown));
    const documented = readFileSync(new URL("../../docs/page.md", import.meta.url), "utf8").split("## Keys")[1] ?? "";
    for (const shown of listed) expect(documented).toContain(shown.replace("Shift ", ""));
  });

  it("are left to a field while one types", async () => {
    const { page } = await open({ trace });
    const before = await readout(page, "time");
    await page.locator("#what-if-seed").click();
    await page.keyboard.type(" r.t?");
    expect(await page.locator("#what-if-seed").inputValue()).toContain(" r.t?");
    expect(await readout(page, "time")).toBe(before);
    expect(await page.locator("#play").getAttribute("aria-label")).toBe("Play");
    expect(await page.getByRole("dialog").isVisible()).toBe(false);
    expect(await page.locator("html").getAttribute("data-theme")).toBeNull();
  });

  it("reach every control", async () => {
    const { page } = await open({ trace });
    const reached = new Set<string>();
    for (let k = 0; k < 90; k += 1) {
      await page.keyboard.press("Tab");
      reached.add(await page.locator(":focus").evaluateAll((all) => all[0]?.id ?? ""));
    }
    const controls = await page
      .locator("button:visible, input:visible, select:visible")
      .evaluateAll((all) => all.filter((each) => each.closest("#event-log, dialog") === null).map((each) => each.id));
    for (const id of controls.filter((each) => each !== "")) expect(reached).toContain(id);
  });
});
