/** What the page takes from the simulator: everything of it passes through here. */
export {
  type BlackoutPart,
  endLine,
  eventLine,
  headerLine,
  type MigrationOutcome,
  type MigrationResult,
  type RunResult,
  SCHEMA_VERSION,
  type Scenario,
  type ScenarioVm,
  simulate,
  type TraceEnd,
  type TraceEvent,
  type TraceHeader,
} from "../sim/index.ts";
