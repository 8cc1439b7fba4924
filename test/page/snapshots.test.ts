/** What each panel is made of at chosen moments of chosen runs, against the files beside this one. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { fixtureTrace } from "../support/fixture-trace.ts";
import { type PageOptions, pageOpener, scrubTo } from "./open-page.ts";
import { panelStructures } from "./panel-structure.ts";

const { open } = pageOpener();
const fixture = fixtureTrace();
const FOLDER = fileURLToPath(new URL("snapshots/", import.meta.url));
const REWRITE = process.env.PRECOPY_UPDATE_GOLDEN === "1";
const SLOW = { timeout: 30_000 };

const timeOf = (type: string): number => fixture.events.find((event) => event.type === type)?.t ?? 0;

interface Chosen {
  title: string;
  options: PageOptions;
  go(page: Page): Promise<void>;
}

const CHOSEN: readonly Chosen[] = [
  {
    title: "a live migration, in its second round",
    options: { trace: fixture.text },
    go: (page) => scrubTo(page, 21.3),
  },
  {
    title: "a live migration, in its blackout",
    options: { trace: fixture.text },
    go: (page) => scrubTo(page, timeOf("vm.stopped") + 0.2),
  },
  {
    title: "a live migration, over; its charts show the blackout",
    options: { trace: fixture.text },
    async go(page) {
      await page.keyboard.press("e");
      await page.keyboard.press("End");
    },
  },
  {
    title: "runs beside the one that is shown",
    options: {},
    async go(page) {
      await page.locator("#pin").click();
      await page.locator("#what-if-writes").fill("2");
      await expect.poll(() => page.locator("#curve").getAttribute("data-done"), SLOW).toBe("true");
      await page.locator("#chances-seeds").fill("20");
      await page.locator("#chances-run").click();
      await expect.poll(() => page.locator("#chances-run").innerText(), SLOW).toBe("Run them");
      await page.keyboard.press("End");
    },
  },
  {
    title: "post-copy, under way",
    options: { hash: "#v=1&scenario=qemu-postcopy" },
    go: goToEvent("Post-copy starts"),
  },
  {
    title: "a node is drained, several machines on their way",
    options: { hash: "#v=1&scenario=drain-hyper-v-2008r2" },
    go: (page) => scrubTo(page, 60),
  },
];

/** To the first event of the list whose sentence holds this. */
function goToEvent(text: string): (page: Page) => Promise<void> {
  return (page) => page.locator("#event-log li button", { hasText: text }).first().click();
}

describe("each panel", () => {
  it("is made of what its snapshot has; after a wanted change set PRECOPY_UPDATE_GOLDEN=1 and look at the differences", async () => {
    const found = new Map<string, string[]>();
    for (const { title, options, go } of CHOSEN) {
      const { page } = await open(options);
      await go(page);
      for (const [panel, structure] of await panelStructures(page)) {
        const sections = found.get(panel) ?? [];
        // What is as it was a moment ago is said once.
        const same = sections.some((section) => section.endsWith(`\n\n${structure}\n`));
        sections.push(same ? `# ${title}: as before\n` : `# ${title}\n\n${structure}\n`);
        found.set(panel, sections);
      }
    }
    expect(found.size).toBeGreaterThan(9);
    for (const [panel, sections] of found) {
      const file = join(FOLDER, `${panel}.txt`);
      const now = sections.join("\n");
      if (REWRITE) {
        mkdirSync(FOLDER, { recursive: true });
        writeFileSync(file, now);
      }
      expect(existsSync(file), `${panel} has no snapshot yet: set PRECOPY_UPDATE_GOLDEN=1 and look at it`).toBe(true);
      expect(now, panel).toBe(readFileSync(file, "utf8"));
    }
    const files = readdirSync(FOLDER).map((name) => name.replace(/\.txt$/, ""));
    expect(files.sort()).toEqual([...found.keys()].sort());
  });
});
