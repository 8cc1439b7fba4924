/** The ways over the scenario's networks: what goes from one node to another uses these ports and shares them with others. */
import type { EnvironmentValues } from "../hypervisors/environments/host-parameters.ts";
import type { Simulation } from "../kernel/simulation.ts";
import type { Port } from "../network/flow-group.ts";
import { goodputBytesPerSecond } from "../network/framing.ts";
import { Link } from "../network/link.ts";
import { NodePorts } from "../network/node-ports.ts";
import { connectionWorkBytesPerSecond, type Offload } from "../network/packet-work.ts";
import type { Sharing } from "../network/sharing.ts";
import { type Lane, Team } from "../network/team.ts";
import type { ScenarioNetwork, ScenarioNode } from "../scenario/scenario.ts";

/** On its network like a node; no node can have this name. */
const BACKUP_SERVER = "(backup server)";

/** The connections of one migration. */
export interface MigrationConnections {
  /** How many carry pages. */
  readonly count: number;
  /** Each has an adapter of its own at both ends, with an address of its own. */
  readonly isOneForEachAdapter: boolean;
  /** Whose they are: names the hashes that spread them over a team. */
  readonly name: string;
}

interface PathNetworks {
  readonly migration: ScenarioNetwork;
  readonly cluster: ScenarioNetwork;
  readonly backup: ScenarioNetwork;
}

export class NetworkPaths {
  private readonly simulation: Simulation;
  private readonly environment: EnvironmentValues;
  private readonly networks: PathNetworks;
  private readonly sharing: Sharing;
  /** What adapters take off a node's processors, where that is said. */
  private readonly offloads = new Map<string, readonly Offload[]>();
  /** By the network's name. */
  private readonly ports = new Map<string, NodePorts>();
  private readonly teams = new Map<string, Team>();
  /** By the share of the wire's rate that transfers can use. */
  private readonly unframedPorts = new Map<number, NodePorts>();
  /** One for each pair of nodes: its transfers share a pool. */
  private readonly unframedLinks = new Map<string, Link>();

  constructor(
    simulation: Simulation,
    environment: EnvironmentValues,
    nodes: readonly ScenarioNode[],
    networks: PathNetworks,
    sharing: Sharing,
  ) {
    this.simulation = simulation;
    this.environment = environment;
    this.networks = networks;
    this.sharing = sharing;
    for (const { name, nic } of nodes) if (nic !== undefined) this.offloads.set(name, nic.offload);
  }

  /** What goes from one node to another over the cluster network uses these, shared with migrations where it carries both. */
  clusterPorts(from: string, to: string): readonly Port[] {
    return this.oneConnection(this.networks.cluster, from, to).ports;
  }

  /** From a node to the backup server over the network that leads there, reading a volume: all three have a say. */
  backupLink(from: string, reads: readonly Port[]): Link {
    const network = this.networks.backup;
    const { name, latencySeconds } = network;
    const { sharing, ports } = this.oneConnection(network, from, BACKUP_SERVER);
    const shared = { sharing, ports: [...ports, ...reads.filter((port) => !ports.includes(port))] };
    return new Link({ name, capacityBytesPerSecond: goodputOf(network), latencySeconds, shared });
  }

  /** By which members the connections of a migration go, one after the other; null where the network has no teams. */
  lanes(from: string, to: string, { count, isOneForEachAdapter, name }: MigrationConnections): readonly Lane[] | null {
    const team = this.teamOf(this.networks.migration);
    if (team === null) return null;
    return isOneForEachAdapter ? team.inTurn(count) : team.hashed(from, to, count, name);
  }

  /**
   * From one node to another over the migration network: both share their sides of it with all that they send and receive.
   *
   * @param lanes Of each connection; null where the network has no teams.
   */
  migrationLink(from: string, to: string, lanes: readonly Lane[] | null): Link {
    const network = this.networks.migration;
    const { name, mtuBytes, latencySeconds, queueBytes, packetLossShare } = network;
    const capacityBytesPerSecond = goodputOf(network);
    const ports = this.portsOf(network);
    const between = (lane?: Lane) => ports.between(from, to, capacityBytesPerSecond, lane);
    return new Link({
      name,
      capacityBytesPerSecond,
      latencySeconds,
      ...(queueBytes === undefined ? {} : { queueBytes }),
      ...(packetLossShare === undefined ? {} : { lossShare: packetLossShare }),
      connectionWorkBytesPerSecond: connectionWorkBytesPerSecond(
        this.environment,
        mtuBytes,
        this.offloads.get(from),
        this.offloads.get(to),
      ),
      shared: between(lanes?.[0]),
      ...(lanes === null ? {} : { paths: lanes.map((lane) => ({ ports: between(lane).ports, connections: 1 })) }),
    });
  }

  /** The same for models that leave framing out: transfers can use this share of the wire's rate. */
  unframedLink(from: string, to: string, bandwidthFactor: number): Link {
    const { name, bytesPerSecond, latencySeconds } = this.networks.migration;
    const capacityBytesPerSecond = bandwidthFactor * bytesPerSecond;
    const key = `${bandwidthFactor} ${from}\n${to}`;
    let link = this.unframedLinks.get(key);
    if (link !== undefined) return link;
    let ports = this.unframedPorts.get(bandwidthFactor);
    if (ports === undefined) {
      ports = new NodePorts();
      this.unframedPorts.set(bandwidthFactor, ports);
    }
    const shared = ports.between(from, to, capacityBytesPerSecond);
    link = new Link({ name, capacityBytesPerSecond, latencySeconds, shared });
    this.unframedLinks.set(key, link);
    return link;
  }

  private oneConnection(network: ScenarioNetwork, from: string, to: string) {
    return this.portsOf(network).between(from, to, goodputOf(network), this.teamOf(network)?.ofPair(from, to));
  }

  private portsOf({ name }: ScenarioNetwork): NodePorts {
    let ports = this.ports.get(name);
    if (ports === undefined) {
      ports = new NodePorts(this.sharing);
      this.ports.set(name, ports);
    }
    return ports;
  }

  private teamOf({ name, team: options }: ScenarioNetwork): Team | null {
    if (options === undefined) return null;
    let team = this.teams.get(name);
    if (team === undefined) {
      team = new Team(options, (of) => this.simulation.random.stream(`team/${name}/${of}`));
      this.teams.set(name, team);
    }
    return team;
  }
}

/** Payload bytes per second of one adapter. */
function goodputOf({ bytesPerSecond, mtuBytes, vlan }: ScenarioNetwork): number {
  return goodputBytesPerSecond(bytesPerSecond, mtuBytes, vlan !== undefined);
}
