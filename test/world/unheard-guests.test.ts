/** What guests send goes nowhere where neither a client nor a trace would know of it; nothing else may depend on that. */
import { expect, it } from "vitest";
import { simulate } from "../../sim/simulate.ts";
import type { TraceEvent } from "../../sim/trace/events.ts";
import { GIB, MIB, migrate, smallWorld, writes } from "../support/small-world.ts";

/** Post-copy that is cut for good: it waits for the run's end with nothing left to happen but the other's first frame, at 162 s. */
const scenario = smallWorld({
  vms: [
    { name: "stuck", memoryBytes: GIB, usedBytes: 800 * MIB, classes: [writes(0, 8000, 2000)] },
    { name: "other", memoryBytes: 64 * MIB, usedBytes: 32 * MIB },
  ],
  timeline: [
    migrate("other", 1, "qemu-7.2", { announceRounds: 0 }),
    { ...migrate("stuck", 1, "qemu-7.2"), mode: "post-copy" },
    { kind: "startPostcopy", atSeconds: 3, vm: "stuck" },
    { kind: "cutLink", atSeconds: 4, network: "lan" },
  ],
  networkBytesPerSecond: 125e6,
  environment: { preset: "qemu-tcg-2-core", overrides: { connectionTimeoutSeconds: 10, guestFirstFrameSeconds: 200 } },
  horizonSeconds: 2000,
});

it("a migration that waits for nothing at the run's end ends there, whatever guests sent before", () => {
  const events: TraceEvent[] = [];
  const traced = simulate(scenario, { onEvent: (event) => events.push(event) });
  const [other, stuck] = traced.migrations;
  expect([other?.outcome, stuck?.outcome]).toEqual(["completed", "not-converged"]);
  expect(events.at(-1)).toMatchObject({ type: "migration.ended", migration: 1, t: 2000 });
  expect(simulate(scenario)).toEqual(traced);
});
