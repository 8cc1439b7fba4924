/** docs/published.md, quick migration: the simulated downtimes, and that what was published lies within them. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { formatSeconds } from "../../sim/index.ts";
import { storageRun } from "../support/storage-scenario.ts";

const page = readFileSync(new URL("../../docs/published.md", import.meta.url), "utf8");
const TRANSPORTS = ["fc-4gbit", "fc-2gbit", "iscsi-1gbe"];

function downtime(memory: string, transport: string): number {
  const { result } = storageRun({
    volumes: [{ name: "LUN1", kind: "lun", owner: "HV01", transport }],
    vms: [{ name: "guest", node: "HV01", memory, disks: ["LUN1"] }],
    timeline: [{ at: 0, migrate: { vm: "guest", to: "HV02", mode: "quick", profile: "hyper-v-2008" } }],
  });
  return result.migrations[0]?.downtimeSeconds ?? Number.NaN;
}

it.each(["1 GiB", "2 GiB", "4 GiB", "8 GiB"])(
  "the downtime of a machine with %s is what the simulator gives",
  (memory) => {
    const cells = TRANSPORTS.map((transport) => formatSeconds(downtime(memory, transport)));
    expect(page).toContain(`| ${[memory, ...cells].join(" | ")} |`);
  },
);

it("has what was published between the fastest and the slowest storage of the time", () => {
  // About 2 GB in about 30 s.
  expect(downtime("2 GiB", "fc-4gbit")).toBeLessThan(30);
  expect(downtime("2 GiB", "fc-2gbit")).toBeGreaterThan(30);
  // From 15 s to a few minutes, for machines of that time.
  expect(downtime("1 GiB", "fc-4gbit")).toBeLessThan(15);
  expect(downtime("8 GiB", "iscsi-1gbe")).toBeGreaterThan(180);
});
