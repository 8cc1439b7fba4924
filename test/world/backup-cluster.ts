/** Machines on cluster shared volumes, and a network for each kind of traffic, for tests of backups. */
import { type BackupResult, goodputBytesPerSecond, type TraceEvent } from "../../sim/index.ts";
import { transportBytesPerSecond } from "../../sim/storage/transports.ts";
import { type StorageDocument, storageRun } from "../support/storage-scenario.ts";

export const GIB = 2 ** 30;
export const GIGABIT = goodputBytesPerSecond(125e6, 1500);
export const FC4 = transportBytesPerSecond("fc-4gbit");
export const NETWORKS = ["migration", "cluster", "client", "backup"].map((name) => ({
  name,
  bandwidth: "1 Gbit/s",
  carries: [name],
}));
export const ONE_NETWORK = [
  { name: "lan", bandwidth: "1 Gbit/s", carries: ["migration", "cluster", "client", "backup"] },
];
export const R2012 = { preset: "hyper-v-2012r2-hosts" };
export const csv = (changes: object = {}) => ({ name: "V", coordinator: "HV01", transport: "fc-4gbit", ...changes });
export const vm = (name: string, node = "HV01", changes: object = {}) => ({
  name,
  node,
  memory: "2 GiB",
  disks: ["V"],
  ...changes,
});
export const backup = (changes: object, at = 10) => ({ at, backup: { changed: "1 GiB", ...changes } });

export function run(document: Partial<StorageDocument>) {
  const { result, events } = storageRun({
    networks: NETWORKS,
    volumes: [csv()],
    vms: [vm("a")],
    timeline: [backup({ volume: "V" })],
    ...document,
  });
  const of = <Type extends TraceEvent["type"]>(type: Type) =>
    events.filter((event) => event.type === type) as Extract<TraceEvent, { type: Type }>[];
  return { result, events, of, backups: result.backups as BackupResult[] };
}
