/**
 * Pictures of the real page for the documentation, in docs/images: each view, each lesson and the studies in both themes, and the
 * moving picture of the README. Run it after a build: node scripts/screenshot.mjs [NAME...]
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { animatedWebp } from "./animated-webp.mjs";
import { builtPage, openBuiltPage, withBrowser } from "./built-page.mjs";
import { VIEWS } from "./page-views.mjs";

/** @typedef {import("playwright-core").Browser} Browser */
/** @typedef {import("playwright-core").Page} Page */
/** @typedef {"light" | "dark"} Theme */
/** @typedef {import("./page-views.mjs").PageView} PageView */

const images = fileURLToPath(new URL("../docs/images/", import.meta.url));
const examples = fileURLToPath(new URL("../examples/", import.meta.url));
const program = fileURLToPath(new URL("../dist/cli/precopy.js", import.meta.url));
const lessons = readdirSync(join(examples, "lessons"))
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

const VIEWPORT = { width: 1280, height: 800 };
/** Every panel is whole in it. */
const TALL = { width: 1280, height: 1600 };
const PROJECTOR = { width: 1280, height: 720 };
const QUALITY = 0.8;

/** Takes a picture in one theme. @typedef {(browser: Browser, theme: Theme) => Promise<Buffer>} Take */
/** @type {Record<string, Take>} */
const pictures = {
  page: pagePicture,
  lessons: lessonListPicture,
  ...Object.fromEntries(VIEWS.map((view) => [`view-${view.name}`, viewPicture(view)])),
  ...Object.fromEntries(lessons.map((name) => [`lesson-${name}`, lessonPicture(name)])),
};

const folder = mkdtempSync(join(tmpdir(), "precopy-pictures-"));
try {
  await withBrowser(async (browser) => {
    mkdirSync(images, { recursive: true });
    const wanted = process.argv.slice(2);
    const isWanted = (/** @type {string} */ name) => wanted.length === 0 || wanted.includes(name);
    for (const [name, take] of Object.entries(pictures).filter(([name]) => isWanted(name))) {
      keep(`${name}.webp`, await take(browser, "light"));
      keep(`${name}-dark.webp`, await take(browser, "dark"));
    }
    if (isWanted("moving")) keep("page-moving.webp", await movingPicture(browser));
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} name @param {Buffer} picture */
function keep(name, picture) {
  writeFileSync(join(images, name), picture);
  process.stdout.write(`wrote docs/images/${name}, ${picture.length} bytes\n`);
}

/**
 * A view of an example at the moment at which it says most: its panel alone.
 * @param {PageView} view
 * @returns {Take}
 */
function viewPicture({ panel, example, hash = "", prepare, beyond }) {
  return async (browser, colorScheme) => {
    const file = example === undefined ? builtPage : reportOf(example);
    const tab = await openBuiltPage(browser, { viewport: TALL, colorScheme, file, hash });
    await prepare?.(tab);
    await tab.evaluate(`document.querySelector("${panel}").scrollIntoView({ block: "center" })`);
    const box = await boxOf(tab, panel);
    // A card beside the panel belongs to the picture.
    return finished(tab, { clip: withAir(beyond === undefined ? box : around(box, await boxOf(tab, beyond))) });
  };
}

/**
 * The example's page as the command line writes it.
 * @param {string} example
 */
function reportOf(example) {
  const file = join(folder, `${example}.html`);
  // The exit code tells how the simulated migrations went, too: what counts is the file.
  spawnSync(process.execPath, [program, "run", join(examples, `${example}.yaml`), "--html", file], { stdio: "ignore" });
  if (!existsSync(file)) throw new Error(`precopy run examples/${example}.yaml --html wrote no page`);
  return file;
}

/** The example in the middle of its blackout: the moment that explains most. @type {Take} */
async function pagePicture(browser, colorScheme) {
  const tab = await openBuiltPage(browser, { viewport: VIEWPORT, colorScheme });
  const times = [await timeOf(tab, "sending processor"), await timeOf(tab, "Done sending processor")];
  await scrubTo(
    tab,
    times.reduce((sum, t) => sum + t / times.length, 0),
  );
  return finished(tab);
}

/** @param {string} name @returns {Take} */
function lessonPicture(name) {
  return async (browser, colorScheme) => {
    const step = TELLING_STEP[/** @type {keyof typeof TELLING_STEP} */ (name)] ?? 3;
    const hash = `#v=1&lesson=${name}&step=${step - 1}`;
    const tab = await openBuiltPage(browser, { viewport: PROJECTOR, colorScheme, hash });
    await tab.locator(`#lesson[data-settled="${name} ${step}"]`).waitFor();
    if ((await tab.locator("#curve:visible").count()) > 0) await tab.locator("#curve[data-done=true]").waitFor();
    if ((await tab.locator("#chances-form:visible").count()) > 0) {
      await tab.locator("#chances-form[data-running=false]").waitFor();
    }
    return finished(tab);
  };
}

/** @type {Take} */
async function lessonListPicture(browser, colorScheme) {
  const tab = await openBuiltPage(browser, { viewport: PROJECTOR, colorScheme });
  await tab.keyboard.press("l");
  return finished(tab);
}

/** The README's: a migration from its request to its clients' answer, the blackout in slow motion. @param {Browser} browser */
async function movingPicture(browser) {
  const size = { width: 1080, height: 560 };
  const hash = "#v=1&hide=events,what-if,compare,chances,time,rounds,nodes&embed=true";
  const tab = await openBuiltPage(browser, { viewport: size, hash });
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
    const webp = await webpOf(tab, await tab.screenshot(), 0.5);
    frames.push({ webp, milliseconds: index === times.length - 1 ? 3000 : 220 });
  }
  await tab.context().close();
  return animatedWebp(frames, size);
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} count
 */
function spread(from, to, count) {
  return Array.from({ length: count }, (_, k) => from + ((to - from) * (k + 1)) / count);
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

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */

/** @param {Box} one @param {Box} other @returns {Box} */
function around(one, other) {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  const right = Math.max(one.x + one.width, other.x + other.width);
  const bottom = Math.max(one.y + one.height, other.y + other.height);
  return { x, y, width: right - x, height: bottom - y };
}

/** @param {Page} tab @param {string} selector @returns {Promise<Box>} */
async function boxOf(tab, selector) {
  const box = await tab.locator(selector).boundingBox();
  if (box === null) throw new Error(`${selector} is not shown`);
  return box;
}

/** @param {Box} box @returns {Box} */
function withAir({ x, y, width, height }) {
  const AIR = 8;
  const [left, top] = [Math.max(0, x - AIR), Math.max(0, y - AIR)];
  return { x: left, y: top, width: x + width + AIR - left, height: y + height + AIR - top };
}

/**
 * The page's picture; the page is closed.
 * @param {Page} tab
 * @param {import("playwright-core").PageScreenshotOptions} [options]
 */
async function finished(tab, options) {
  const picture = await webpOf(tab, await tab.screenshot(options), QUALITY);
  await tab.context().close();
  return picture;
}

/**
 * A PNG as a WebP of that quality, 0 to 1, by the page's own browser.
 * @param {Page} tab
 * @param {Buffer} png
 * @param {number} quality
 */
async function webpOf(tab, png, quality) {
  const webp = await tab.evaluate(
    `(async () => {
      const picture = await createImageBitmap(await (await fetch("data:image/png;base64,${png.toString("base64")}")).blob());
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      canvas.getContext("2d").drawImage(picture, 0, 0);
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality: ${quality} })).arrayBuffer());
      let text = "";
      for (const byte of bytes) text += String.fromCharCode(byte);
      return btoa(text);
    })()`,
  );
  return Buffer.from(String(webp), "base64");
}
