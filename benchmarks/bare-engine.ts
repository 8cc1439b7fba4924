/** A migration with nothing around it: a clock, a link, a dirty log and the pre-copy loop; no cluster, switch or clients. */
import { environments } from "../sim/hypervisors/environments/environments.ts";
import { profiles } from "../sim/hypervisors/registry.ts";
import type { MigrateEntry, Scenario, ScenarioNetwork, ScenarioVm } from "../sim/index.ts";
import { resolveParameters } from "../sim/kernel/parameter.ts";
import { Simulation } from "../sim/kernel/simulation.ts";
import { StatisticalDirtyLog } from "../sim/memory/statistical-dirty-log.ts";
import { WriteActivity } from "../sim/memory/write-activity.ts";
import { LiveMigration } from "../sim/migration/live-migration.ts";
import type { MigrationHost } from "../sim/migration/migration-context.ts";
import { goodputBytesPerSecond } from "../sim/network/framing.ts";
import { Link } from "../sim/network/link.ts";
import { silentRecorder } from "../sim/trace/recorder.ts";
import { guestMemory } from "../sim/world/guest.ts";

/** Takes note of nothing: what a cluster would do is left out. */
const host: MigrationHost = {
  guestStopped() {},
  handOverStorage: () => 0,
  guestResumed() {},
  announce() {},
  throttle() {},
  ended() {},
};

/** A function that runs the scenario's first migration with a seed, and gives it back when it is over. */
export function bareEngine(scenario: Scenario): (seed: string) => LiveMigration {
  const vm = scenario.vms[0] as ScenarioVm;
  const network = scenario.networks[0] as ScenarioNetwork;
  const entry = scenario.timeline[0] as MigrateEntry;
  const preset = environments.find(({ name }) => name === scenario.environment.preset);
  const profile = profiles.find(({ name }) => name === entry.profile);
  if (preset === undefined || profile === undefined) throw new Error(`${scenario.name} names unknown models`);
  const environment = resolveParameters(preset.parameters, scenario.environment.overrides);
  const memory = guestMemory(vm, environment);
  const setup = profile.setUp(entry.overrides, environment, entry.mode);
  const { name, latencySeconds } = network;
  const capacityBytesPerSecond = goodputBytesPerSecond(network.bytesPerSecond, network.mtuBytes);
  return (seed) => {
    const simulation = new Simulation(seed);
    const activity = new WriteActivity(memory.classes);
    const log = new StatisticalDirtyLog(memory, activity, setup.rearm, simulation.random.stream("memory"));
    const migration = new LiveMigration({
      simulation,
      recorder: silentRecorder,
      migration: 0,
      memory,
      activity,
      log,
      link: new Link({ name, capacityBytesPerSecond, latencySeconds }),
      setup,
      host,
    });
    simulation.run(scenario.horizonSeconds);
    return migration;
  };
}
