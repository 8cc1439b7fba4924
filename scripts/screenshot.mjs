/**
 * Pictures of the real page for the documentation, in docs/images: the page in both themes, each lesson, the studies, and the
 * moving picture of the README. Run it after a build: node scripts/screenshot.mjs [NAME...]
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createServer } from "vite";
import { animatedWebp } from "./animated-webp.mjs";

/** @typedef {import("playwright-core").Browser} Browser */
/** @typedef {import("playwright-core").Page} Page */

const root = fileURLToPath(new URL("..", import.meta.url));
const page = fileURLToPath(new URL("../dist/viz/index.html", import.meta.url));
const images = fileURLToPath(new URL("../docs/images/", import.meta.url));
const lessons = readdirSync(fileURLToPath(new URL("../examples/lessons/", import.meta.url)))
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => name.replace(/\.yaml$/, ""));

/** The step of a lesson that says most in one picture; the others show their third. */
const TELLING_STEP = {
  "01-pause-and-move": 5,
  "02-quick-migration": 3,
  "04-the-cliff": 5,
  "05-why-csv": 6,
  "08-draining-a-host": 6,
  "10-chance": 2,
};

/** @type {Record<string, (browser: Browser) => Promise<void>>} */
const pictures = {
  page: (browser) => blackoutPicture(browser, "light", "page.png"),
  "page-dark": (browser) => blackoutPicture(browser, "dark", "page-dark.png"),
  "what-if": whatIfPicture,
  lessons: lessonListPicture,
  moving: movingPicture,
  ...Object.fromEntries(
    lessons.map((name, index) => [
      `lesson-${name}`,
      (/** @type {Browser} */ browser) => lessonPicture(browser, name, index % 2 === 0 ? "light" : "dark"),
    ]),
  ),
};

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
    const wanted = process.argv.slice(2);
    for (const [name, take] of Object.entries(pictures))
      if (wanted.length === 0 || wanted.includes(name)) await take(browser);
    await browser.close();
  } finally {
    await vite.close();
  }
}

/**
 * @param {Browser} browser
 * @param {{ width?: number, height?: number, colorScheme?: "light" | "dark", hash?: string }} [options]
 */
async function openPage(browser, { width = 1280, height = 800, colorScheme = "light", hash = "" } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: 1,
    colorScheme,
    reducedMotion: "reduce",
    offline: true,
  });
  const tab = await context.newPage();
  await tab.goto(pathToFileURL(page).href + hash);
  await tab.locator("#cockpit[data-ready=true]").waitFor();
  return tab;
}

/** @param {Page} tab @param {string} name */
async function keep(tab, name) {
  await tab.screenshot({ path: `${images}${name}` });
  await tab.context().close();
  process.stdout.write(`wrote docs/images/${name}\n`);
}

/** @param {Page} tab @param {number} seconds */
async function scrubTo(tab, seconds) {
  await tab.evaluate(`(() => {
    const scrubber = document.getElementById("scrubber");
    scrubber.value = ${seconds};
    scrubber.dispatchEvent(new Event("input"));
  })()`);
}

/** @param {Page} tab @param {string} text @returns {Promise<number>} when an event of that text happened */
async function timeOf(tab, text) {
  return Number(await tab.locator("#event-log button", { hasText: text }).first().getAttribute("data-t"));
}

/**
 * The example in the middle of its blackout: the moment that explains most.
 * @param {Browser} browser
 * @param {"light" | "dark"} colorScheme
 * @param {string} name
 */
async function blackoutPicture(browser, colorScheme, name) {
  const tab = await openPage(browser, { colorScheme });
  const times = [await timeOf(tab, "sending processor"), await timeOf(tab, "Done sending processor")];
  await scrubTo(
    tab,
    times.reduce((sum, t) => sum + t / times.length, 0),
  );
  await keep(tab, name);
}

/**
 * @param {Browser} browser
 * @param {string} name
 * @param {"light" | "dark"} colorScheme
 */
async function lessonPicture(browser, name, colorScheme) {
  const step = TELLING_STEP[/** @type {keyof typeof TELLING_STEP} */ (name)] ?? 3;
  const tab = await openPage(browser, { height: 720, colorScheme, hash: `#v=1&lesson=${name}&step=${step - 1}` });
  await tab.locator(`#lesson[data-settled="${name} ${step}"]`).waitFor();
  if ((await tab.locator("#curve:visible").count()) > 0) await tab.locator("#curve[data-done=true]").waitFor();
  if ((await tab.locator("#chances-form:visible").count()) > 0) {
    await tab.locator("#chances-form[data-running=false]").waitFor();
  }
  await keep(tab, `lesson-${name}.png`);
}

/** A number that was moved: its curve, the run beside the one that was kept, and many seeds. @param {Browser} browser */
async function whatIfPicture(browser) {
  const hash = "#v=1&scenario=qemu-300ms-limit&hide=cluster,blackout,rounds,events,time";
  const tab = await openPage(browser, { height: 1000, hash });
  await tab.locator("#pin").click();
  await tab.locator("#what-if-writes").fill("0.8");
  await tab.locator("#curve[data-done=true]").waitFor();
  await tab.locator("#chances-objective").fill("50");
  await tab.locator("#chances-run").click();
  await tab.locator("#chances-form[data-running=true]").waitFor();
  await tab.locator("#chances-form[data-running=false]").waitFor({ timeout: 60_000 });
  await tab.mouse.wheel(0, -2000);
  await tab.evaluate("document.activeElement.blur()");
  await keep(tab, "what-if.png");
}

/** @param {Browser} browser */
async function lessonListPicture(browser) {
  const tab = await openPage(browser, { height: 720 });
  await tab.keyboard.press("l");
  await keep(tab, "lessons.png");
}

/** The README's: a migration from its request to its clients' answer, the blackout in slow motion. @param {Browser} browser */
async function movingPicture(browser) {
  const size = { width: 1080, height: 560 };
  const tab = await openPage(browser, {
    ...size,
    hash: "#v=1&hide=events,what-if,compare,chances,time,rounds&embed=true",
  });
  const [asked, stopped] = [await timeOf(tab, "is asked to move"), await timeOf(tab, "stopping the virtual")];
  const answered = await timeOf(tab, "has answers again");
  const times = [
    ...spread(asked, stopped - 2, 11),
    ...spread(stopped - 2, stopped, 4),
    ...spread(stopped, answered + 0.05, 13),
  ];
  const frames = [];
  for (const [index, t] of times.entries()) {
    await scrubTo(tab, t);
    const picture = await tab.screenshot({ type: "png" });
    const webp = await tab.evaluate(
      `(async () => {
        const picture = await createImageBitmap(await (await fetch("data:image/png;base64,${picture.toString("base64")}")).blob());
        const canvas = new OffscreenCanvas(picture.width, picture.height);
        canvas.getContext("2d").drawImage(picture, 0, 0);
        const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality: 0.5 })).arrayBuffer());
        return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
      })()`,
    );
    const last = index === times.length - 1;
    frames.push({ webp: Buffer.from(String(webp), "base64"), milliseconds: last ? 3000 : 220 });
  }
  await tab.context().close();
  const file = animatedWebp(frames, size);
  writeFileSync(`${images}page-moving.webp`, file);
  process.stdout.write(`wrote docs/images/page-moving.webp, ${file.length} bytes\n`);
}

/** @param {number} from @param {number} to @param {number} count */
function spread(from, to, count) {
  return Array.from({ length: count }, (_, k) => from + ((to - from) * (k + 1)) / count);
}
