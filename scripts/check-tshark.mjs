/**
 * Lets Wireshark's own reader judge the packet captures: tshark must take every packet without complaint, recognise gratuitous ARP and
 * RARP, see the retransmissions as such, and give the times of the trace that was written beside the capture.
 *
 * Needs dist/ (`npm run build`). Where there is no tshark this says so, and that is no failure, unless called with --required.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const EXAMPLES = [
  "network-after-migration",
  "network-one-second-limit",
  "network-silent-guest",
  "network-session-lost",
  "hyper-v-2008r2-web-server",
];

const root = fileURLToPath(new URL("..", import.meta.url));

if (spawnSync("tshark", ["--version"]).status !== 0) {
  console.log("Packet captures: NOT CHECKED by tshark, which is not installed on this machine");
  process.exit(process.argv.includes("--required") ? 1 : 0);
}

const folder = mkdtempSync(join(tmpdir(), "precopy-tshark-"));
try {
  for (const example of EXAMPLES) check(example);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} example */
function check(example) {
  const capture = join(folder, `${example}.pcapng`);
  const trace = join(folder, `${example}.jsonl`);
  run(process.execPath, [
    "dist/cli/precopy.js",
    "run",
    `examples/${example}.yaml`,
    "--trace",
    capture,
    "--trace",
    trace,
  ]);
  const events = readFileSync(trace, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const announced = events.filter(({ type }) => type === "arp.sent");
  const again = events.filter(({ type }) => type === "tcp.retransmitted");

  const gratuitous = times(capture, "arp.isgratuitous == 1 && arp.opcode == 2");
  const reverse = times(capture, "arp.opcode == 3");
  same(example, "gratuitous ARP", gratuitous, announced.filter(({ frame }) => frame === "gratuitous-arp").map(time));
  same(example, "RARP", reverse, announced.filter(({ frame }) => frame === "rarp").map(time));
  const retransmitted = times(capture, 'frame.comment contains "tcp.retransmitted by the client"');
  const byClient = again.filter(({ by }) => by === "client");
  same(
    example,
    "retransmissions",
    retransmitted,
    byClient.map(({ sentSeconds }) => nanoseconds(sentSeconds)),
  );
  const seen = times(
    capture,
    'tcp.analysis.retransmission && frame.comment contains "tcp.retransmitted by the client"',
  );
  same(example, "retransmissions that tshark recognises", seen, retransmitted);
  const wrong = times(
    capture,
    "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 || icmp.checksum.status == 0",
  );
  same(example, "malformed packets and wrong checksums", wrong, []);
  console.log(
    `${example}: tshark reads ${times(capture, "frame").length} packets, ${gratuitous.length} gratuitous ARP, ` +
      `${reverse.length} RARP, ${retransmitted.length} retransmissions of clients, at the trace's times`,
  );
}

/**
 * The times of the packets that a filter lets through, nanoseconds as text.
 * @param {string} capture
 * @param {string} filter
 */
function times(capture, filter) {
  const checks = ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"];
  const output = run("tshark", ["-r", capture, ...checks, "-Y", filter, "-T", "fields", "-e", "frame.time_epoch"]);
  return output.split("\n").filter((line) => line !== "");
}

/** @param {{ t: number }} event */
function time({ t }) {
  return nanoseconds(t);
}

/** @param {number} seconds */
function nanoseconds(seconds) {
  const whole = Math.floor(seconds);
  const rest = Math.round((seconds - whole) * 1e9);
  return rest === 1e9 ? `${whole + 1}.000000000` : `${whole}.${String(rest).padStart(9, "0")}`;
}

/**
 * @param {string} example
 * @param {string} what
 * @param {string[]} found
 * @param {string[]} wanted
 */
function same(example, what, found, wanted) {
  const inOrder = (/** @type {string[]} */ list) => [...list].sort().join(" ");
  if (inOrder(found) === inOrder(wanted)) return;
  throw new Error(`${example}: ${what} at ${inOrder(found) || "no time"}, expected at ${inOrder(wanted) || "no time"}`);
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function run(program, args) {
  const done = spawnSync(program, args, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (done.status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${done.status}:\n${done.stderr}`);
  return done.stdout;
}
