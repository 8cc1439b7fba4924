/** A slider of the what-if form: how long after it moved the new run is there to be seen. */
import { openMeasured } from "./measured-page.mjs";

const MOVES = 40;
const DRAG_FRAMES = 150;

/** In the page: how long a move takes until its result is painted, and what a drag shows. */
const SCRIPT = `(() => {
  const slider = document.getElementById("what-if-writes-slider");
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const results = { count: 0, told: () => {} };
  new MutationObserver(() => { results.count += 1; results.told(); })
    .observe(document.getElementById("verdict"), { childList: true });
  const moveTo = (value) => {
    slider.value = String(value);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const least = Number(slider.min), most = Number(slider.max);
  const place = (k) => Math.round(least + (most - least) * (0.2 + 0.4 * ((k * 0.618) % 1)));
  window.moveOnce = async (k) => {
    const start = performance.now();
    const shown = new Promise((resolve) => { results.told = resolve; });
    moveTo(place(k));
    await shown;
    await painted();
    return performance.now() - start;
  };
  window.drag = async (frames) => {
    const before = results.count;
    const start = performance.now();
    for (let k = 0; k < frames; k += 1) {
      moveTo(place(0) + k);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return { results: results.count - before, seconds: (performance.now() - start) / 1000 };
  };
})()`;

/** @param {import("playwright-core").Browser} browser @returns {Promise<string[]>} a figure a line */
export async function whatIf(browser) {
  const { tab, busySeconds, processSeconds } = await openMeasured(browser);
  await tab.evaluate(SCRIPT);
  // What a page does at its first idle moment.
  await tab.waitForTimeout(2000);
  const first = Number(await tab.evaluate("window.moveOnce(0)"));
  const times = [];
  let busy = 0;
  let process = 0;
  for (let k = 1; k <= MOVES; k += 1) {
    // The curve of the move before is done: it has a worker of its own, which takes another core.
    await tab.locator("#curve[data-done=true]").waitFor();
    const before = [await busySeconds(), await processSeconds()];
    times.push(Number(await tab.evaluate(`window.moveOnce(${k})`)));
    busy += (await busySeconds()) - /** @type {number} */ (before[0]);
    process += (await processSeconds()) - /** @type {number} */ (before[1]);
  }
  times.sort((a, b) => a - b);
  const dragged = /** @type {{ results: number, seconds: number }} */ (
    await tab.evaluate(`window.drag(${DRAG_FRAMES})`)
  );
  const milliseconds = (/** @type {number | undefined} */ millis) => `${(millis ?? 0).toFixed(0)} ms`;
  await tab.context().close();
  return [
    `first move             ${milliseconds(first)} (aim 50 ms)`,
    `move, middle of ${MOVES}     ${milliseconds(times[MOVES / 2])}, least ${milliseconds(times[0])}, longest ${milliseconds(times.at(-1))} (aim 50 ms)`,
    `processor a move       main thread ${((busy / MOVES) * 1000).toFixed(1)} ms, with the worker ${((process / MOVES) * 1000).toFixed(0)} ms`,
    `drag                   ${(DRAG_FRAMES / dragged.seconds).toFixed(0)} moves/s, ${(dragged.results / dragged.seconds).toFixed(0)} results/s`,
  ];
}
