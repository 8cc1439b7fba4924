/** The built page in the browser of the tests, for scripts. */
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createServer } from "vite";

/** @typedef {import("playwright-core").Browser} Browser */
/** @typedef {import("playwright-core").BrowserContextOptions} BrowserContextOptions */
/** @typedef {import("playwright-core").Page} Page */

const root = fileURLToPath(new URL("..", import.meta.url));
export const builtPage = fileURLToPath(new URL("../dist/viz/index.html", import.meta.url));

/**
 * Does something with a browser, which is closed in the end. Without a built page it says what to do, and the program's exit
 * code is 1.
 * @param {(browser: Browser) => Promise<void>} work
 */
export async function withBrowser(work) {
  if (!existsSync(builtPage)) {
    process.stderr.write("dist/viz/index.html is missing: run npm run build first.\n");
    process.exitCode = 1;
    return;
  }
  // Vite reads the TypeScript of the tests' browser; Node 20 does not.
  const vite = await createServer({
    root,
    configFile: false,
    logLevel: "error",
    appType: "custom",
    server: { middlewareMode: true, hmr: false, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    const { launchBrowser } = await vite.ssrLoadModule("/test/support/chromium.ts");
    const browser = await launchBrowser();
    try {
      await work(browser);
    } finally {
      await browser.close();
    }
  } finally {
    await vite.close();
  }
}

/**
 * A page from the disk, once it is drawn; nothing moves in it by itself.
 * @param {Browser} browser
 * @param {BrowserContextOptions & { file?: string, hash?: string }} [options]
 * @returns {Promise<Page>}
 */
export async function openBuiltPage(browser, { file = builtPage, hash = "", ...options } = {}) {
  const context = await browser.newContext({ reducedMotion: "reduce", offline: true, ...options });
  const tab = await context.newPage();
  await tab.goto(pathToFileURL(file).href + hash);
  await tab.locator("#cockpit[data-ready=true]").waitFor();
  return tab;
}
