/** Opens the built page as a reader does: from the disk, without a network. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { embedTrace } from "../../src/formats/html.ts";
import { launchBrowser } from "../support/chromium.ts";

const builtPage = fileURLToPath(new URL("../../dist/viz/index.html", import.meta.url));

export interface PageOptions {
  /** JSON Lines to embed; without, the page opens with its example. */
  trace?: string;
  width?: number;
  height?: number;
  colorScheme?: "light" | "dark";
  /** The default is to reduce motion, so that nothing moves unless a test plays it. */
  motion?: boolean;
  /** A screen to be touched, and no mouse. */
  touch?: boolean;
  /** The address's hash, `#` included. */
  hash?: string;
}

export interface OpenedPage {
  page: Page;
  /** Errors and warnings of the page's console, and exceptions that nobody caught. */
  complaints: string[];
  /** What the page asked for beside itself. */
  requests: string[];
}

export interface PageOpener {
  open(options?: PageOptions): Promise<OpenedPage>;
}

/** A browser for the tests of a file, and a folder for their pages; both go when the tests are done. */
export function pageOpener(): PageOpener {
  let browser: Browser;
  let folder: string;
  let pages = 0;
  const contexts: BrowserContext[] = [];
  beforeAll(async () => {
    browser = await launchBrowser();
    folder = mkdtempSync(join(tmpdir(), "precopy-page-"));
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    async open({
      trace,
      width = 1280,
      height = 800,
      colorScheme = "light",
      motion = false,
      touch = false,
      hash = "",
    } = {}) {
      while (contexts.length > 0) await contexts.pop()?.close();
      const template = readFileSync(builtPage, "utf8");
      const html = trace === undefined ? template : embedTrace(template, trace);
      if (html === null) throw new Error("the built page has no place for a trace");
      pages += 1;
      const file = join(folder, `page-${pages}.html`);
      writeFileSync(file, html);
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme,
        reducedMotion: motion ? "no-preference" : "reduce",
        acceptDownloads: true,
        hasTouch: touch,
        isMobile: touch,
        offline: true,
      });
      contexts.push(context);
      // Below the time limit of a test, above what a busy machine takes.
      context.setDefaultTimeout(50_000);
      context.setDefaultNavigationTimeout(50_000);
      const page = await context.newPage();
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      const url = pathToFileURL(file).href;
      page.on("request", (request) => {
        if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) requests.push(request.url());
      });
      await page.goto(`${url}${hash}`);
      await page.locator("#cockpit[data-ready=true]").waitFor();
      return { page, complaints, requests };
    },
  };
}

/** Moves the scrubber, as a drag would. */
export async function scrubTo(page: Page, seconds: number): Promise<void> {
  await page.locator("#scrubber").evaluate((element, value) => {
    const input = element as unknown as { value: string; dispatchEvent(event: unknown): void };
    input.value = String(value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }, seconds);
}

/** The charts as text, and the readouts beside them: the whole picture. */
export async function pictureOf(page: Page): Promise<string> {
  const charts = await page.locator("main svg[role=img]").evaluateAll((all) => all.map((each) => each.outerHTML));
  const readouts = await page.locator("#readouts").innerText();
  const log = await page.locator("#event-log").innerHTML();
  return [...charts, readouts, log].join("\n");
}

export async function readout(page: Page, name: string): Promise<string> {
  return page.locator(`#readout-${name} .value`).innerText();
}

/** What axe has against the page as it stands. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(`axe.run().then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ": " + node.target + " " + node.failureSummary)))`);
}
