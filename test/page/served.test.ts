import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { contentSecurityPolicy } from "../../src/serving/page-server.ts";
import { launchBrowser } from "../support/chromium.ts";
import { EXAMPLES, precopy, startPrecopy, temporaryFolder } from "../support/cli.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

/** Starts `precopy view`; the address, and how it ends. */
async function view(...args: string[]) {
  const child = startPrecopy(["view", "--no-open", ...args]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (data: Buffer) => resolve(data.toString().trim()));
    child.once("exit", () => reject(new Error("it ended")));
  });
  return { url, child, ended };
}

function ask(url: string, path: string, options: { method?: string; host?: string } = {}) {
  const { method = "GET", host } = options;
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const asked = request({ hostname: "127.0.0.1", port: new URL(url).port, path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asked.once("error", reject);
    asked.end();
  });
}

async function openServed(url: string) {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  const strangers: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (asked) => {
    if (!asked.url().startsWith(url) && !/^(data|blob):/.test(asked.url())) strangers.push(asked.url());
  });
  await page.goto(url);
  return { page, complaints, strangers };
}

describe("precopy view", () => {
  it("answers this machine alone, and nothing but the page", async () => {
    const { url, child, ended } = await view();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const { port } = new URL(url);
    const page = await ask(url, "/");
    expect(page.status).toBe(200);
    expect(page.headers["content-security-policy"]).toBe(contentSecurityPolicy(page.text));
    expect(page.headers["content-security-policy"]).not.toContain("unsafe");
    expect((await ask(url, "/", { host: `localhost:${port}` })).status).toBe(200);
    for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1", `127.0.0.1:${Number(port) + 1}`]) {
      expect((await ask(url, "/", { host })).status, host).toBe(421);
    }
    for (const path of ["/index.html", "/..%2fpackage.json", "/assets/", "/trace", "//", "/../package.json"]) {
      expect((await ask(url, path)).status, path).toBe(404);
    }
    expect((await ask(url, "/", { method: "POST" })).status).toBe(405);
    child.kill("SIGINT");
    expect(await ended).toBe(0);
  });

  it("shows a scenario with another seed under its policy, what-if and all", async () => {
    const { url } = await view(join(EXAMPLES, "qemu-300ms-limit.yaml"), "--seed", "7");
    const { page, complaints, strangers } = await openServed(url);
    await page.locator("#cockpit[data-ready=true]").waitFor();
    expect(await page.locator("#verdict").innerText()).toContain("cache01");
    expect(await page.locator("#what-if-seed").inputValue()).toBe("7");
    const before = await page.locator("#verdict").innerText();
    await page.locator("#what-if-writes").fill("0.5");
    await expect.poll(() => page.locator("#verdict").innerText()).not.toBe(before);
    await page.locator("#pin").click();
    await page.locator("#what-if-writes").fill("1");
    await expect.poll(() => page.locator("#comparison svg").count()).toBe(1);
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
  });

  it("follows a trace that is still being written, to its end", async () => {
    const lines = fixtureTrace().text.trimEnd().split("\n");
    const first = Math.floor(lines.length / 2);
    const path = join(temporaryFolder({ "trace.jsonl": `${lines.slice(0, first).join("\n")}\n` }), "trace.jsonl");
    const { url } = await view(path);
    const { page, complaints } = await openServed(url);
    const status = page.locator("#live-status");
    await expect.poll(() => status.innerText()).toContain("the page follows it");
    const rows = () => page.locator("#event-log li").count();
    expect(await rows()).toBe(first - 1);
    // Half a line is waited for.
    appendFileSync(path, (lines[first] as string).slice(0, 20));
    appendFileSync(path, `${(lines[first] as string).slice(20)}\n`);
    await expect.poll(rows).toBe(first);
    expect(await page.locator("#live-count").innerText()).toContain(`${first} events`);
    expect(await page.locator("#event-log [aria-current=true]").count()).toBe(1);
    appendFileSync(path, `${lines.slice(first + 1).join("\n")}\n`);
    await expect.poll(() => page.locator("#live").isVisible()).toBe(false);
    expect(await page.locator("#verdict").innerText()).toContain("The guest stood still for 302 ms");
    expect(await page.locator("#notice").isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  });

  it("shows what there is before anything migrates, and leaves the reader where he looks", async () => {
    const [header = "", ...lines] = fixtureTrace().text.trimEnd().split("\n");
    const path = join(temporaryFolder({ "trace.jsonl": header.slice(0, 30) }), "trace.jsonl");
    const { url } = await view(path);
    const { page, complaints } = await openServed(url);
    await expect.poll(() => page.locator("#live-count").innerText()).toBe("no events yet");
    appendFileSync(path, `${header.slice(30)}\n{"t":0,"type":"link.restored","network":"none","node":null}\n`);
    await expect
      .poll(() => page.locator("#verdict").innerText())
      .toContain("Nothing migrates yet: 1 machine on 2 nodes.");
    const moments = lines.slice(0, 12);
    appendFileSync(path, `${moments.join("\n")}\n`);
    await expect.poll(() => page.locator("#what-if").isVisible()).toBe(true);
    const follow = page.locator("#live-follow");
    expect(await follow.getAttribute("aria-pressed")).toBe("true");
    await page.keyboard.press("Home");
    await expect.poll(() => follow.getAttribute("aria-pressed")).toBe("false");
    const before = await page.locator("#scrubber").inputValue();
    appendFileSync(path, `${lines.slice(12, 15).join("\n")}\n`);
    await expect.poll(() => page.locator("#event-log li").count()).toBe(16);
    expect(await page.locator("#scrubber").inputValue()).toBe(before);
    expect(await page.locator("#live-status").innerText()).toContain("stays at this moment");
    await follow.click();
    expect(await page.locator("#live-status").innerText()).toContain("follows it");
    expect(complaints).toEqual([]);
  });

  it("reads a trace again from its start that was cut, or replaced, and says so", async () => {
    const { text } = fixtureTrace();
    const lines = text.split("\n");
    const path = join(temporaryFolder({ "trace.jsonl": `${lines.slice(0, 20).join("\n")}\n` }), "trace.jsonl");
    const { url } = await view(path);
    const { page } = await openServed(url);
    const rows = () => page.locator("#event-log li").count();
    await expect.poll(rows).toBe(19);
    writeFileSync(path, "");
    await expect.poll(() => page.locator("#live-status").innerText()).toContain("cut or replaced");
    writeFileSync(path, `${lines.slice(0, 5).join("\n")}\n`);
    await expect.poll(rows).toBe(4);
    const other = fixtureTrace({ vm: "db07" }).text;
    writeFileSync(`${path}.new`, other);
    renameSync(`${path}.new`, path);
    await expect.poll(() => page.locator("#verdict").innerText()).toContain("db07 moved");
    expect(await page.locator("#live").isVisible()).toBe(false);
  });

  it("takes a trace from standard input as it comes", async () => {
    const { url, child } = await view("-");
    const { page } = await openServed(url);
    child.stdin?.write(fixtureTrace({ vm: "db07" }).text);
    child.stdin?.end();
    await expect.poll(() => page.locator("#verdict").innerText()).toContain("db07 moved");
  });

  it("opens a lesson with the scenarios beside it; a bad one gets its line", async () => {
    const lesson = readFileSync(join(EXAMPLES, "lessons", "04-the-cliff.yaml"), "utf8").replace(
      "The cliff",
      "My cliff",
    );
    const scenario = readFileSync(join(EXAMPLES, "qemu-300ms-limit.yaml"));
    const folder = temporaryFolder({
      "lesson.yaml": lesson.replace("../qemu-300ms-limit.yaml", "mine.yaml"),
      "mine.yaml": scenario,
      "bad.yaml": lesson.replace("../qemu-300ms-limit.yaml", "gone.yaml").replace("look: [what-if]", "lok: [what-if]"),
    });
    const { url } = await view("--lesson", join(folder, "lesson.yaml"));
    const { page } = await openServed(url);
    await expect.poll(() => page.locator("#lesson-title").textContent()).toBe("My cliff");
    await page.keyboard.press("PageDown");
    await expect.poll(() => page.locator("#lesson-count").textContent()).toBe("2 of 8");
    const bad = precopy(["view", "--no-open", "--lesson", join(folder, "bad.yaml")]);
    expect(bad.exitCode).toBe(2);
    expect(bad.stderr).toMatch(/bad\.yaml:\d+:\d+: steps/);
    const missing = precopy(["view", "--no-open", "--lesson", join(folder, "none.yaml")]);
    expect([missing.exitCode, missing.stdout]).toEqual([2, ""]);
    expect(precopy(["view", "--no-open", "a.jsonl", "--lesson", "b.yaml"]).exitCode).toBe(2);
    expect(precopy(["view", "--no-open", join(folder, "gone.jsonl")]).stderr).toContain("there is no such file");
  });
});
