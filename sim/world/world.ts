/** Everything that a scenario names, built and wired: the simulation's state. */
import { Cluster } from "../cluster/cluster.ts";
import { MemoryFollower } from "../cluster/dynamic-memory.ts";
import type { VirtualMachine } from "../cluster/virtual-machine.ts";
import type { EnvironmentValues } from "../hypervisors/environments/host-parameters.ts";
import { Simulation } from "../kernel/simulation.ts";
import type { GuestMemory } from "../memory/page-class.ts";
import { WriteActivity } from "../memory/write-activity.ts";
import type { PolicyDefinition } from "../migration/own-policy.ts";
import type { Announcement } from "../network/announcement.ts";
import type { ConnectionOptions } from "../network/connection.ts";
import { cuttable } from "../network/cuttable-network.ts";
import { GuestAnnouncement } from "../network/guest-announcement.ts";
import { GuestTraffic } from "../network/guest-traffic.ts";
import type { LearningNetwork } from "../network/learning-network.ts";
import { PathCuts } from "../network/path-cuts.ts";
import { Sharing } from "../network/sharing.ts";
import { Switch } from "../network/switch.ts";
import { SwitchTree } from "../network/switch-tree.ts";
import { Admission } from "../orchestration/admission.ts";
import { leastMemoryBytes } from "../scenario/dynamic-memory.ts";
import type { ScenarioNetwork, ScenarioVm } from "../scenario/scenario.ts";
import { ClusterSharedVolume } from "../storage/cluster-shared-volume.ts";
import { Lun } from "../storage/lun.ts";
import { DEFAULT_TRANSPORT, transportBytesPerSecond } from "../storage/transports.ts";
import type { Volume } from "../storage/volume.ts";
import type { Recorder } from "../trace/recorder.ts";
import { addClients, type Client, Connectivity } from "./clients.ts";
import { MigrationRuns } from "./migration-runs.ts";
import { NetworkPaths } from "./network-paths.ts";
import type { Plan } from "./plan.ts";

/** A virtual machine with all that belongs to it. */
export interface Guest {
  readonly scenario: ScenarioVm;
  readonly machine: VirtualMachine;
  readonly memory: GuestMemory;
  readonly activity: WriteActivity;
  /** Whether what it and its hosts send to clients' networks makes a difference to anybody; where not, nothing is sent. */
  readonly isHeard: boolean;
  readonly clients: readonly Client[];
  /** When frames from outside reach it; null where it has no clients. */
  readonly connectivity: Connectivity | null;
  /** The last migration's announcements, which may be still going on. */
  announcement: Announcement | null;
  /** How many of its migrations have begun to look at its memory. */
  migrationsBegun: number;
}

export class World {
  readonly environment: EnvironmentValues;
  readonly recorder: Recorder;
  readonly simulation: Simulation;
  readonly cluster = new Cluster();
  readonly admission: Admission;
  readonly runs = new MigrationRuns();
  readonly dirtyLog: "statistical" | "bitmap";
  /** A rule of one's own for all migrations; null where there is none. */
  readonly policy: PolicyDefinition | null;
  /** The switch that clients and guests are connected to. */
  readonly clientSwitch: LearningNetwork;
  private readonly clientTable: Switch | SwitchTree;
  readonly clientNetwork: ScenarioNetwork;
  readonly migrationNetwork: ScenarioNetwork;

  private readonly guests = new Map<string, Guest>();
  private readonly volumes = new Map<string, Volume>();
  /** What flows on ports of networks and of volumes share. */
  readonly sharing = new Sharing();
  /** Whether nodes have SLAT, where that is said. */
  readonly slat: ReadonlyMap<string, boolean>;
  readonly clusterNetwork: ScenarioNetwork;
  /** Whether the timeline cuts networks: where it does not, nobody watches them. */
  readonly hasCuts: boolean;
  /** By the network's name. */
  private readonly cuts = new Map<string, PathCuts>();
  readonly backupNetwork: ScenarioNetwork;
  readonly paths: NetworkPaths;

  constructor(
    plan: Plan,
    seed: string,
    recorder: Recorder,
    dirtyLog: "statistical" | "bitmap",
    policy: PolicyDefinition | null = null,
  ) {
    const { scenario, environmentValues: environment } = plan;
    this.environment = environment;
    this.recorder = recorder;
    this.dirtyLog = dirtyLog;
    this.policy = policy;
    this.simulation = new Simulation(seed);
    this.admission = new Admission({ simulation: this.simulation, recorder });
    this.hasCuts = plan.hasCuts;
    this.slat = plan.slat;
    const { networks } = plan;
    this.migrationNetwork = networks.migration;
    this.clientNetwork = networks.client;
    this.clusterNetwork = networks.cluster;
    this.backupNetwork = networks.backup;
    const { name: network, switches } = this.clientNetwork;
    const { simulation } = this;
    const tableOptions = { network, macAgeingSeconds: environment.macAgeingSeconds, simulation, recorder };
    this.clientTable =
      switches === undefined ? new Switch(tableOptions) : new SwitchTree({ ...tableOptions, switches });
    this.clientSwitch = this.clientSwitchOf();
    for (const node of scenario.nodes) this.cluster.addNode(node);
    this.paths = new NetworkPaths(simulation, environment, scenario.nodes, networks, this.sharing);
    const { latencySeconds } = this.clusterNetwork;
    for (const { name, kind, coordinator, transport, throughputBytesPerSecond, reachedBy } of scenario.volumes) {
      const bytesPerSecond = Math.min(
        transportBytesPerSecond(transport ?? DEFAULT_TRANSPORT),
        throughputBytesPerSecond ?? Number.POSITIVE_INFINITY,
      );
      const common = { name, bytesPerSecond, parameters: environment, sharing: this.sharing };
      const volume =
        kind === "csv"
          ? new ClusterSharedVolume({ ...common, coordinator, latencySeconds })
          : new Lun({ ...common, owner: coordinator, ...(reachedBy === undefined ? {} : { reachedBy }) });
      this.volumes.set(name, volume);
    }
    for (const [index, vm] of scenario.vms.entries()) this.addGuest(vm, plan.memories[index] as GuestMemory);
  }

  /** The guest of this name; the scenario was checked, so asking for one that is not there is a bug. */
  guest(name: string): Guest {
    return this.guests.get(name) as Guest;
  }

  /** The volume of this name; likewise. */
  volume(name: string): Volume {
    return this.volumes.get(name) as Volume;
  }

  /** Where this network is cut. */
  cutsOf(network: string): PathCuts {
    let cuts = this.cuts.get(network);
    if (cuts === undefined) {
      cuts = new PathCuts();
      this.cuts.set(network, cuts);
    }
    return cuts;
  }

  /** What may come between two nodes that migrate; null where nothing does. */
  migrationPath(from: string, to: string): ConnectionOptions | null {
    if (!this.hasCuts) return null;
    const { simulation, environment: parameters } = this;
    const { name, latencySeconds } = this.migrationNetwork;
    return { simulation, cuts: this.cutsOf(name), from, to, roundTripSeconds: 2 * latencySeconds, parameters };
  }

  /** The clients' network as seen from one of its switches; without a name from the first. */
  private clientSwitchOf(name?: string): LearningNetwork {
    const { clientTable } = this;
    const network = clientTable instanceof Switch ? clientTable : clientTable.from(name ?? clientTable.top);
    return this.hasCuts ? cuttable(network, this.cutsOf(this.clientNetwork.name)) : network;
  }

  private addGuest(vm: ScenarioVm, memory: GuestMemory): void {
    const { simulation, recorder, environment } = this;
    const disks = vm.disks.map((disk) => this.volumes.get(disk) as Volume);
    const { name, memoryBytes } = vm;
    const owners = vm.possibleOwners === undefined ? {} : { possibleOwners: vm.possibleOwners };
    const compatibility = vm.processorCompatibility === undefined ? {} : { processorCompatibility: true };
    const { dynamicMemory } = vm;
    const leastBytes = leastMemoryBytes(vm);
    const machine = this.cluster.addVm(
      {
        index: this.guests.size,
        simulation,
        recorder,
        name,
        memoryBytes,
        assignedBytes: leastBytes,
        disks,
        ...owners,
        ...compatibility,
      },
      vm.node,
    );
    if (dynamicMemory !== undefined) {
      const { bufferShare, demand } = dynamicMemory;
      new MemoryFollower({ simulation, recorder, machine, dynamic: { leastBytes, bufferShare, demand } });
    }
    // Only clients and a trace know of the switches. Without them a run of one migration is 2 us shorter: no stream is seeded
    // for the guest's first frame, and no announcement is an event.
    const isHeard = recorder.recording || vm.clients.length > 0;
    if (isHeard) this.connect(vm, machine);
    const switchOf = (wanted?: string) => this.clientSwitchOf(wanted);
    const surroundings = { simulation, recorder, environment, network: this.clientNetwork, switchOf };
    const connectivity = vm.clients.length === 0 ? null : new Connectivity(vm, machine, surroundings);
    const clients = vm.clients.length === 0 ? NO_CLIENTS : addClients(vm, machine, surroundings);
    const activity = new WriteActivity(memory.classes);
    this.guests.set(name, {
      scenario: vm,
      machine,
      memory,
      activity,
      isHeard,
      clients,
      connectivity,
      announcement: null,
      migrationsBegun: 0,
    });
  }

  /** The switches know where it is from now on, by what it sends. */
  private connect(vm: ScenarioVm, machine: VirtualMachine): void {
    const { simulation, recorder, clientSwitch, environment } = this;
    const { name } = vm;
    const mac = vm.mac.toLowerCase();
    this.clientTable.connect(mac, name, vm.node);
    const { guestFirstFrameSeconds } = environment;
    if (vm.announces !== undefined) {
      const { frameLossShare } = this.clientNetwork;
      const { ip, node, announces: driver, guestVlan } = vm;
      const options = { simulation, recorder, switch: clientSwitch, frameLossShare, driver, vm: name, mac, ip, node };
      const firstAnswerSeconds = environment.guestFirstAnswerSeconds;
      const own = guestVlan === undefined ? {} : { guestVlan };
      machine.observe(new GuestAnnouncement({ ...options, firstAnswerSeconds, ...own }));
    }
    machine.observe(new GuestTraffic({ simulation, switch: clientSwitch, vm: name, mac, guestFirstFrameSeconds }));
  }
}

const NO_CLIENTS: readonly Client[] = [];
