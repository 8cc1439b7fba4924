/** From a document (what a YAML or JSON reader gives) to a scenario that can be simulated, or to all that is wrong with it. */

import { checkAddresses, checkStartingRoom, checkSystemDrives } from "./cluster-checks.ts";
import { checkHostLimits } from "./host-limits.ts";
import { checkHypervisors } from "./hypervisor-checks.ts";
import { indexByName, type Surroundings, toNetwork, toNode, toVm, toVolume } from "./machines.ts";
import { type KnownModels, registeredModels } from "./models.ts";
import { checkNics } from "./nic.ts";
import { applyOverrides, type DocumentOverrides } from "./overrides.ts";
import { ResolvedWorkloads } from "./page-classes.ts";
import { readOverrides } from "./parameters.ts";
import { checkPlacementGroups } from "./placement-checks.ts";
import { ProblemList, type ScenarioProblem, type ScenarioResult } from "./problem.ts";
import { type Salvaged, salvage } from "./salvage.ts";
import type { Scenario } from "./scenario.ts";
import { type EnvironmentEntry, type ScenarioFile, scenarioFileSchema } from "./schema.ts";
import { addSchemaProblems } from "./schema-problems.ts";
import {
  checkDisks,
  checkGroupMoves,
  checkLunOwners,
  checkPathsOfMoves,
  checkPathsOfOwners,
  lunGroup,
} from "./storage-checks.ts";
import { suggestion } from "./suggest.ts";
import { checkSwitches } from "./switch-checks.ts";
import { checkTeam } from "./team.ts";
import { expandTemplates } from "./templates.ts";
import { checkMigrationNetwork, checkMoves, checkReferences, toTimeline } from "./timeline.ts";
import { checkBackupNetwork } from "./timeline-backup.ts";
import { checkDiskChanges } from "./timeline-disks.ts";
import { checkFailures, toFailover } from "./timeline-failover.ts";
import { checkLoad } from "./timeline-load.ts";
import { checkEvacuations } from "./timeline-maintenance.ts";
import { withVirtualProcessors } from "./virtual-processors.ts";

/** Templates make no more than this. */
const GREATEST_NODES = 10_000;
const GREATEST_VMS = 100_000;

export interface ParseScenarioOptions {
  /** Set over the document before it is read: `{"vms.web01.memory": "8 GiB", seed: 7}`. */
  readonly overrides?: DocumentOverrides;
  /** The profiles and environments that may be named; default: those that this version has. */
  readonly models?: KnownModels;
}

/**
 * Reads a scenario. All problems are given, not only the first: what the schema refuses, and what makes no sense in the
 * rest (names that are not there, machines without room, ...). Never throws, whatever the document is.
 */
export function parseScenario(document: unknown, options: ParseScenarioOptions = {}): ScenarioResult<Scenario> {
  const problems = new ProblemList();
  const models = options.models ?? registeredModels;
  const subject = options.overrides === undefined ? document : applyOverrides(document, options.overrides, problems);
  if (subject === undefined || subject === null) {
    problems.add([], "the file is empty", "a scenario starts with schemaVersion: 1; see examples/");
    return { ok: false, problems: problems.toArray() };
  }
  const read = scenarioFileSchema.safeParse(subject);
  if (read.success) {
    const scenario = build(
      { value: read.data, incomplete: new Set(), originalPath: (path) => [...path] },
      models,
      problems,
    );
    return problems.isEmpty ? { ok: true, value: scenario } : { ok: false, problems: problems.toArray() };
  }
  addSchemaProblems(scenarioFileSchema, subject, read.error.issues, problems);
  const rest = salvage(scenarioFileSchema, subject);
  const found = problems.toArray();
  const known = found.map((problem) => problem.path);
  if (rest === null) return { ok: false, problems: found };
  const senseProblems = new ProblemList();
  build(rest, models, senseProblems, found);
  for (const problem of senseProblems.toArray()) {
    const path = rest.originalPath(problem.path);
    // What is said of an entry as a whole only echoes the fault within it.
    const isEcho = known.some(
      (other) => path.length < other.length && path.every((step, index) => step === other[index]),
    );
    if (!isEcho) found.push({ ...problem, path });
  }
  return { ok: false, problems: found };
}

function readEnvironment(
  written: EnvironmentEntry,
  models: KnownModels,
  problems: ProblemList,
): Scenario["environment"] {
  const { preset, ...values } = typeof written === "string" ? { preset: written } : written;
  const environment = models.environments.find((candidate) => candidate.name === preset);
  const path = ["environment"];
  if (environment !== undefined) {
    const overrides = readOverrides(
      environment.parameters,
      values as Record<string, string | number | boolean>,
      `environment ${preset}`,
      path,
      problems,
    );
    return { preset, overrides };
  }
  // An empty name stands in for one that could not be read.
  if (preset !== "" || typeof written !== "string") {
    const names = models.environments.map((candidate) => candidate.name);
    problems.add(
      typeof written === "string" ? path : [...path, "preset"],
      `there is no environment "${preset}"`,
      suggestion(preset, names, "environments"),
    );
  }
  return { preset, overrides: {} };
}

/** Builds the scenario and checks its sense. `known` are problems found before: checks that would only echo them are left out. */
function build(
  { value: file, incomplete }: Salvaged<ScenarioFile>,
  models: KnownModels,
  problems: ProblemList,
  known: readonly ScenarioProblem[] = [],
): Scenario {
  const isFaulty = (key: string) => known.some((problem) => problem.path.includes(key));
  const environment = readEnvironment(file.environment, models, problems);
  const failover = toFailover(file.failover, models, problems);

  const nodeEntries = expandTemplates(file.nodes, "nodes", GREATEST_NODES, problems);
  const placedNodes = nodeEntries.placed.map(({ entry, path }) => ({ thing: toNode(entry), path }));
  const nodes = indexByName(placedNodes, "nodes", nodeEntries.complete && !incomplete.has("nodes"), problems);

  const networks = file.networks.map(toNetwork);
  const placedNetworks = networks.map((thing, index) => ({ thing, path: ["networks", index] }));
  const namedNetworks = indexByName(placedNetworks, "networks", !incomplete.has("networks"), problems);

  const placedVolumes = file.volumes.map((entry, index) => {
    const path = ["volumes", index];
    return { thing: toVolume(entry, path, nodes, problems), path };
  });
  const volumes = indexByName(placedVolumes, "volumes", !incomplete.has("volumes"), problems);

  const surroundings: Surroundings = { nodes, volumes, workloads: new ResolvedWorkloads() };
  const vmEntries = expandTemplates(file.vms, "vms", GREATEST_VMS, problems);
  const placedVms = vmEntries.placed.map((placed, index) => ({
    thing: toVm(placed, index, surroundings, problems),
    path: placed.path,
  }));
  const vms = indexByName(placedVms, "vms", vmEntries.complete && !incomplete.has("vms"), problems);

  const events = toTimeline(file.timeline, file.horizon, models, problems);
  if (!isFaulty("systemDrive")) checkSystemDrives(nodes, volumes, problems);
  checkStartingRoom(nodes, vms, problems);
  checkHostLimits(nodes, placedVms, problems);
  checkNics(nodes, problems);
  checkSwitches(networks, nodes, placedVms, problems);
  if (!incomplete.has("vms")) checkAddresses(placedVms, problems);
  checkPlacementGroups(nodes, vms, problems);
  checkEvacuations(events, { nodes, vms }, problems);
  checkMigrationNetwork(events, networks, !incomplete.has("networks") && !isFaulty("carries"), problems);
  checkTeam(events, networks, problems);
  checkHypervisors(events, { nodes, vms }, problems);
  checkLoad(events, { nodes, vms }, file.horizon, problems);
  checkReferences(events, { nodes, vms, volumes, networks: namedNetworks }, problems);
  checkBackupNetwork(events, networks, !incomplete.has("networks") && !isFaulty("carries"), problems);
  checkFailures(events, { nodes, vms }, failover, models, problems);
  // A machine's whereabouts are known only where every entry before could be read.
  if (!incomplete.has("timeline")) {
    checkMoves(events, { nodes, vms }, !isFaulty("cpu"), problems, (vm) => lunGroup(vm, { vms, volumes }));
  }
  checkPathsOfOwners(nodes, volumes, problems);
  checkDisks({ vms, volumes }, problems);
  checkLunOwners(nodes, { vms, volumes }, problems);
  checkDiskChanges(events, { vms, volumes }, !incomplete.has("timeline"), problems);
  checkGroupMoves(events, { vms, volumes }, problems);
  checkPathsOfMoves(events, { vms, volumes }, problems);

  return {
    schemaVersion: file.schemaVersion,
    name: file.name,
    description: file.description,
    seed: String(file.seed),
    horizonSeconds: file.horizon,
    environment,
    ...(failover === undefined ? {} : { failover }),
    nodes: placedNodes.map(({ thing }) => thing),
    networks,
    volumes: placedVolumes.map(({ thing }) => thing),
    vms: placedVms.map(({ thing }) => thing),
    timeline: events.map(({ event }) => withVirtualProcessors(event, vms.byName, models)),
  };
}
