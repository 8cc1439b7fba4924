/**
 * What may hold a migration back, each with the change that takes it away altogether: not a cure (nobody has a link without
 * limits) but a question. If the answer changes, the constraint mattered.
 */
import {
  connectionWorkBytesPerSecond,
  goodputBytesPerSecond,
  type MigrateEntry,
  type PACKET_WORK_PARAMETERS,
  type Scenario,
} from "../../../sim/index.ts";
import {
  environmentValue,
  inTurn,
  migratedVm,
  migrationEntries,
  migrationEntry,
  migrationNetwork,
  type ScenarioChange,
  type Setting,
  settingsOf,
  withEnvironment,
  withMigrationNetwork,
  withoutManager,
  withoutOtherMachines,
  withSetting,
  withVm,
  withWritesScaled,
} from "../scenario-changes.ts";

/** Stable names, as in `--json`. */
export type ConstraintName =
  | "rate-limit"
  | "link"
  | "sender-cpu"
  | "latency"
  | "downtime-limit"
  | "few-pages"
  | "pass-limit"
  | "time-out"
  | "manager"
  | "cancellation"
  | "horizon"
  | "other-migrations"
  | "throttling"
  | "dirty-rate"
  | "blackout-constants"
  | "storage"
  | "announcements"
  | "client-interval";

export interface Constraint {
  readonly name: ConstraintName;
  /** As a sentence has it. */
  readonly title: string;
  /** The scenario without it. */
  readonly lift: ScenarioChange;
}

/** 10 Tbit/s, the most that a scenario may have. */
const BOUNDLESS_LINK_BYTES_PER_SECOND = 1.25e12;
/** The most that the environments' tables allow. */
const BOUNDLESS_COPY_BYTES_PER_SECOND = 1e12;

/** Settings by what they do; a profile or a manager has some of them, by the names of its table. */
const ROLES = {
  "rate-limit": ["maxBandwidthBytesPerSecond", "migrationSpeedBytesPerSecond", "bandwidthBytesPerSecond"],
  "downtime-limit": ["downtimeLimitSeconds", "switchoverSeconds", "maxDowntimeSeconds", "downtimeSeconds"],
  "few-pages": ["switchoverPages", "fewPages"],
  "pass-limit": ["passLimit", "roundLimit", "memoryFactor"],
  "time-out": ["completionTimeoutSeconds", "maxTimePerGibSeconds", "progressTimeoutSeconds"],
} as const;

/** Hosts' constants that make the sender slower than the link. */
const SENDER_AT_NO_COST = {
  copyRateBytesPerSecond: BOUNDLESS_COPY_BYTES_PER_SECOND,
  finalCopyRateBytesPerSecond: BOUNDLESS_COPY_BYTES_PER_SECOND,
  zeroPageSeconds: 0,
  packetsPerSecond: 1e12,
  checksumRateBytesPerSecond: 1e12,
};

const BLACKOUT_AT_NO_COST = {
  stopSeconds: 0,
  deviceStateBytes: 0,
  deviceStateCollectionSeconds: 0,
  resumeSeconds: 0,
};

/** The rate limit in force, bytes a second; null for none. */
function rateLimitOf(entry: MigrateEntry): number | null {
  const limits = settingsOf(entry).filter(({ owner, name }) => owner === "profile" && hasRole("rate-limit", name));
  const values = limits.map(({ value }) => Number(value)).filter((value) => value > 0);
  return values.length === 0 ? null : Math.min(...values);
}

/** What says how long the guest may stand still for the rest to be sent; null where the profile has no such rule. */
export function downtimeLimitSetting(entry: MigrateEntry): Setting | null {
  return settingsOf(entry).find(({ owner, name }) => owner === "profile" && hasRole("downtime-limit", name)) ?? null;
}

/** Its value in force, seconds. */
export function downtimeLimitOf(entry: MigrateEntry): number | null {
  const limit = downtimeLimitSetting(entry);
  return limit === null ? null : Number(limit.value);
}

function hasRole(role: keyof typeof ROLES, name: string): boolean {
  return (ROLES[role] as readonly string[]).includes(name);
}

/** What carries the pages with the guest running, at best: link, rate limit, sender. Bytes a second. */
export function carriers(scenario: Scenario, migration: number): { name: ConstraintName; bytesPerSecond: number }[] {
  const { bytesPerSecond, mtuBytes, vlan } = migrationNetwork(scenario);
  const copyBytesPerSecond = Number(environmentValue(scenario, "copyRateBytesPerSecond"));
  const limit = rateLimitOf(migrationEntry(scenario, migration));
  return [
    { name: "link", bytesPerSecond: goodputBytesPerSecond(bytesPerSecond, mtuBytes, vlan !== undefined) },
    ...(limit === null ? [] : [{ name: "rate-limit" as const, bytesPerSecond: limit }]),
    { name: "sender-cpu", bytesPerSecond: Math.min(copyBytesPerSecond, packetWorkOf(scenario, migration)) },
  ];
}

/** What the processors at both ends get through of one connection's packets. */
function packetWorkOf(scenario: Scenario, migration: number): number {
  const { to } = migrationEntry(scenario, migration);
  const { node: from } = migratedVm(scenario, migration);
  const offloadsOf = (name: string) => scenario.nodes.find((node) => node.name === name)?.nic?.offload;
  const ofHosts = (name: keyof typeof PACKET_WORK_PARAMETERS) => Number(environmentValue(scenario, name));
  const work = {
    packetsPerSecond: ofHosts("packetsPerSecond"),
    checksumRateBytesPerSecond: ofHosts("checksumRateBytesPerSecond"),
    offloadSegmentBytes: ofHosts("offloadSegmentBytes"),
  };
  return connectionWorkBytesPerSecond(work, migrationNetwork(scenario).mtuBytes, offloadsOf(from), offloadsOf(to));
}

/** The constraints that this scenario has on this migration. */
export function constraintsOf(scenario: Scenario, migration: number): Constraint[] {
  const entry = migrationEntry(scenario, migration);
  const vm = migratedVm(scenario, migration);
  const { latencySeconds } = migrationNetwork(scenario);
  const found: Constraint[] = [];
  const add = (name: ConstraintName, title: string, ...lifts: ScenarioChange[]) => {
    if (lifts.length > 0) found.push({ name, title, lift: inTurn(lifts) });
  };
  const settings = settingsOf(entry);
  /** As far up as its table allows; 0 is no limit with limits on rates and times, and nothing allowed with the others. */
  const liftRole = (role: keyof typeof ROLES) =>
    settings
      .filter(({ name, value }) => hasRole(role, name) && (value !== 0 || role === "downtime-limit"))
      .map((setting) => withSetting(migration, setting, setting.parameter.greatest ?? scenario.horizonSeconds));

  add("rate-limit", "the rate limit", ...liftRole("rate-limit"));
  add("link", "the link", withMigrationNetwork({ bytesPerSecond: BOUNDLESS_LINK_BYTES_PER_SECOND }));
  add("sender-cpu", "the sender's processor", withEnvironment(SENDER_AT_NO_COST));
  if (latencySeconds > 0) add("latency", "the link's latency", withMigrationNetwork({ latencySeconds: 0 }));
  add("downtime-limit", "the downtime limit", ...liftRole("downtime-limit"));
  add("few-pages", "how few pages may be left", ...liftRole("few-pages"));
  add("pass-limit", "the pass limit", ...liftRole("pass-limit"));
  add("time-out", "the manager's time-out", ...liftRole("time-out"));
  if (entry.manager !== undefined) add("manager", `the manager ${entry.manager.name}`, withoutManager(migration));
  if (scenario.timeline.some((other) => other.kind === "cancel" && other.vm === entry.vm)) {
    add("cancellation", "the cancellation in the timeline", withoutCancellations(entry.vm));
  }
  add("horizon", "the run's horizon", ({ horizonSeconds, ...rest }) => ({
    ...rest,
    horizonSeconds: 4 * horizonSeconds,
  }));
  if (migrationEntries(scenario).some((other) => other.vm !== entry.vm)) {
    add("other-migrations", "the other migrations", withoutOtherMachines(migration));
  }
  if (vm.classes.some(({ writesPerSecond }) => writesPerSecond > 0)) {
    if (vm.classes.some(({ cpuBoundShare }) => cpuBoundShare < 1)) {
      add("throttling", "that throttling does not reach the guest's writes", withThrottlingInFull(migration));
    }
    add("dirty-rate", "the guest's writes", withWritesScaled(migration, 0));
  }
  add("blackout-constants", "what stopping, device state and starting take", withEnvironment(BLACKOUT_AT_NO_COST));
  if (vm.disks.length > 0) {
    add(
      "storage",
      "the hand-over of the storage",
      withVm(migration, (changed) => ({ ...changed, disks: [] })),
    );
  }
  if (vm.clients.length > 0) {
    add("client-interval", "how rarely the clients ask", withClientInterval(migration, 0.001));
    if (scenario.networks.some(({ frameLossShare }) => frameLossShare > 0)) {
      add("announcements", "lost announcements", withoutFrameLoss);
    }
  }
  return found;
}

function withoutCancellations(vm: string): ScenarioChange {
  return (scenario) => ({
    ...scenario,
    timeline: scenario.timeline.filter((entry) => entry.kind !== "cancel" || entry.vm !== vm),
  });
}

/** Each write waits for the processor: what is denied to the guest is denied to its writes. */
function withThrottlingInFull(migration: number): ScenarioChange {
  return withVm(migration, (vm) => ({
    ...vm,
    classes: vm.classes.map((written) => ({ ...written, cpuBoundShare: 1 })),
  }));
}

function withClientInterval(migration: number, intervalSeconds: number): ScenarioChange {
  return withVm(migration, (vm) => ({
    ...vm,
    clients: vm.clients.map((client) => ({
      ...client,
      intervalSeconds: Math.min(client.intervalSeconds, intervalSeconds),
    })),
  }));
}

const withoutFrameLoss: ScenarioChange = (scenario) => ({
  ...scenario,
  networks: scenario.networks.map((network) => ({ ...network, frameLossShare: 0 })),
});
