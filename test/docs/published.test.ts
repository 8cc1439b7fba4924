/** docs/published.md: the table's simulated figures are those that the simulator gives. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type MigrationResult, parseScenario, simulate } from "../../sim/index.ts";

const page = readFileSync(new URL("../../docs/published.md", import.meta.url), "utf8");

interface Setting {
  memory: string;
  used: string;
  compressesTo?: number;
  classes?: object[];
  bandwidth?: string;
  environment?: object;
  migrate: object;
  horizon?: string;
}

function migration({
  memory,
  used,
  compressesTo,
  classes,
  bandwidth,
  environment,
  migrate,
  horizon,
}: Setting): MigrationResult {
  const parsed = parseScenario({
    schemaVersion: 1,
    name: "published",
    environment: { preset: "qemu-kvm-hosts", ...environment },
    horizon: horizon ?? "10 min",
    nodes: [
      { name: "a", memory: "256 GiB" },
      { name: "b", memory: "256 GiB" },
    ],
    networks: [{ name: "lan", bandwidth: bandwidth ?? "1 Gbit/s", carries: ["migration"] }],
    vms: [
      {
        name: "guest",
        node: "a",
        memory,
        used,
        ...(compressesTo === undefined ? {} : { compressesTo }),
        ...(classes === undefined ? {} : { workload: { name: "written", classes } }),
      },
    ],
    timeline: [{ at: 0, migrate: { vm: "guest", to: "b", profile: "qemu-7.2", maxBandwidth: 0, ...migrate } }],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return simulate(parsed.value).migrations[0] as MigrationResult;
}

const seconds = ({ totalSeconds }: MigrationResult) => `${(totalSeconds ?? Number.NaN).toFixed(2)} s`;
const megabytes = ({ transferredBytes }: MigrationResult) => `${(transferredBytes / 1e6).toFixed(0)} MB`;

// Rows 1 and 2: 88,200 of the guest's pages hold data, by the bytes of row 1; they compress to 0.28, by those of row 2.
const IDLE = { memory: "4112.8 MiB", used: "344.5 MiB", compressesTo: 0.28 };
// Rows 3 and 4: all of it does, and compresses to 0.395.
const RANDOM = {
  memory: "4112.8 MiB",
  used: "4112.8 MiB",
  compressesTo: 0.395,
  classes: [{ pages: 16_000, rate: 600 }],
};
const ZERO = { memory: "100 GiB", used: "4 KiB", bandwidth: "10 Tbit/s" };
/** Rows 15, 16 and 18 give the machine's times for a zero page; row 17 follows. */
const XEON = { zeroPage: 0.2358e-6 };
const full = (bandwidth: string) => ({
  memory: "8 GiB",
  used: "8 GiB",
  bandwidth,
  environment: { copyRate: "100 GB/s", finalCopyRate: "100 GB/s" },
  migrate: {},
});

/** The steady rounds of row 14: a writer that goes round 16 MiB, a cache of 8 MiB. */
function missShare(): string {
  const { rounds } = migration({
    memory: "1 GiB",
    used: "64 MiB",
    classes: [{ pages: 4096, rate: 58_781, pattern: "sweep", wordsPerWrite: 4 }],
    migrate: { xbzrle: true, xbzrleCache: "8 MiB", downtimeLimit: "30 ms" },
    horizon: "20 s",
  });
  const steady = rounds.slice(10, 60);
  const pages = steady.reduce((sum, { pagesSent }) => sum + pagesSent, 0);
  const bytes = steady.reduce((sum, { bytesSent }) => sum + bytesSent, 0);
  return `${((100 * bytes) / (pages * 4104)).toFixed(0)} %`;
}

const ROWS: Record<string, () => string> = {
  "1": () => {
    const plain = migration({ ...IDLE, migrate: {} });
    return `${seconds(plain)}, ${megabytes(plain)}`;
  },
  "2": () => {
    const compressed = migration({ ...IDLE, migrate: { compress: true } });
    return `${seconds(compressed)}, ${megabytes(compressed)}`;
  },
  "3": () => {
    const plain = migration({ ...RANDOM, migrate: {} });
    return `${seconds(plain)}, ${megabytes(plain)}`;
  },
  "4": () => {
    const compressed = migration({ ...RANDOM, migrate: { compress: true } });
    return `${seconds(compressed)}, ${megabytes(compressed)}`;
  },
  "6": () => seconds(migration(full("9.5 Gbit/s"))),
  "7": () => seconds(migration(full("26 Gbit/s"))),
  "14": missShare,
  "15": () =>
    seconds(
      migration({
        ...ZERO,
        environment: { zeroPage: 9.629 / 26_214_400 },
        migrate: { multifd: true, multifdChannels: 4 },
      }),
    ),
  ...Object.fromEntries(
    [1, 2, 4].map((channels, index) => [
      `${16 + index}`,
      () =>
        seconds(
          migration({
            ...ZERO,
            environment: XEON,
            migrate: { profile: "qemu-10", multifd: true, multifdChannels: channels },
          }),
        ),
    ]),
  ),
  "23": () => {
    const setting = { memory: "50 GiB", used: "12 GiB", compressesTo: 0.275 };
    return megabytes(
      migration({ ...setting, migrate: { profile: "qemu-10", multifd: true, multifdChannels: 8, multifdZstd: true } }),
    );
  },
};

it.each(Object.keys(ROWS))("row %s is what the simulator gives", (row) => {
  const cells = page
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .find(([, first]) => first === row);
  expect(cells?.[4]).toBe(ROWS[row]?.());
});

it("has no row that nothing holds", () => {
  const rows = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, row]) => row);
  expect(rows.sort()).toEqual(Object.keys(ROWS).sort());
});
