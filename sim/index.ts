/** The simulator's public entry: what the application, the page and other programs may use. */
export type { EventLogEntry, EventLogLevel } from "./event-log/entry.ts";
export { EventLog, eventLogOf } from "./event-log/event-log.ts";
export { eventLogJsonLine, eventLogTextLine } from "./event-log/lines.ts";
export { exp, log, logFactorial } from "./kernel/exact-math.ts";
export { formatParameterValue } from "./kernel/format-parameter.ts";
export { type Parameter, type ParameterKind, scenarioKey } from "./kernel/parameter.ts";
export { type RandomStream, RandomStreams } from "./kernel/random.ts";
export type { Result } from "./kernel/result.ts";
export {
  formatBitsPerSecond,
  formatBytes,
  formatBytesPerSecond,
  formatCount,
  formatSeconds,
  formatShare,
  parseBytes,
  parseBytesPerSecond,
  parseCount,
  parsePagesPerSecond,
  parseSeconds,
  parseShare,
} from "./kernel/units.ts";
export {
  LESSON_NUMBERS,
  LESSON_PANELS,
  type Lesson,
  type LessonChange,
  type LessonMoment,
  type LessonNumber,
  type LessonPanel,
  type LessonRun,
  type LessonStep,
} from "./lesson/lesson.ts";
export { type FindScenario, type LessonResult, parseLesson } from "./lesson/read.ts";
export { lessonJsonSchema } from "./lesson/schema.ts";
export { PAGE_BYTES } from "./memory/page-class.ts";
export {
  definePolicy,
  type PolicyDefinition,
  PolicyFault,
  type PolicyMigration,
  type PolicyRule,
  type PolicyView,
  whyNoPolicy,
} from "./migration/own-policy.ts";
export type { LimitChanges } from "./migration/page-sender.ts";
export type { PrecopyDecision, PrecopyView } from "./migration/policy.ts";
export { parseIpv4, parseMac } from "./network/addresses.ts";
export { encodeFrame, gratuitousArpRequest, rarpRequest, unsolicitedArpReply } from "./network/frames.ts";
export { goodputBytesPerSecond } from "./network/framing.ts";
export { neighbourTimers } from "./network/neighbour-cache.ts";
export { connectionWorkBytesPerSecond, PACKET_WORK_PARAMETERS } from "./network/packet-work.ts";
export { scenarioSha256 } from "./scenario/digest.ts";
export { toScenarioFile } from "./scenario/file-form.ts";
export { scenarioJsonSchema } from "./scenario/json-schema.ts";
export { registeredModels as knownModels } from "./scenario/models.ts";
export { parseScenario } from "./scenario/normalise.ts";
export type { DocumentOverrides } from "./scenario/overrides.ts";
export { formatPath, type ScenarioProblem } from "./scenario/problem.ts";
export type {
  CancelEntry,
  CommandEntry,
  ContinueEntry,
  MigrateEntry,
  Overrides,
  Scenario,
  ScenarioClient,
  ScenarioNetwork,
  ScenarioNode,
  ScenarioPageClass,
  ScenarioVm,
  ScenarioVolume,
  SetEntry,
  StartPostcopyEntry,
  TimelineEntry,
  Traffic,
} from "./scenario/scenario.ts";
export { suggestion } from "./scenario/suggest.ts";
export { type Workload, workloads } from "./scenario/workloads.ts";
export { PreparedScenario, type SimulateOptions, simulate } from "./simulate.ts";
export type { BackupCopies, BackupEventBody, BackupMethod, BackupOutcome } from "./trace/backup-events.ts";
export type { BackupResult, MachineBackupResult } from "./trace/backup-result.ts";
export type { DiskEventBody } from "./trace/disk-events.ts";
export { ENGINE_VERSION } from "./trace/engine-version.ts";
export {
  SCHEMA_VERSION,
  type TraceEnd,
  type TraceEvent,
  type TraceEventBody,
  type TraceEventType,
  type TraceHeader,
} from "./trace/events.ts";
export type { FailedMachineResult, FailedNodeResult, FailoverResult } from "./trace/failover-result.ts";
export { endLine, eventLine, headerLine } from "./trace/lines.ts";
export type { BlackoutPart, MigrationMode, MigrationOutcome } from "./trace/migration-events.ts";
export type {
  BlackoutPartResult,
  ClientResult,
  DirtyTrackingResult,
  MigrationResult,
  MovedAlongResult,
  RoundResult,
  SavedStateResult,
} from "./trace/migration-result.ts";
export type { FlowKind } from "./trace/network-events.ts";
export type {
  BalanceResult,
  ConsolidationResult,
  DrainResult,
  MaintenanceResult,
} from "./trace/orchestration-result.ts";
export type { Assumption, RunResult } from "./trace/result.ts";
export type { MetadataOperation } from "./trace/storage-events.ts";
export type { GuestIoResult, StorageResult, VolumeResult } from "./trace/storage-result.ts";
export { managedEntry } from "./world/managed-entry.ts";
