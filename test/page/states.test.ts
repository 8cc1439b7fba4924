/** Every state that the page can be in: axe finds nothing, and nothing has to be scrolled sideways. */
import { describe, expect, it } from "vitest";
import { axeFindings, pageOpener } from "./open-page.ts";

const { open } = pageOpener();

describe.each([
  [1280, "light"],
  [320, "dark"],
] as const)("at %i pixels, %s", (width, colorScheme) => {
  it("axe finds nothing in any state, and nothing overflows", async () => {
    const { page, complaints } = await open({ width, height: 720, colorScheme });
    const found: string[] = [];
    const look = async (state: string): Promise<void> => {
      for (const each of await axeFindings(page)) found.push(`${state}: ${each}`);
      const wide = Number(await page.evaluate("document.documentElement.scrollWidth"));
      if (wide > width) found.push(`${state}: ${wide} pixels wide`);
    };
    await page.locator("#pin").click();
    await page.locator("#what-if-loss").fill("1");
    await page.locator("#curve[data-done=true]").waitFor();
    await page.locator("#chances-objective").fill("300");
    await page.locator("#chances-seeds").fill("12");
    await page.locator("#chances-run").click();
    await expect.poll(() => page.locator("#chances-run").innerText()).toBe("Run them");
    await page.locator("#choose-hypervisor-log").click();
    await look("all panels filled");
    await page.locator("#comparison-form").selectOption("side-by-side");
    await page.locator("#what-if-memory").fill("");
    await page.getByRole("button", { name: "Run again" }).click();
    await page.locator("#readout-dirty .term").focus();
    await look("side by side, errors told, a card open");
    await page.keyboard.press("Escape");
    await page
      .locator("#trace-file")
      .setInputFiles({ name: "a.jsonl", mimeType: "text/plain", buffer: Buffer.from("nothing") });
    await page.locator("#notice:not([hidden])").waitFor();
    await look("a notice");
    for (const id of ["open-help", "open-library"]) {
      await page.locator(`#${id}`).click();
      await look(id);
      await page.keyboard.press("Escape");
    }
    await page.emulateMedia({ forcedColors: "active" });
    for (const id of ["play", "scrubber", "verdict", "lanes", "readouts"]) {
      expect(await page.locator(`#${id}`).isVisible(), id).toBe(true);
    }
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
