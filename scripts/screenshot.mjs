/**
 * Pictures of the real page for the documentation: docs/images/page.png (light) and page-dark.png, 1280 by 800 pixels.
 * Run it after a build: node scripts/screenshot.mjs
 */
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createServer } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = fileURLToPath(new URL("../dist/viz/index.html", import.meta.url));
const images = fileURLToPath(new URL("../docs/images/", import.meta.url));

if (!existsSync(page)) {
  process.stderr.write("dist/viz/index.html is missing: run npm run build first.\n");
  process.exitCode = 1;
} else {
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
    mkdirSync(images, { recursive: true });
    await takePicture(browser, "light", "page.png");
    await takePicture(browser, "dark", "page-dark.png");
    await browser.close();
  } finally {
    await vite.close();
  }
}

/**
 * The example in the middle of its blackout: the moment that explains most.
 * @param {import("playwright-core").Browser} browser
 * @param {"light" | "dark"} colorScheme
 * @param {string} name
 */
async function takePicture(browser, colorScheme, name) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1,
    colorScheme,
    reducedMotion: "reduce",
    offline: true,
  });
  const tab = await context.newPage();
  await tab.goto(pathToFileURL(page).href);
  await tab.locator("#cockpit[data-ready=true]").waitFor();
  const times = await Promise.all(
    ["sending processor", "Done sending processor"].map((text) =>
      tab.locator("#event-log button", { hasText: text }).first().getAttribute("data-t"),
    ),
  );
  const middle = times.map(Number).reduce((sum, t) => sum + t / times.length, 0);
  await tab.evaluate(`(() => {
    const scrubber = document.getElementById("scrubber");
    scrubber.value = ${middle};
    scrubber.dispatchEvent(new Event("input"));
  })()`);
  await tab.screenshot({ path: `${images}${name}` });
  await context.close();
  process.stdout.write(`wrote docs/images/${name}\n`);
}
