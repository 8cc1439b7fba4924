import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { pageOpener } from "./open-page.ts";

const { open } = pageOpener();

/** Puts a slider of the form to its positions one after the other, without waiting, as a drag does. */
async function drag(page: Page, field: string, positions: readonly number[]): Promise<void> {
  await page.locator(`#what-if-${field}-slider`).evaluate((element, all) => {
    const slider = element as unknown as { value: string; dispatchEvent(event: unknown): void };
    for (const position of all) {
      slider.value = String(position);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }, positions);
}

const verdictOf = (page: Page) => page.locator("#verdict").innerText();

describe("what if, while it is moved", () => {
  it("runs at once, shows the run whole, and ends with the newest numbers however fast they came", async () => {
    const { page, complaints } = await open();
    const own = await verdictOf(page);
    await drag(page, "writes", [100]);
    await expect.poll(() => verdictOf(page)).not.toBe(own);
    const most = await verdictOf(page);
    expect(await page.locator("#what-if-writes").inputValue()).toBe("15.8");
    expect(await page.locator("#readout-time .detail").innerText()).toBe("ended");
    expect(await page.locator("#play").getAttribute("aria-label")).toBe("Play");
    await drag(
      page,
      "writes",
      Array.from({ length: 60 }, (_, k) => k),
    );
    await drag(page, "writes", [100]);
    await expect.poll(() => verdictOf(page)).toBe(most);
    await page.waitForTimeout(300);
    expect(await verdictOf(page)).toBe(most);
    expect(complaints).toEqual([]);
  });

  it("gives what typing the same number gives", async () => {
    const { page } = await open();
    const own = await verdictOf(page);
    await page.locator("#what-if-loss").fill("1");
    await expect.poll(() => verdictOf(page)).not.toBe(own);
    const typed = await verdictOf(page);
    await page.getByRole("button", { name: "Back to the scenario's own" }).click();
    await expect.poll(() => verdictOf(page)).toBe(own);
    await drag(page, "loss", [60]);
    await expect.poll(() => verdictOf(page)).toBe(typed);
  });

  it("offers workloads, MTU and the profile's modes, and a link brings them back", async () => {
    const { page } = await open();
    await page.locator("#what-if-profile").selectOption("qemu-7.2");
    await page.locator("#what-if-workload").selectOption("kernel-build");
    await page.locator("#what-if-mtu").fill("9000");
    await page.locator("#what-if-mode").selectOption("post-copy");
    await expect.poll(() => page.locator("#event-log").innerText()).toContain("Post-copy ends");
    const verdict = await verdictOf(page);
    await expect.poll(() => page.evaluate("location.hash")).toMatch(/workload=kernel-build.*mode=post-copy.*mtu=9000/);
    const second = await open({ hash: String(await page.evaluate("location.hash")) });
    await expect.poll(() => verdictOf(second.page)).toBe(verdict);
    expect(await second.page.locator("#what-if-workload").inputValue()).toBe("kernel-build");
    await second.page.locator("#what-if-profile").selectOption("hyper-v-2008");
    await expect.poll(() => second.page.locator("#event-log").innerText()).toContain("quick");
  });
});
