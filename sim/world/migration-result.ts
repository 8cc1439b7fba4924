/** A migration's result, from what its run has kept. */
import type { Migration } from "../migration/migration.ts";
import type { MigrateEntry } from "../scenario/scenario.ts";
import type { MigrationOutcome } from "../trace/migration-events.ts";
import type { MigrationResult, TeamMembers } from "../trace/migration-result.ts";
import { connectivityGap, untouched } from "./clients.ts";
import type { QuickGroup } from "./quick-group.ts";
import { trackingCost } from "./tracking-cost.ts";
import type { Guest, World } from "./world.ts";

export interface MigrationRecord {
  readonly world: World;
  readonly entry: MigrateEntry;
  readonly guest: Guest;
  /** Where the guest was when the migration was asked for. */
  readonly from: string;
  readonly outcome: MigrationOutcome;
  readonly reason: string;
  /** Null where it never began. */
  readonly live: Migration | null;
  /** Of a quick migration. */
  readonly group: QuickGroup | null;
  /** Whether pages were tracked. */
  readonly isPrecopy: boolean;
  /** Of a machine whose memory follows demand; null for others. */
  readonly assignedBytes: number | null;
  readonly teamMembers: TeamMembers[] | null;
  /** NaN where the guest was not stopped, or the migration is not over. */
  readonly stoppedSeconds: number;
  readonly endedSeconds: number;
}

/** @param endSeconds the run's end */
export function migrationResult(record: MigrationRecord, endSeconds: number): MigrationResult {
  const { entry, guest, live, group, stoppedSeconds, assignedBytes, teamMembers } = record;
  const toSeconds = Number.isNaN(record.endedSeconds) ? endSeconds : record.endedSeconds;
  const clients =
    Number.isNaN(stoppedSeconds) || live === null
      ? guest.scenario.clients.map(untouched)
      : guest.clients.map((client) => client.resultOf(stoppedSeconds, toSeconds, endSeconds));
  const downtimeSeconds = live?.times.downtimeSeconds ?? null;
  return {
    vm: entry.vm,
    from: record.from,
    to: entry.to,
    mode: entry.mode,
    profile: entry.profile,
    ...(entry.manager === undefined ? {} : { manager: entry.manager.name }),
    outcome: record.outcome,
    reason: record.reason,
    endedBy: live?.endedBy ?? null,
    requestedSeconds: entry.atSeconds,
    startSeconds: live?.times.startSeconds ?? null,
    setupSeconds: live?.times.setupSeconds ?? null,
    totalSeconds: live?.times.totalSeconds ?? null,
    downtimeSeconds,
    reportedDowntimeSeconds: live?.times.reportedDowntimeSeconds ?? null,
    brownoutSeconds: live?.brownoutSeconds ?? null,
    clientOutageSeconds:
      clients.length === 0 ? null : clients.reduce((worst, { outageSeconds }) => Math.max(worst, outageSeconds), 0),
    ...connectivityGap(guest.scenario, guest.connectivity, downtimeSeconds, { fromSeconds: stoppedSeconds, toSeconds }),
    clients,
    ...(assignedBytes === null ? {} : { assignedBytes }),
    transferredBytes: live?.transferredBytes ?? 0,
    rounds: live?.rounds ?? [],
    blackout: [...(live?.blackout ?? [])],
    bitmapSyncs: live?.bitmapSyncs ?? null,
    ...(live?.stalledSeconds ? { stalledSeconds: live.stalledSeconds } : {}),
    ...dirtyTracking(record),
    ...(teamMembers === null ? {} : { teamMembers }),
    ...(live?.postcopy == null ? {} : { postcopy: live.postcopy }),
    ...(live?.savedState === undefined ? {} : { savedState: live.savedState }),
    ...(group === null || group.members.length === 1 ? {} : { movedAlong: group.movedAlong(endSeconds) }),
  };
}

/** Where the source says whether it has SLAT. */
function dirtyTracking({
  world,
  live,
  guest,
  from,
  isPrecopy,
}: MigrationRecord): Pick<MigrationResult, "dirtyTracking"> {
  const hasSlat = world.slat.get(from);
  if (hasSlat === undefined || !isPrecopy) return {};
  const rounds = live?.rounds ?? [];
  if (rounds.length === 0) return {};
  return { dirtyTracking: trackingCost(rounds, hasSlat, guest.scenario.vcpus ?? 1, world.environment) };
}
