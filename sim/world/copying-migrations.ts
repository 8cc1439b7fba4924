/** Migrations that copy memory while the guest runs, as a run starts them: by pre-copy, or by SimGrid's linear model. */
import { BitmapDirtyLog } from "../memory/bitmap-dirty-log.ts";
import { type GuestMemory, PAGE_BYTES } from "../memory/page-class.ts";
import { StatisticalDirtyLog } from "../memory/statistical-dirty-log.ts";
import { LinearMigration } from "../migration/linear-migration.ts";
import { LiveMigration } from "../migration/live-migration.ts";
import type { Migration } from "../migration/migration.ts";
import type { MigrationHost } from "../migration/migration-context.ts";
import { ownPolicy } from "../migration/own-policy.ts";
import type { PrecopySetup } from "../migration/policy.ts";
import type { MigrateEntry } from "../scenario/scenario.ts";
import type { TeamMembers } from "../trace/migration-result.ts";
import { placeConnections } from "./placed-connections.ts";
import type { LinearPlan, PrecopyPlan } from "./plan.ts";
import type { Guest, World } from "./world.ts";

/** A machine that is to move now. */
export interface StartedMove {
  readonly world: World;
  readonly entry: MigrateEntry;
  readonly guest: Guest;
  /** The node that it leaves. */
  readonly source: string;
  /** The migration's index in the result's `migrations`. */
  readonly migration: number;
  /** What there is to move. */
  readonly memory: GuestMemory;
  /** What it takes before that to get the guest to give up memory. */
  readonly squeezeSeconds: number;
  readonly host: MigrationHost;
}

/** @returns `members`: by which members of a team each connection goes; null without a team */
export function startedPrecopy(
  move: StartedMove,
  { setup, manager }: PrecopyPlan,
): { live: Migration; members: TeamMembers[] | null } {
  const { world, entry, guest, source: from, migration, memory, host } = move;
  const { simulation, recorder } = world;
  const { to } = entry;
  const { activity } = guest;
  // By the machine's own count: what others are asked to do shifts no draw of this one.
  const random = simulation.random.stream(`memory/${entry.vm}/${guest.migrationsBegun}`);
  const ends = { migration, from, to };
  const { lanes, members } = placeConnections(world, ends, setup, `${entry.vm}/${guest.migrationsBegun}`);
  guest.migrationsBegun += 1;
  const Log = world.dirtyLog === "bitmap" ? BitmapDirtyLog : StatisticalDirtyLog;
  const live = new LiveMigration({
    simulation,
    recorder,
    migration,
    memory,
    activity,
    log: new Log(memory, activity, setup.rearm, random),
    link: world.paths.migrationLink(from, to, lanes),
    path: world.migrationPath(from, to),
    setup: ownSetup(setup, move),
    manager,
    host,
  });
  return { live, members };
}

/** The means' own setup where this migration needs no other: a copy for each is work that shows in a run of one. */
function ownSetup(setup: PrecopySetup, { world: { policy }, entry, source, memory, squeezeSeconds }: StartedMove) {
  if (policy === null && squeezeSeconds === 0) return setup;
  const setupSeconds = setup.setupSeconds + squeezeSeconds;
  if (policy === null) return { ...setup, setupSeconds };
  const { vm, to, profile } = entry;
  const memoryBytes = memory.totalPages * PAGE_BYTES;
  const migration = { vm, from: source, to, profile, memoryBytes, canPostCopy: setup.postCopy != null };
  return { ...setup, setupSeconds, makePolicy: () => ownPolicy(policy, migration, setup.makePolicy()) };
}

export function startedLinear(
  { world, entry, guest, source, migration, host }: StartedMove,
  { settings }: LinearPlan,
): Migration {
  const { simulation, recorder } = world;
  const { classes } = guest.scenario;
  const { assignedBytes: memoryBytes } = guest.machine;
  return new LinearMigration({
    simulation,
    recorder,
    migration,
    memoryBytes,
    dirtyBytesPerSecond: PAGE_BYTES * classes.reduce((sum, { writesPerSecond }) => sum + writesPerSecond, 0),
    link: world.paths.unframedLink(source, entry.to, settings.bandwidthFactor),
    settings,
    host,
  });
}
