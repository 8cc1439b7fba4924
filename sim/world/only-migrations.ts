/** Scenarios in which only migrations happen: a run of them needs little else. */
import { isMigrationEntry } from "../scenario/migration-entries.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** Whether nothing happens in it but migrations one by one: nothing else is asked for, and no guest uses its disks. */
export function hasOnlyMigrations({ timeline, volumes, vms }: Scenario): boolean {
  return (
    timeline.every(isMigrationEntry) &&
    volumes.every(({ freeBytes }) => freeBytes === undefined) &&
    vms.every(({ io }) => io === undefined)
  );
}
