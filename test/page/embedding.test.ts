import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { pageOpener, pictureOf } from "./open-page.ts";

const { open } = pageOpener();
const built = fileURLToPath(new URL("../../dist/viz/index.html", import.meta.url));

describe("the page in parts", () => {
  it("leaves out what its address says, and keeps doing so in the address it gives", async () => {
    const { page, complaints } = await open({ hash: "#v=1&hide=rounds,events,nonsense&embed=true" });
    const shown = await page
      .locator("[data-panel]:visible")
      .evaluateAll((all) => all.map((each) => each.getAttribute("data-panel")));
    expect(shown).not.toContain("rounds");
    expect(shown).not.toContain("events");
    expect(shown).toContain("cluster");
    expect(await page.locator(".masthead").isVisible()).toBe(false);
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.evaluate("location.hash")).toMatch(/hide=rounds%2Cevents&embed=true/);
    expect(complaints).toEqual([]);
  });

  it("opens with the scenario that its address names, and another reader sees the same", async () => {
    const first = await open({ hash: "#v=1&scenario=qemu-postcopy" });
    await expect.poll(() => first.page.locator("#verdict").innerText()).toContain("db01");
    await first.page.keyboard.press("End");
    await expect.poll(() => first.page.evaluate("location.hash")).toMatch(/t=.*scenario=qemu-postcopy/);
    const hash = String(await first.page.evaluate("location.hash"));
    const picture = await pictureOf(first.page);
    const second = await open({ hash });
    await expect.poll(async () => (await pictureOf(second.page)) === picture).toBe(true);
    const broken = await open({ hash: "#v=1&scenario=../../etc&lesson=none&step=-3&hide=%00,&embed=maybe" });
    expect(await broken.page.locator("#verdict").innerText()).toContain("web01");
    expect(broken.complaints).toEqual([]);
  });

  it("works in a frame of another page, keys and all", async () => {
    const { page } = await open();
    const host = createServer((request, response) => {
      const framed = (request.url ?? "").startsWith("/page");
      response.setHeader("Content-Type", "text/html");
      response.end(
        framed
          ? readFileSync(built)
          : `<!doctype html><title>host</title><iframe title="precopy" style="width:900px;height:700px" src="/page#v=1&embed=true&lesson=03-why-pre-copy-converges"></iframe>`,
      );
    });
    await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void host.close());
    const context = page.context();
    await context.setOffline(false);
    await page.goto(`http://127.0.0.1:${(host.address() as AddressInfo).port}/`);
    const frame = page.frameLocator("iframe");
    await frame.locator("#lesson[data-settled]").waitFor();
    await frame.getByRole("button", { name: "Continue" }).click();
    await expect.poll(() => frame.locator("#lesson-count").innerText()).toBe("2 of 8");
    await page.keyboard.press("PageDown");
    await expect.poll(() => frame.locator("#lesson-count").innerText()).toBe("3 of 8");
    expect(new URL(page.url()).pathname).toBe("/");
  });
});
