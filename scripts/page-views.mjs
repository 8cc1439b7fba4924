/** The views of the page, each of an example at the moment at which it says most. */

/** @typedef {import("playwright-core").Page} Page */

/**
 * @typedef {object} PageView
 * @property {string} name
 * @property {string} panel its part of the page
 * @property {string} [example] absent: the example that the page opens with
 * @property {string} [hash] its address
 * @property {(tab: Page) => Promise<void>} [prepare] what is done to it first
 * @property {string} [beyond] what stands over the panel and belongs to the picture
 */

/** @type {readonly PageView[]} */
export const VIEWS = [
  { name: "cluster", panel: ".sketch-panel", hash: "#v=1&t=44.68" },
  { name: "nodes", panel: ".nodes-panel", example: "drain-all-at-once", hash: "#v=1&t=60" },
  { name: "many-nodes", panel: ".nodes-panel", example: "rolling-maintenance", hash: "#v=1&t=8075" },
  { name: "blackout", panel: ".blackout-panel", hash: "#v=1&t=44.68" },
  { name: "time", panel: ".time-panel", example: "drain-all-at-once", hash: "#v=1&t=78" },
  { name: "clients", panel: "#lanes", example: "network-after-migration", hash: "#v=1", prepare: closeToTheBlackout },
  {
    name: "frame",
    panel: "#lanes",
    example: "network-after-migration",
    hash: "#v=1",
    prepare: async (tab) => {
      await closeToTheBlackout(tab);
      await walkTo(tab, "#lanes", /ARP/);
    },
    beyond: "aside.card",
  },
  {
    name: "rounds",
    panel: ".rounds-panel",
    example: "xen-database",
    hash: "#v=1",
    prepare: (tab) => tab.keyboard.press("End"),
  },
  { name: "memory", panel: ".memory-panel", example: "xen-database", hash: "#v=1", prepare: halfwayThroughTheCopy },
  {
    name: "run",
    panel: ".run-panel",
    example: "drain-hyper-v-2008r2",
    hash: "#v=1",
    prepare: (tab) => tab.keyboard.press("End"),
  },
  {
    name: "events",
    panel: ".log-panel",
    example: "failover-while-migrating",
    hash: "#v=1",
    prepare: async (tab) => {
      await tab.locator("#choose-hypervisor-log").click();
      await tab.keyboard.press("End");
    },
  },
  { name: "what-if", panel: ".what-if-panel", example: "qemu-300ms-limit", hash: "#v=1", prepare: moveTheDirtyRate },
  {
    name: "compare",
    panel: ".compare-panel",
    example: "qemu-300ms-limit",
    hash: "#v=1",
    prepare: async (tab) => {
      await tab.locator("#pin").click();
      await moveTheDirtyRate(tab);
    },
  },
  {
    name: "chance",
    panel: ".chances-panel",
    example: "qemu-300ms-limit",
    hash: "#v=1",
    prepare: async (tab) => {
      await tab.locator("#chances-objective").fill("48");
      await tab.locator("#chances-run").click();
      await tab.locator("#chances-form[data-running=true]").waitFor();
      await tab.locator("#chances-form[data-running=false]").waitFor({ timeout: 60_000 });
    },
  },
];

/** @param {Page} tab */
async function closeToTheBlackout(tab) {
  await tab.keyboard.press("End");
  await tab.keyboard.press("e");
}

/**
 * Opens the explanation of a part of a chart, as one does by keyboard.
 * @param {Page} tab
 * @param {string} chart
 * @param {RegExp} part
 */
async function walkTo(tab, chart, part) {
  const stop = tab.locator(`${chart} .mark-stop`).first();
  await stop.focus();
  for (let k = 0; k < 200; k += 1) {
    if (part.test((await stop.getAttribute("aria-label")) ?? "")) return;
    await tab.keyboard.press("ArrowDown");
  }
  throw new Error(`no part of ${chart} is named ${part}`);
}

/** Between the start of the migration and the guest's stop. @param {Page} tab */
async function halfwayThroughTheCopy(tab) {
  await tab.keyboard.press("End");
  await tab.evaluate(`(() => {
    const scrubber = document.getElementById("scrubber");
    scrubber.value = Number(scrubber.max) * 0.8;
    scrubber.dispatchEvent(new Event("input"));
  })()`);
}

/** @param {Page} tab */
async function moveTheDirtyRate(tab) {
  await tab.locator("#what-if-writes").fill("0.8");
  await tab.locator("#curve[data-done=true]").waitFor();
  await tab.evaluate("document.activeElement.blur()");
}
