/** Results name the assumed constants that could have changed them, and no others. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { PreparedScenario, parseScenario } from "../../sim/index.ts";

function assumedOfHosts(example: string): string[] {
  const text = readFileSync(new URL(`../../examples/${example}.yaml`, import.meta.url), "utf8");
  const read = parseScenario(parse(text));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { assumptions } = new PreparedScenario(read.value).run({ seed: "1" });
  return assumptions.map(({ name }) => name).filter((name) => name.startsWith("environment."));
}

const PAGING = ["placingRate", "receiveBuffer", "pageRequest", "discardPage"].map((key) => `environment.${key}`);
const ONLY_QEMU = [...PAGING, "environment.oversleep", "environment.socketBuffer"];

describe("assumptions about hosts", () => {
  test.each(["hyper-v-2008r2-web-server", "xen-database", "vsphere-4-quick-resume", "vsphere-5-stun-during-page-send"])(
    "of %s leave out what QEMU's sender alone depends on",
    (example) => {
      const names = assumedOfHosts(example);
      expect(names).toContain("environment.alwaysDirty");
      expect(names.filter((name) => ONLY_QEMU.includes(name))).toEqual([]);
      expect(names.includes("environment.zeroPage")).toBe(example.startsWith("vsphere"));
    },
  );

  test("of pre-copy on KVM hosts name what its sender was taken to have in common with the measured machine", () => {
    const names = assumedOfHosts("qemu-300ms-limit");
    expect(names).toEqual(expect.arrayContaining(["environment.oversleep", "environment.socketBuffer"]));
    expect(names.filter((name) => PAGING.includes(name))).toEqual([]);
  });

  test("of post-copy name the placing of pages, too", () => {
    expect(assumedOfHosts("qemu-postcopy")).toContain("environment.discardPage");
  });
});
