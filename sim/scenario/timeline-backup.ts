/** Entries of the timeline about backups: their file form, and what is certain to go wrong with them. */
import { z } from "zod";
import { type BackupEntry, backedUpDisks } from "./backup.ts";
import { find, type Named } from "./machines.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import { bytes, bytesPerSecond, count } from "./quantities.ts";
import type { ScenarioNetwork, ScenarioVm, ScenarioVolume } from "./scenario.ts";

const amount = (what: string, example: string) =>
  bytes({ least: 0, greatest: 1e15 })
    .optional()
    .meta({ description: what, examples: [example] });

export const backupSchema = z
  .strictObject({
    volume: z
      .string()
      .optional()
      .meta({ description: "All machines with a disk on this volume.", examples: ["Volume1"] }),
    vms: z
      .array(z.string())
      .min(1)
      .max(100_000)
      .optional()
      .meta({ description: "Or these machines, in this order.", examples: [["web01", "db01"]] }),
    changed: amount("What has changed of each machine since its last backup: only that is copied.", "5 GiB"),
    full: amount("Or all of each machine's disks: a full copy.", "40 GiB"),
    rate: bytesPerSecond()
      .optional()
      .meta({
        description: "What the backup server takes of each machine at most. Default: what network and volume give.",
        examples: ["60 MB/s"],
      }),
    atOnce: count({ least: 1, greatest: 10_000 })
      .optional()
      .meta({ description: "Machines under backup at a time. Default 1.", examples: [2] }),
  })
  .meta({ title: "Backup", description: "Machines are backed up over the network, each from a snapshot." });

export type BackupFileEntry = z.output<typeof backupSchema>;

export const BACKUP_KINDS = ["backup"] as const;

export function toBackupEntry(
  { at: atSeconds, backup }: { readonly at: number; readonly backup?: BackupFileEntry | undefined },
  path: ScenarioPath,
  problems: ProblemList,
): BackupEntry | null {
  if (backup === undefined) return null;
  const { volume, vms, changed, full, rate, atOnce } = backup;
  if ((volume === undefined) === (vms === undefined)) {
    problems.add(
      [...path, "backup"],
      volume === undefined ? "it does not say what is backed up" : "it has both a volume and vms",
      "give volume, for all machines on it, or vms",
    );
  }
  if ((changed === undefined) === (full === undefined)) {
    problems.add(
      [...path, "backup"],
      changed === undefined ? "it does not say how much is copied" : "it is to copy what has changed, and all",
      "give changed or full, the bytes of each machine",
    );
  }
  return {
    kind: "backup",
    atSeconds,
    ...(volume === undefined ? {} : { volume }),
    ...(vms === undefined ? {} : { vms: [...new Set(vms)] }),
    copies: full === undefined ? "changes" : "full",
    bytesEach: Math.floor(full ?? changed ?? 0),
    ...(rate === undefined ? {} : { rateBytesPerSecond: rate }),
    ...(atOnce === undefined ? {} : { atOnce }),
  };
}

/** The file form of an entry: reading it again gives the same. */
export function writeBackup(entry: BackupEntry): { at: number; backup: z.input<typeof backupSchema> } {
  const { kind: _, atSeconds: at, copies, bytesEach, rateBytesPerSecond: rate, ...rest } = entry;
  const amount = copies === "full" ? { full: bytesEach } : { changed: bytesEach };
  return { at, backup: { ...rest, ...amount, ...(rate === undefined ? {} : { rate }) } };
}

interface Things {
  readonly vms: Named<ScenarioVm>;
  readonly volumes?: Named<ScenarioVolume>;
}

/** What is backed up is there, and has disks that its host can read. */
export function checkBackupReferences(
  event: BackupEntry,
  path: ScenarioPath,
  { vms, volumes }: Things,
  problems: ProblemList,
): void {
  for (const [position, name] of (event.vms ?? []).entries()) {
    const vm = find(vms, name, "vm", [...path, "vms", position], problems);
    if (vm === null || backedUpDisks(vm).length > 0) continue;
    problems.add(
      [...path, "vms", position],
      `"${name}" has no disk that its host can back up`,
      vm.disks.length > 0
        ? "pass-through disks are backed up from within the guest: leave it out, or give it another disk"
        : "give it disks with a volume's name, or leave it out",
    );
  }
  const { volume } = event;
  if (volume === undefined || volumes === undefined) return;
  if (find(volumes, volume, "volume", [...path, "volume"], problems) === null || !vms.complete) return;
  for (const { thing } of vms.byName.values()) if (backedUpDisks(thing).includes(volume)) return;
  problems.add(
    [...path, "volume"],
    `no machine has a disk on "${volume}" that its host can back up`,
    "name a volume with disks of machines that are no pass-through disks",
  );
}

/** A backup needs a network to the backup server. */
export function checkBackupNetwork(
  events: readonly { readonly event: { readonly kind: string } }[],
  networks: readonly ScenarioNetwork[],
  complete: boolean,
  problems: ProblemList,
): void {
  if (!complete || !events.some(({ event }) => event.kind === "backup")) return;
  if (networks.some(({ carries }) => carries.includes("backup"))) return;
  problems.add(
    ["networks"],
    "there is a backup, and no network leads to the backup server",
    "add backup to a network's carries",
  );
}
