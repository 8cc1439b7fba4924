/** A trace of a million events: how long it takes to open it, to seek in it, and what playing costs. */
import { execFileSync } from "node:child_process";
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { openMeasured } from "./measured-page.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const EVENTS = 1_000_000;
const SEEKS = 30;
const PLAY_SECONDS = 5;

/** @param {import("playwright-core").Browser} browser @returns {Promise<string[]>} a figure a line */
export async function millionEvents(browser) {
  const folder = mkdtempSync(join(tmpdir(), "precopy-bench-"));
  try {
    const once = join(folder, "once.jsonl");
    const trace = join(folder, "million.jsonl");
    const scenario = join(root, "examples/rolling-maintenance.yaml");
    execFileSync(process.execPath, [join(root, "dist/cli/precopy.js"), "run", scenario, "--trace", once], {
      stdio: "ignore",
    });
    const events = await repeated(once, trace);
    const { tab, busySeconds } = await openMeasured(browser);
    await tab.evaluate(`(() => {
      const input = document.getElementById("trace-file");
      input.addEventListener("change", () => { window.opened = performance.now(); }, { capture: true });
      new MutationObserver(() => { window.shown ??= requestAnimationFrame(() => { window.drawn = performance.now(); }); })
        .observe(document.getElementById("scenario-name"), { childList: true });
    })()`);
    const closed = await busySeconds();
    await tab.locator("#trace-file").setInputFiles(trace);
    await tab.waitForFunction("window.drawn !== undefined", undefined, { timeout: 120_000 });
    const open = Number(await tab.evaluate("window.drawn - window.opened")) / 1000;
    const opening = (await busySeconds()) - closed;
    const unsought = await busySeconds();
    const seeks = /** @type {number[]} */ (
      await tab.evaluate(`(async () => {
        const scrubber = document.getElementById("scrubber");
        const times = [];
        for (let k = 0; k < ${SEEKS}; k += 1) {
          scrubber.value = Number(scrubber.max) * ((k * 0.618) % 1);
          const start = performance.now();
          scrubber.dispatchEvent(new Event("input", { bubbles: true }));
          document.body.getBoundingClientRect();
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
          times.push(performance.now() - start);
        }
        return times.sort((a, b) => a - b);
      })()`)
    );
    const seeking = ((await busySeconds()) - unsought) / SEEKS;
    await tab.keyboard.press("Home");
    const before = await busySeconds();
    const frames = await tab.evaluate(`new Promise((resolve) => {
      document.getElementById("play").click();
      let frames = 0;
      const end = performance.now() + ${PLAY_SECONDS * 1000};
      const count = () => { frames += 1; if (performance.now() < end) requestAnimationFrame(count); else resolve(frames); };
      requestAnimationFrame(count);
    })`);
    const busy = ((await busySeconds()) - before) / PLAY_SECONDS;
    await tab.keyboard.press("Space");
    const still = await busySeconds();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const idle = ((await busySeconds()) - still) / 2;
    return [
      `events                 ${events} (${(statSync(trace).size / 1e6).toFixed(0)} MB)`,
      `open                   ${open.toFixed(2)} s, processor ${opening.toFixed(2)} s (aim 3 s)`,
      `seek, middle of ${SEEKS}     ${(seeks[SEEKS / 2] ?? 0).toFixed(0)} ms, longest ${(seeks.at(-1) ?? 0).toFixed(0)} ms, processor ${(seeking * 1000).toFixed(0)} ms (aim 100 ms)`,
      `playing                ${(Number(frames) / PLAY_SECONDS).toFixed(0)} frames/s (aim 60), ${(busy * 100).toFixed(0)} % of a core (aim 50 %)`,
      `paused                 ${(idle * 100).toFixed(1)} % of a core`,
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The trace again and again, each time later and with migrations of its own, until it has a million events.
 * @param {string} from
 * @param {string} to
 */
async function repeated(from, to) {
  const out = createWriteStream(to);
  let events = 0;
  for (let turn = 0; events < EVENTS; turn += 1) {
    let last = 0;
    for await (const line of createInterface({ input: createReadStream(from), crlfDelay: Number.POSITIVE_INFINITY })) {
      const record = JSON.parse(line);
      if (record.type === "header" && turn === 0) out.write(`${line}\n`);
      if (record.type === "header" || record.type === "end") continue;
      last = record.t + turn * 50_000;
      const shifted = { ...record, t: last };
      if ("migration" in record) shifted.migration += turn * 10_000;
      if ("flow" in record) shifted.flow += turn * 10_000;
      if (!out.write(`${JSON.stringify(shifted)}\n`))
        await new Promise((resolve) => out.once("drain", () => resolve(null)));
      events += 1;
    }
  }
  await new Promise((resolve) => out.end(() => resolve(null)));
  return events;
}
