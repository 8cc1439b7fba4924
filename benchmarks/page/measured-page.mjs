/** The built page in a tab whose processor time is counted: the machine may have other work. */
import { openBuiltPage } from "../../scripts/built-page.mjs";

/**
 * @typedef {{
 *   tab: import("playwright-core").Page,
 *   busySeconds: () => Promise<number>,
 *   processSeconds: () => Promise<number>,
 * }} MeasuredPage
 * `busySeconds`: that the page's main thread has worked. `processSeconds`: that all threads of all pages' processes have,
 * workers and the collection of garbage with them.
 */

/** @param {import("playwright-core").Browser} browser @returns {Promise<MeasuredPage>} */
export async function openMeasured(browser) {
  const tab = await openBuiltPage(browser, { viewport: { width: 1280, height: 800 } });
  const session = await tab.context().newCDPSession(tab);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const whole = await browser.newBrowserCDPSession();
  return {
    tab,
    async busySeconds() {
      const { metrics } = await session.send("Performance.getMetrics");
      return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
    },
    async processSeconds() {
      const { processInfo } = await whole.send("SystemInfo.getProcessInfo");
      return processInfo.filter(({ type }) => type === "renderer").reduce((sum, { cpuTime }) => sum + cpuTime, 0);
    },
  };
}
