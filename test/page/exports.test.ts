/** Saved charts: each opens alone and looks as it does in the page, in both themes; a PNG holds the same picture. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Download, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixtureTrace } from "../support/fixture-trace.ts";
import { pageOpener, scrubTo } from "./open-page.ts";

const { open } = pageOpener();
const fixture = fixtureTrace();
const stopped = fixture.events.find((event) => event.type === "vm.stopped")?.t ?? 0;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "precopy-exports-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Presses every button that saves as this; the files by name. */
async function saved(page: Page, format: "SVG" | "PNG"): Promise<Map<string, string>> {
  const downloads: Download[] = [];
  page.on("download", (download) => downloads.push(download));
  const charts = page.locator("main .panel:has(.exports) svg[role=img]:visible");
  const names = await charts.evaluateAll((all) => all.map((each) => each.parentElement?.id ?? ""));
  for (const button of await page.getByRole("button", { name: new RegExp(`^Save as ${format}: `) }).all()) {
    if (await button.isVisible()) await button.click();
  }
  await expect.poll(() => downloads.length, { timeout: 20_000 }).toBe(names.length);
  const files = new Map<string, string>();
  for (const download of downloads) {
    const name = download.suggestedFilename();
    const file = join(folder, name);
    await download.saveAs(file);
    files.set(name.replace(/\.\w+$/, ""), file);
  }
  expect([...files.keys()].sort()).toEqual(names.sort());
  return files;
}

/** The share of pixels of two pictures that differ to the eye. */
async function differenceOf(page: Page, one: Buffer, other: Buffer): Promise<number> {
  return page.evaluate(`(async () => {
    const pixels = async (base64) => {
      const image = new Image();
      image.src = "data:image/png;base64," + base64;
      await image.decode();
      const canvas = document.createElement("canvas");
      // By squares of four pixels: half a pixel to the side is no difference.
      [canvas.width, canvas.height] = [Math.round(image.width / 4), Math.round(image.height / 4)];
      const context = canvas.getContext("2d");
      context.imageSmoothingQuality = "high";
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      return context.getImageData(0, 0, canvas.width, canvas.height);
    };
    const [a, b] = [await pixels("${one.toString("base64")}"), await pixels("${other.toString("base64")}")];
    if (Math.abs(a.width - b.width) > 1 || Math.abs(a.height - b.height) > 1) return 1;
    const [width, height] = [Math.min(a.width, b.width), Math.min(a.height, b.height)];
    let different = 0;
    for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) {
      const [i, k] = [(y * a.width + x) * 4, (y * b.width + x) * 4];
      if ([0, 1, 2].some((c) => Math.abs(a.data[i + c] - b.data[k + c]) > 48)) different += 1;
    }
    return different / (width * height);
  })()`);
}

describe.each(["light", "dark"] as const)("a chart saved in the %s theme", (colorScheme) => {
  it("opens alone, and looks as it does in the page", async () => {
    const { page, complaints } = await open({ trace: fixture.text, colorScheme });
    await scrubTo(page, stopped + 0.1);
    const files = await saved(page, "SVG");
    expect(files.size).toBeGreaterThan(5);
    // Saved on paper as seen on the screen: the other preference changes nothing.
    const alone = await page.context().newPage();
    await alone.emulateMedia({ colorScheme: colorScheme === "light" ? "dark" : "light" });
    for (const [name, file] of files) {
      expect(readFileSync(file, "utf8"), name).not.toMatch(/class=|var\(/);
      const chart = page.locator(`#${name} > svg`);
      await chart.scrollIntoViewIfNeeded();
      await page.locator("#cockpit").evaluate("document.querySelector('#cockpit').style.position = 'static'");
      const inPage = await chart.screenshot();
      await alone.goto(pathToFileURL(file).href);
      const { width, height } = (await alone.locator("svg").boundingBox()) ?? { width: 0, height: 0 };
      const byItself = await alone.screenshot({ clip: { x: 0, y: 0, width, height } });
      expect(await differenceOf(page, inPage, byItself), name).toBeLessThan(0.02);
    }
    await alone.close();
    expect(complaints).toEqual([]);
  });

  it("as PNG is twice as large and not empty", async () => {
    const { page } = await open({ trace: fixture.text, colorScheme });
    for (const [name, file] of await saved(page, "PNG")) {
      const png = readFileSync(file);
      const box = await page.locator(`#${name} > svg`).boundingBox();
      expect(Math.abs(png.readUInt32BE(16) - (box?.width ?? 0) * 2), name).toBeLessThan(4);
      expect(png.length, name).toBeGreaterThan(2000);
    }
  });
});
