import { readdirSync, readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { axeFindings, pageOpener, pictureOf } from "./open-page.ts";

const { open } = pageOpener();
const folder = new URL("../../examples/lessons/", import.meta.url);

interface LessonText {
  title: string;
  steps: { say: string }[];
  playground: { say: string; controls?: string[] };
}

const lessons = readdirSync(folder)
  .filter((file) => file.endsWith(".yaml"))
  .sort()
  .map((file) => ({
    name: file.replace(/\.yaml$/, ""),
    lesson: parse(readFileSync(new URL(file, folder), "utf8")) as LessonText,
  }));

const sayOf = (page: Page) => page.locator("#lesson-say").innerText();
const settled = (page: Page, name: string, number: number) =>
  page.locator(`#lesson[data-settled="${name} ${number}"]`).waitFor();

describe("lessons", () => {
  it("go from the first step of the first to the last of the last by the presenter's key alone", async () => {
    // A phone's width: where everything fits there, it fits everywhere.
    const { page, complaints, requests } = await open({ width: 320, height: 640 });
    await page.keyboard.press("l");
    await page.getByRole("dialog", { name: "Lessons" }).getByRole("button", { name: "Pause and move" }).focus();
    await page.keyboard.press("Enter");
    for (const [index, { name, lesson }] of lessons.entries()) {
      const sentences = [...lesson.steps.map((step) => step.say), lesson.playground.say];
      for (const [step, say] of sentences.entries()) {
        await settled(page, name, step + 1);
        expect(await sayOf(page)).toBe(say);
        expect(await page.locator("#lesson-trouble").isVisible(), say).toBe(false);
        expect(await page.locator("#notice").isVisible(), say).toBe(false);
        const shown = await page.locator("#stage [data-panel]:visible").count();
        expect(shown, say).toBeGreaterThan(0);
        expect(await page.evaluate("document.documentElement.scrollWidth"), say).toBe(320);
        if (index + 1 < lessons.length || step + 1 < sentences.length) await page.keyboard.press("PageDown");
      }
    }
    expect(await page.locator("#lesson-next").innerText()).toBe("To all lessons");
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
  });

  it("go back to the pictures that going forward showed, by buttons, and replay them", async () => {
    const { name, lesson } = lessons.find((each) => each.name.includes("cliff")) as (typeof lessons)[number];
    const { page } = await open({ hash: `#v=1&lesson=${name}` });
    const pictures: string[] = [];
    for (let step = 1; step <= 5; step += 1) {
      await settled(page, name, step);
      pictures.push(await pictureOf(page));
      if (step < 5) await page.getByRole("button", { name: "Continue" }).click();
    }
    await page.getByRole("button", { name: "Replay" }).click();
    await settled(page, name, 5);
    for (let step = 5; step >= 1; step -= 1) {
      await settled(page, name, step);
      expect((await pictureOf(page)) === pictures[step - 1], `step ${step}`).toBe(true);
      if (step > 1) await page.getByRole("button", { name: "Back", exact: true }).click();
    }
    expect(await sayOf(page)).toBe(lesson.steps[0]?.say);
    await page.getByRole("button", { name: "Leave" }).click();
    expect(await page.locator("#lesson").isVisible()).toBe(false);
    expect(await page.locator("#verdict").isVisible()).toBe(true);
  });

  it("end in a playground with the numbers they offer, and a link brings another reader to the step", async () => {
    const { name, lesson } = lessons.find((each) => each.name.includes("cliff")) as (typeof lessons)[number];
    const last = lesson.steps.length;
    const { page } = await open({ hash: `#v=1&lesson=${name}&step=${last}` });
    await settled(page, name, last + 1);
    const offered = await page
      .locator("#what-if input[type=number]:visible")
      .evaluateAll((all) => all.map((each) => each.id));
    expect(offered.sort()).toEqual((lesson.playground.controls ?? []).map((each) => `what-if-${each}`).sort());
    await expect
      .poll(() => page.locator("#curve[data-done=true] svg").getAttribute("aria-label"))
      .toMatch(/no longer at/);
    await expect.poll(() => page.evaluate("location.hash")).toContain(`lesson=${name}&step=${last}`);
    expect(await axeFindings(page)).toEqual([]);
    await page.locator("#lesson-back").click();
    await expect.poll(() => page.evaluate("location.hash")).toContain(`step=${last - 1}`);
  });

  it("point at the event log in the place of the events, and let go of it", async () => {
    const { page } = await open();
    const own = {
      schemaVersion: 1,
      title: "Logs",
      summary: "Two lists.",
      scenario: "../hyper-v-2008r2-web-server.yaml",
      steps: [{ say: "What the hypervisor logs.", at: "end", look: ["event-log"] }],
      playground: { say: "What happens.", at: "end", look: ["events"] },
    };
    await page
      .locator("#trace-file")
      .setInputFiles({ name: "own.json", mimeType: "text/plain", buffer: Buffer.from(JSON.stringify(own, null, 2)) });
    await settled(page, "", 1);
    expect(await page.locator("#hypervisor-log").isVisible()).toBe(true);
    expect(await page.locator("#event-log").isVisible()).toBe(false);
    await page.keyboard.press("PageDown");
    await settled(page, "", 2);
    expect(await page.locator("#event-log").isVisible()).toBe(true);
  });

  it("play where motion is welcome, and jump where it is not", async () => {
    const { page } = await open({ hash: "#v=1&lesson=03-why-pre-copy-converges", motion: true });
    await expect.poll(() => page.locator("#play").getAttribute("aria-label")).toBe("Pause");
    const still = await open({ hash: "#v=1&lesson=03-why-pre-copy-converges" });
    await settled(still.page, "03-why-pre-copy-converges", 1);
    expect(await still.page.locator("#play").getAttribute("aria-label")).toBe("Play");
    expect(await still.page.locator("#readout-round .value").innerText()).toBe("2");
  });

  it("of one's own open from a file, YAML or JSON; a bad one gets a sentence", async () => {
    const { page } = await open();
    const drop = (name: string, text: string) =>
      page.locator("#trace-file").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
    const own = { ...(lessons[0] as (typeof lessons)[number]).lesson, title: "My own" };
    await drop("own.json", JSON.stringify(own, null, 2));
    await expect.poll(() => page.locator("#lesson-title").textContent()).toBe("My own");
    await drop(
      "bad.yaml",
      "schemaVersion: 1\ntitle: x\nsummary: y\nscenario: ../nowhere.yaml\nsteps: [{say: x}]\nplayground: {say: y}\n",
    );
    await expect
      .poll(() => page.locator("#notice").innerText())
      .toContain("does not hold the scenario ../nowhere.yaml");
    await drop("bad.yaml", "steps: [{ say: [");
    await expect.poll(() => page.locator("#notice").innerText()).toContain("neither YAML nor JSON");
    await drop("scenario.yaml", readFileSync(new URL("../idle-guest.yaml", folder), "utf8"));
    await expect.poll(() => page.locator("#scenario-name").innerText()).toContain("idle");
    expect(await page.locator("#lesson").isVisible()).toBe(false);
  });
});
