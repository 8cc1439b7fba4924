import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { EXAMPLES, precopy, shell, startPrecopy, temporaryFolder } from "../support/cli.ts";

// Some milliseconds a task.
const EDGE = join(EXAMPLES, "qemu-300ms-limit.yaml");
const ARGS = ["sweep", EDGE, "--seeds", "150", "--quiet"];

/** Starts the sweep, and sends the signal once some rows are there. */
async function interrupt(folder: string, signal: NodeJS.Signals): Promise<string> {
  const started = startPrecopy([...ARGS, "-o", "cut.csv"], { cwd: folder });
  let stderr = "";
  started.stderr?.on("data", (piece) => {
    stderr += String(piece);
  });
  const ended = once(started, "exit");
  while ((statSync(join(folder, "cut.csv.partial"), { throwIfNoEntry: false })?.size ?? 0) < 1000) await setTimeout(5);
  started.kill(signal);
  const [exitCode, by] = await ended;
  expect(by ?? exitCode).toBe(signal === "SIGINT" ? 130 : signal);
  return stderr;
}

it("killed or stopped by Ctrl-C and gone on with, the rows are those of a sweep in one go", async () => {
  const folder = temporaryFolder();
  const whole = precopy([...ARGS, "-o", "whole.csv"], { cwd: folder });
  expect(whole).toMatchObject({ exitCode: 0, stderr: "" });
  await interrupt(folder, "SIGKILL");
  const refused = precopy([...ARGS, "-o", "cut.csv"], { cwd: folder });
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--resume") });
  const resumed = precopy([...ARGS.slice(0, -1), "-o", "cut.csv", "--resume"], { cwd: folder });
  expect(Number(/went on at task (\d+)/.exec(resumed.stderr)?.[1])).toBeGreaterThan(0);
  expect(readFileSync(join(folder, "cut.csv"), "utf8")).toBe(readFileSync(join(folder, "whole.csv"), "utf8"));
  expect(resumed.stdout).toBe(whole.stdout);

  const stderr = await interrupt(folder, "SIGINT");
  expect(stderr).toMatch(
    /^precopy: stopped\. \d+ of 150 tasks were done; their rows are in cut\.csv\.partial\. Go on with: /,
  );
  // What stands there is whole rows, and the message's own command goes on with them.
  expect(readFileSync(join(folder, "cut.csv.partial"), "utf8").endsWith("\r\n")).toBe(true);
  const command = /Go on with: (.*)\n/.exec(stderr)?.[1] as string;
  expect(shell(command, { cwd: folder })).toMatchObject({ exitCode: 0, stdout: whole.stdout });
  expect(readFileSync(join(folder, "cut.csv"), "utf8")).toBe(readFileSync(join(folder, "whole.csv"), "utf8"));
  expect(existsSync(join(folder, "cut.csv.partial"))).toBe(false);
});

it("rows to standard output, the summary then to standard error; a reader may have seen enough", () => {
  const { exitCode, stdout, stderr } = precopy(["sweep", EDGE, "--seeds", "3", "-o", "-", "--format", "jsonl"]);
  expect(exitCode).toBe(0);
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).seed),
  ).toEqual(["1", "2", "3"]);
  expect(stderr).toContain("3 tasks: 1 point, 3 seeds each.");
  expect(shell(`precopy ${ARGS.join(" ")} -o - | head -n 1`)).toMatchObject({ exitCode: 0, stderr: "" });
});

it("flags are checked", () => {
  const refused = (...flags: string[]) => precopy(["sweep", EDGE, ...flags]);
  expect(refused("--shard", "4/3")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("1/3, 2/3, 3/3") });
  expect(refused("--worker-memory", "1MiB")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("64 MiB") });
});

it("says of itself how it is run again", () => {
  const folder = temporaryFolder({ "it's mine.yaml": readFileSync(EDGE) });
  const args = [
    "sweep",
    "it's mine.yaml",
    "--param",
    "vms.cache01.memory=4GiB,5GiB",
    "--set",
    "horizon=4 min",
    "--seed",
    "a b",
  ];
  const { command } = JSON.parse(precopy([...args, "--json", "-o", "a.csv"], { cwd: folder }).stdout);
  shell(`${command} -o b.csv`, { cwd: folder });
  expect(readFileSync(join(folder, "b.csv"), "utf8")).toBe(readFileSync(join(folder, "a.csv"), "utf8"));
});

it.runIf(existsSync("/dev/full")).each([
  ["-o /dev/full --format csv", "/dev/full"],
  ["-o - --format csv > /dev/full", "standard output"],
])("with %s, says that the disk is full", (output, place) => {
  const { exitCode, stdout, stderr } = shell(`precopy sweep "${EDGE}" --seeds 3 --workers 0 ${output}`);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(stderr).toMatch(
    new RegExp(
      `^precopy: cannot write ${place}: the disk is full\\. Free some space, [^\\n]+\\.(\\n0 of 3 tasks were done\\.)?\\n$`,
    ),
  );
});
