import fc from "fast-check";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { type ClusterState, clusterHistoryOf } from "../../viz/model/cluster-at.ts";
import { exampleTimeline } from "../support/example-timeline.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";
import { axeFindings, pageOpener, readout, scrubTo } from "./open-page.ts";

const { open } = pageOpener();
/** Hosts are emptied in the evening, several machines at a time, and switched on again in the morning. */
const night = exampleTimeline("consolidation-night");
const failover = exampleTimeline("failover-hyper-v-2008r2");
const history = clusterHistoryOf(night.timeline());
const stops = clusterHistoryOf(failover.timeline());

/** A moment at which several machines are on their way. */
const busy = (() => {
  const starts = night.events.filter((event) => event.type === "migration.started").map((event) => event.t + 4);
  const t = starts.find((each) => history.at(each).moves.length >= 2);
  if (t === undefined) throw new Error("the example moves machines two at a time");
  return t;
})();

async function tableOf(page: Page, title: string): Promise<string[][]> {
  const details = page.locator("#nodes details", { hasText: title });
  if ((await details.getAttribute("open")) === null) {
    await details.locator("summary").click();
    // It is written once the browser says that it is unfolded.
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  }
  return details
    .locator("tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...(row as unknown as { cells: { textContent: string }[] }).cells].map((cell) => cell.textContent),
      ),
    );
}

const onNode = (state: ClusterState) =>
  state.nodes.map((node) => String(node.counts.reduce((sum, each) => sum + each, 0)));
const picture = (page: Page) =>
  page.locator("#nodes > svg").evaluate((svg) => (svg as unknown as { outerHTML: string }).outerHTML);
const card = (page: Page) => page.locator(".card");
const moving = (page: Page) => page.locator("#nodes .moving-machines .moving");

describe("all nodes", () => {
  it("have their machines, migrations and states as the trace has them: in tiles, on arcs and in tables", async () => {
    const { page, complaints } = await open({ trace: night.text });
    for (const t of [0, busy, night.events.at(-1)?.t as number]) {
      await scrubTo(page, t);
      const state = history.at(t);
      const rows = await tableOf(page, "Nodes as a table");
      expect(rows.map((row) => row[0])).toEqual(state.nodes.map((node) => node.name));
      expect(rows.map((row) => row[2])).toEqual(onNode(state));
      expect(rows.map((row) => [row[4], row[5]])).toEqual(
        state.nodes.map((node) => [String(node.out), String(node.in)]),
      );
      const off = state.nodes.filter((node) => node.state === "off").map((node) => node.name);
      expect(rows.filter((row) => row[1] === "powered off").map((row) => row[0])).toEqual(off);
      expect(await page.locator("#nodes g > .tile.is-off").count()).toBeGreaterThanOrEqual(off.length);
      expect(await moving(page).count()).toBe(state.moves.length);
      const moves = await tableOf(page, "Machines on the move");
      expect(moves.map(([vm, from, to]) => [vm, from, to])).toEqual(
        state.moves.map(({ migration }) => [migration.vm, migration.from, migration.to]),
      );
      const names = page.locator("#nodes .machines .machine-name:not(:empty)");
      expect(await names.count()).toBe(night.scenario.vms.length);
    }
    expect(complaints).toEqual([]);
  });

  it("show for a moment the same picture, in whatever order moments are looked at", async () => {
    const { page } = await open({ trace: night.text });
    const near = fc.double({ min: busy - 5, max: busy + 5, noNaN: true });
    const anywhere = fc.double({ min: 0, max: night.events.at(-1)?.t as number, noNaN: true });
    const times = fc.sample(fc.oneof(near, near, anywhere), { numRuns: 12, seed: 11 });
    const seen = new Map<number, string>();
    for (const t of [...times, ...[...times].reverse()]) {
      await scrubTo(page, t);
      const now = await picture(page);
      expect(now === (seen.get(t) ?? now), `the picture at ${t} s differs`).toBe(true);
      seen.set(t, now);
    }
    expect(new Set(seen.values()).size).toBeGreaterThan(times.length / 2);
  });

  it("are walked through by keys, and Enter on a machine under way looks at its migration, at the same moment", async () => {
    const { page, complaints } = await open({ trace: night.text });
    await scrubTo(page, busy);
    const second = history.at(busy).moves[1];
    if (second === undefined) throw new Error("two are under way");
    const stop = page.locator("#nodes .mark-stop");
    await stop.focus();
    expect(await card(page).innerText()).toContain(history.nodeNames[0]);
    const walked: string[] = [];
    for (let k = 0; k < 40; k += 1) {
      await page.keyboard.press("ArrowDown");
      const label = (await stop.getAttribute("aria-label")) ?? "";
      walked.push(label);
      if (label.includes(`: ${second.migration.vm}: `)) break;
    }
    expect(walked.at(-1)).toContain(`${second.migration.from} → ${second.migration.to}`);
    const time = await readout(page, "time");
    await page.keyboard.press("Enter");
    expect(await page.locator("#migration").inputValue()).toBe(String(second.migration.index));
    expect(await page.locator("#verdict").innerText()).toContain(second.migration.vm);
    expect(await readout(page, "time")).toBe(time);
    expect(await axeFindings(page)).toEqual([]);
    while ((await stop.getAttribute("aria-label"))?.includes("→") === true) await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    expect(await page.getByRole("dialog", { name: "What the numbers mean" }).isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it("take a click on a machine under way, and tell of machines and nodes under the pointer", async () => {
    const { page } = await open({ trace: night.text });
    await scrubTo(page, busy);
    const first = await page.locator("#migration").inputValue();
    const chosen = history.at(busy).moves.findLast(({ migration }) => String(migration.index) !== first);
    const other = page.locator("#nodes .moving-machines .moving:not(.looked)").last();
    await other.scrollIntoViewIfNeeded();
    const box = await other.boundingBox();
    if (box === null || chosen === undefined) throw new Error("nothing moves");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    expect(await card(page).innerText()).toContain("memory at the target");
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    expect(await page.locator("#migration").inputValue()).toBe(String(chosen.migration.index));
    const name = page.locator("#nodes .machines .machine-name:not(:empty)").first();
    await name.scrollIntoViewIfNeeded();
    const at = await name.boundingBox();
    await page.mouse.move((at?.x ?? 0) + 4, (at?.y ?? 0) + 6);
    await expect.poll(() => card(page).innerText()).toContain(await name.textContent());
  });

  it("show a failure: the node, its machines down and started again elsewhere, the volume without a coordinator", async () => {
    const { page, complaints } = await open({ trace: failover.text, colorScheme: "dark" });
    await scrubTo(page, 62);
    expect(await page.locator("#nodes g > .tile.is-failed").first().isVisible()).toBe(true);
    expect(await page.locator("#nodes .machines .machine.down").count()).toBe(4);
    expect((await tableOf(page, "Volumes as a table"))[0]).toEqual(["Volume1", "csv", "changes hands"]);
    expect(await page.locator("#nodes .volume-way").count()).toBe(0);
    await scrubTo(page, 80);
    expect(await page.locator("#nodes .volume-way.direct").count()).toBe(1);
    expect(await page.locator("#nodes .machines .machine.starts").count()).toBe(2);
    expect(await page.locator("#nodes .volume-detail").innerHTML()).toContain("HV02");
    expect((await tableOf(page, "Nodes as a table")).map((row) => row[2])).toEqual(onNode(stops.at(80)));
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press("End");
    expect(await page.locator("#nodes .machines .machine.starts").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it("fit on a phone, and are left out where asked, and of a run with two nodes", async () => {
    const narrow = await open({ trace: night.text, width: 320, height: 640 });
    await scrubTo(narrow.page, busy);
    expect(Number(await narrow.page.evaluate("document.documentElement.scrollWidth"))).toBeLessThanOrEqual(320);
    expect(await moving(narrow.page).count()).toBe(history.at(busy).moves.length);
    expect(await axeFindings(narrow.page)).toEqual([]);
    const hidden = await open({ trace: night.text, hash: "#v=1&hide=nodes" });
    expect(await hidden.page.locator(".nodes-panel").isVisible()).toBe(false);
    const two = await open({ trace: fixtureTrace().text });
    expect(await two.page.locator(".nodes-panel").isVisible()).toBe(false);
    expect(await two.page.locator("#nodes > svg").count()).toBe(0);
  });
});
