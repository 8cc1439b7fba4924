/** The queue with a real Redis and real processes: `npm run check:redis`. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Redis } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import { QUEUE_NAME } from "../../src/runners/queue/queue-protocol.ts";
import { EXAMPLES, precopy, startPrecopy, temporaryFolder } from "../support/cli.ts";

const WANTED = process.env.PRECOPY_CHECK_REDIS === "1";
if (!WANTED) console.log("The queue is not checked here: npm run check:redis does, with a redis-server.");

// Some milliseconds a task.
const EDGE = join(EXAMPLES, "qemu-300ms-limit.yaml");
const SWEEP = ["sweep", EDGE, "--seeds", "400", "--quiet"];

interface Server {
  url: string;
  port: number;
  /** As a crash does: what it holds is lost. */
  kill(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

async function startRedis(port: number, ...options: string[]): Promise<Server> {
  const folder = temporaryFolder();
  const flags = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
  const server = spawn("redis-server", [...flags, ...options], { stdio: "ignore" });
  const ended = once(server, "exit");
  const kill = async () => {
    server.kill("SIGKILL");
    await ended;
  };
  onTestFinished(kill);
  return { url: `redis://127.0.0.1:${port}`, port, kill };
}

interface Started {
  process: ChildProcess;
  stderr: () => string;
  ended: Promise<unknown[]>;
}

function start(args: string[], cwd: string): Started {
  const started = startPrecopy(args, { cwd });
  let stderr = "";
  started.stderr?.on("data", (piece) => {
    stderr += String(piece);
  });
  const ended = once(started, "exit");
  onTestFinished(() => {
    started.kill("SIGKILL");
  });
  return { process: started, stderr: () => stderr, ended };
}

const worker = (url: string, cwd: string) => start(["worker", "--redis", url, "--workers", "1"], cwd);

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setTimeout(20);
}

const bytesOf = (folder: string, name: string) => readFileSync(join(folder, name), "utf8");
const rowsThere = (folder: string) => statSync(join(folder, "queue.csv.partial"), { throwIfNoEntry: false })?.size ?? 0;

async function expectSameAsThreads(folder: string, sweep: Started): Promise<void> {
  const [exitCode] = await sweep.ended;
  expect({ exitCode, stderr: sweep.stderr() }).toMatchObject({ exitCode: 0 });
  expect(precopy([...SWEEP, "-o", "threads.csv"], { cwd: folder }).exitCode).toBe(0);
  expect(bytesOf(folder, "queue.csv")).toBe(bytesOf(folder, "threads.csv"));
}

describe.runIf(WANTED)("a sweep by the queue", () => {
  it("has the bytes that threads give, though a worker is killed in mid-job", async () => {
    const folder = temporaryFolder();
    const { url } = await startRedis(await freePort());
    const first = worker(url, folder);
    const sweep = start([...SWEEP, "--redis", url, "-o", "queue.csv"], folder);
    await until(() => rowsThere(folder) > 5000);
    // It alone is there: what is under way is its own.
    first.process.kill("SIGKILL");
    worker(url, folder);
    worker(url, folder);
    await expectSameAsThreads(folder, sweep);
  });

  it("waits for a Redis that is not there yet, and goes on with one that has lost all", async () => {
    const folder = temporaryFolder();
    const port = await freePort();
    const url = `redis://127.0.0.1:${port}`;
    const sweep = start([...SWEEP, "--redis", url, "-o", "queue.csv"], folder);
    const working = worker(url, folder);
    const waits = (count: number) => (sweep.stderr().match(/does not answer: waiting for it/g) ?? []).length === count;
    await until(() => waits(1));
    const server = await startRedis(port);
    await until(() => rowsThere(folder) > 5000);
    await server.kill();
    await until(() => waits(2));
    await startRedis(port);
    await expectSameAsThreads(folder, sweep);
    expect(sweep.stderr()).toContain(`Redis at 127.0.0.1:${port} answers: going on`);
    expect(working.stderr()).toContain("answers: going on");
    working.process.kill("SIGTERM");
    expect(await working.ended).toEqual([0, null]);
    expect(working.stderr()).toMatch(/did \d+ tasks/);
  });

  it("is killed, gone on with, and leaves nothing in the queue", async () => {
    const folder = temporaryFolder();
    const { url } = await startRedis(await freePort());
    worker(url, folder);
    const args = [...SWEEP, "--redis", url, "-o", "queue.csv"];
    const killed = start(args, folder);
    await until(() => rowsThere(folder) > 5000);
    killed.process.kill("SIGKILL");
    await killed.ended;
    await expectSameAsThreads(folder, start([...args, "--resume"], folder));

    const stopped = start([...SWEEP, "--redis", url, "--seed", "7", "-o", "stopped.csv"], folder);
    await until(() => existsSync(join(folder, "stopped.csv.partial")));
    await setTimeout(1500);
    stopped.process.kill("SIGINT");
    expect(await stopped.ended).toEqual([130, null]);
    expect(stopped.stderr()).toContain("--resume");
    const client = new Redis(url);
    onTestFinished(() => client.disconnect());
    expect(await client.llen(`bull:${QUEUE_NAME}:wait`)).toBeLessThanOrEqual(1);
  });

  it("says that no worker is there, or only of another version; a worker of another version says so", async () => {
    const folder = temporaryFolder();
    const { url } = await startRedis(await freePort());
    const sweep = start([...SWEEP, "--redis", url, "-o", "queue.csv"], folder);
    await until(() => sweep.stderr().includes("waiting: no worker is there. Start some: precopy worker --redis URL"));
    const client = new Redis(url);
    onTestFinished(() => client.disconnect());
    await client.set("precopy:present:worker:other", "9.9.9");
    await until(() => sweep.stderr().includes("all workers are of version 9.9.9"));
    await client.flushall();
    await client.set("precopy:present:sweep:other", "9.9.9");
    sweep.process.kill("SIGKILL");
    await sweep.ended;
    await client.del(
      ...(await client.keys("precopy:present:sweep:*")).filter((key) => !key.endsWith(":other")),
      "none",
    );
    const refused = precopy(["worker", "--redis", url]);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("is of version 9.9.9") });
  });

  it("tells of a wrong password, a Redis that wants one, and what is no Redis's address", async () => {
    const port = await freePort();
    await startRedis(port, "--requirepass", "secret");
    await setTimeout(500);
    for (const command of [["worker"], [...SWEEP]]) {
      for (const url of [`redis://127.0.0.1:${port}`, `redis://:wrong@127.0.0.1:${port}`]) {
        const { exitCode, stderr } = precopy([...command, "--redis", url]);
        expect({ exitCode, stderr }).toEqual({
          exitCode: 2,
          stderr: expect.stringContaining("refuses the user or the password"),
        });
        expect(stderr).not.toContain("wrong");
      }
      expect(precopy([...command, "--redis", "127.0.0.1"])).toMatchObject({ exitCode: 2 });
    }
  });

  it("obeys Ctrl-C while it waits for a Redis", async () => {
    const folder = temporaryFolder();
    const url = `redis://127.0.0.1:${await freePort()}`;
    for (const waiting of [worker(url, folder), start([...SWEEP, "--redis", url, "-o", "queue.csv"], folder)]) {
      await until(() => waiting.stderr().includes("does not answer"));
      waiting.process.kill("SIGINT");
      expect(await waiting.ended).toEqual([130, null]);
    }
  });

  it("tells of a Redis that is full, a replica, and what is no Redis", async () => {
    const folder = temporaryFolder();
    const [full, replica] = [await freePort(), await freePort()];
    await startRedis(full, "--maxmemory", "1mb", "--maxmemory-policy", "noeviction");
    await startRedis(replica, "--replicaof", "127.0.0.1", String(full));
    const page = createServer((socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
    page.listen(0, "127.0.0.1");
    onTestFinished(() => {
      page.close();
    });
    const sweepOver = async (port: number) => {
      const sweep = start([...SWEEP, "--redis", `redis://127.0.0.1:${port}`, "-o", `${port}.csv`], folder);
      const [exitCode] = await sweep.ended;
      return { exitCode, stderr: sweep.stderr() };
    };
    const refusal = expect.stringMatching(
      /Redis at \S+ refuses: OOM .* mended there\.\n0 of 400 tasks were done;.*--resume/,
    );
    expect(await sweepOver(full)).toEqual({ exitCode: 3, stderr: refusal });
    expect(await sweepOver(replica)).toEqual({ exitCode: 2, stderr: expect.stringContaining("is a replica") });
    const { port } = page.address() as { port: number };
    expect(await sweepOver(port)).toEqual({ exitCode: 2, stderr: expect.stringContaining("is no Redis") });
  });
});
