/** Laws of backups over random clusters. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulate } from "../../sim/index.ts";
import { storageProblems, storageRun, storageScenario } from "../support/storage-scenario.ts";
import { backup, csv, ONE_NETWORK, vm } from "./backup-cluster.ts";

describe("random backups, migrations and lost paths", () => {
  const NODES = ["HV01", "HV02", "HV03"];
  const at = fc.integer({ min: 0, max: 120 });
  const node = fc.constantFrom(...NODES);
  const name = fc.constantFrom("a", "b", "c", "d");
  const entry = fc.oneof(
    fc
      .record({ at, atOnce: fc.integer({ min: 1, max: 3 }), mib: fc.integer({ min: 0, max: 3000 }) })
      .map(({ at, atOnce, mib }) => ({ at, backup: { volume: "V", changed: mib * 2 ** 20, atOnce } })),
    fc.record({ at, vm: name, to: node }).map(({ at, vm, to }) => ({
      at,
      migrate: { vm, to, profile: "hyper-v-2008r2" },
    })),
    fc.record({ at, node, path: fc.constantFrom("san", "network") }).map(({ at, ...path }) => ({ at, losePath: path })),
    fc
      .record({ at, node, path: fc.constantFrom("san", "network") })
      .map(({ at, ...path }) => ({ at, restorePath: path })),
  );
  const machines = [vm("a"), vm("b", "HV02"), vm("c", "HV02", { integrationServices: false }), vm("d", "HV03")];

  it("copy what was asked for, let every machine run and write again, and end with volumes as they were", () => {
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 1, maxLength: 8 }),
        fc.constantFrom("hyper-v-2008r2-hosts", "hyper-v-2012r2-hosts"),
        (timeline, preset) => {
          const document = {
            environment: { preset },
            networks: ONE_NETWORK,
            volumes: [csv()],
            vms: machines.map((machine) => ({ ...machine, io: { write: "5 MB/s" } })),
            timeline,
          };
          // Some timelines ask for moves to where a machine is.
          if (storageProblems(document).length > 0) return;
          const { result, events } = storageRun(document);
          const running = new Map<string, boolean>();
          const frozen = new Map<string, boolean>();
          const redirected = new Set<string>();
          const underWay = new Set<string>();
          for (const event of events) {
            if (event.type === "vm.stopped" || event.type === "vm.started") {
              const runs = event.type === "vm.started";
              expect(running.get(event.vm) ?? true).toBe(!runs);
              running.set(event.vm, runs);
            }
            if (event.type === "vm.writesFrozen") frozen.set(event.vm, true);
            if (event.type === "vm.writesThawed") frozen.set(event.vm, false);
            if (event.type === "csv.redirected" && event.reason === "backup") redirected.add(event.node);
            if (event.type === "csv.directAgain" || event.type === "csv.paused") redirected.delete(event.node);
            // Nobody moves a machine that is being backed up, and nobody backs up one that moves.
            if (event.type === "backup.machineStarted") underWay.add(event.vm);
            if (event.type === "backup.machineEnded") underWay.delete(event.vm);
            if (event.type === "migration.started") {
              const { vm: moved } = result.migrations[event.migration] as { vm: string };
              expect(underWay.has(moved)).toBe(false);
            }
          }
          const isOver = (result.backups ?? []).every(({ outcome }) => outcome !== "not-finished");
          const asked = timeline
            .flatMap((one) => ("backup" in one ? [one] : []))
            .sort((one, other) => one.at - other.at);
          for (const [index, { machines: all }] of (result.backups ?? []).entries()) {
            for (const { outcome, bytes } of all) {
              const changed = asked[index]?.backup.changed as number;
              if (outcome === "completed") expect(bytes).toBeCloseTo(changed, 0);
              else expect(bytes).toBeLessThanOrEqual(changed);
            }
          }
          if (!isOver) return;
          expect([...running.values(), true]).not.toContain(false);
          expect([...frozen.values()]).not.toContain(true);
          expect([...redirected]).toEqual([]);
        },
      ),
      { numRuns: 150, seed: 4 },
    );
  });

  it("are the same again", () => {
    const scenario = storageScenario({
      networks: ONE_NETWORK,
      volumes: [csv()],
      vms: machines,
      timeline: [backup({ volume: "V", atOnce: 2 }), { at: 30, losePath: { node: "HV02" } }],
    });
    expect(simulate(scenario)).toEqual(simulate(scenario));
  });
});
