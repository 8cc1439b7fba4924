/** A guest that was throttled before it went ahead of its memory. */
import { expect, it } from "vitest";
import type { TraceEvent } from "../../sim/index.ts";
import { simulate } from "../../sim/simulate.ts";
import { MIB, migrate, smallWorld, writes } from "../support/small-world.ts";

it("is held back by the source alone", () => {
  const entry = migrate("vm", 1, "qemu-7.2", { autoConverge: true, postcopyAfterRounds: 8 });
  const scenario = smallWorld({
    vms: [{ name: "vm", memoryBytes: 512 * MIB, usedBytes: 256 * MIB, classes: [writes(0, 60_000, 200_000)] }],
    timeline: [{ ...entry, mode: "post-copy" }],
  });
  const events: TraceEvent[] = [];
  const [migration] = simulate(scenario, { onEvent: (event) => events.push(event) }).migrations;
  expect(migration?.outcome).toBe("completed");
  const throttled = events.filter((event) => event.type === "vm.throttled");
  expect(throttled.length).toBeGreaterThan(1);
  const resumedSeconds = events.find(({ type }) => type === "vm.started")?.t;
  expect(throttled.at(-1)).toMatchObject({ deniedShare: 0, t: resumedSeconds });
});
