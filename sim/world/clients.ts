/** The clients of a machine, built and wired. */
import type { VirtualMachine } from "../cluster/virtual-machine.ts";
import type { EnvironmentValues } from "../hypervisors/environments/host-parameters.ts";
import type { Simulation } from "../kernel/simulation.ts";
import type { LearningNetwork } from "../network/learning-network.ts";
import { neighbourTimers } from "../network/neighbour-cache.ts";
import { PingClient } from "../network/ping-client.ts";
import { Reachability } from "../network/reachability.ts";
import { retransmissionTimers } from "../network/retransmission.ts";
import { TcpClient } from "../network/tcp-client.ts";
import type { ScenarioClient, ScenarioNetwork, ScenarioVm } from "../scenario/scenario.ts";
import type { ClientResult } from "../trace/migration-result.ts";
import type { Recorder } from "../trace/recorder.ts";

/** Someone who uses a machine from outside. */
export interface Client {
  readonly name: string;
  onVmStopped(): void;
  onVmStarted(node: string): void;
  resultOf(fromSeconds: number, toSeconds: number, endSeconds: number): ClientResult;
}

export interface ClientSurroundings {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  readonly environment: EnvironmentValues;
  readonly network: ScenarioNetwork;
  /** The clients' network as seen from one of its switches; without a name from the first. */
  readonly switchOf: (name?: string) => LearningNetwork;
}

/** Builds a machine's clients; each is told as it stops and runs. */
export function addClients(vm: ScenarioVm, machine: VirtualMachine, surroundings: ClientSurroundings): Client[] {
  return vm.clients.map((client) => {
    const built = build(vm, client, surroundings);
    machine.observe(built);
    return built;
  });
}

function build(vm: ScenarioVm, client: ScenarioClient, surroundings: ClientSurroundings): Client {
  const { simulation, recorder, environment, network, switchOf } = surroundings;
  const { kind = "linux", overrides } = client.neighbour ?? {};
  const common = {
    simulation,
    recorder,
    switch: switchOf(client.switch),
    name: client.name,
    vm: vm.name,
    mac: vm.mac.toLowerCase(),
    node: vm.node,
    intervalSeconds: client.intervalSeconds,
    latencySeconds: network.latencySeconds,
    firstAnswerSeconds: environment.guestFirstAnswerSeconds,
    neighbour: neighbourTimers(kind, overrides),
    ...(vm.deafSeconds === undefined ? {} : { deafSeconds: vm.deafSeconds }),
  };
  const { tcp } = client;
  if (tcp === undefined) return new PingClient(common);
  return new TcpClient({
    ...common,
    role: tcp.role,
    timers: retransmissionTimers(tcp.os, tcp.overrides),
    giveUpAfterSeconds: tcp.giveUpAfterSeconds ?? Number.POSITIVE_INFINITY,
    answerSeconds: environment.guestAnswerSeconds,
  });
}

/** A client that noticed nothing. */
export function untouched({ name, tcp }: ScenarioClient): ClientResult {
  const nothing = { client: name, outageSeconds: 0, lost: 0 };
  if (tcp === undefined) return { ...nothing, kind: "ping" };
  return { ...nothing, kind: "tcp", role: tcp.role, retransmissions: 0, broken: false };
}

/**
 * The gap to be told of a migration beside its downtime: absent where the machine's clients are pings only, as they come, and the gap
 * is its downtime.
 */
export function connectivityGap(
  { clients, deafSeconds }: ScenarioVm,
  connectivity: Connectivity | null,
  downtimeSeconds: number | null,
  span: { readonly fromSeconds: number; readonly toSeconds: number },
): { connectivityGapSeconds?: number | null } {
  if (connectivity === null || Number.isNaN(span.fromSeconds)) return {};
  const gap = connectivity.longestGapSeconds(span.fromSeconds, span.toSeconds);
  const isAsked = deafSeconds !== undefined || clients.some(({ tcp, neighbour }) => (tcp ?? neighbour) !== undefined);
  const differs = downtimeSeconds !== null && (gap === null || Math.abs(gap - downtimeSeconds) > SAME_SECONDS);
  return isAsked || differs ? { connectivityGapSeconds: gap } : {};
}

/** Times that differ by less are the same, summed in another order. */
const SAME_SECONDS = 1e-9;

/** When frames from outside reach a machine: the gaps in which they do not. */
export class Connectivity {
  private readonly simulation: Simulation;
  private readonly gaps: { fromSeconds: number; toSeconds: number | null }[] = [];

  constructor(vm: ScenarioVm, machine: VirtualMachine, { simulation, switchOf }: ClientSurroundings) {
    this.simulation = simulation;
    const mac = vm.mac.toLowerCase();
    const deaf = vm.deafSeconds === undefined ? {} : { deafSeconds: vm.deafSeconds };
    const reachability = new Reachability(
      { simulation, switch: switchOf(), mac, node: vm.node, ...deaf },
      {
        onMissed: () => this.gaps.push({ fromSeconds: this.simulation.now, toSeconds: null }),
        onFound: () => {
          const gap = this.gaps.at(-1);
          if (gap !== undefined) gap.toSeconds = this.simulation.now;
        },
      },
    );
    machine.observe(reachability);
  }

  /** The longest gap that began in a time, both ends included; null where one lasts until the run's end. */
  longestGapSeconds(fromSeconds: number, toSeconds: number): number | null {
    let longest = 0;
    for (const gap of this.gaps) {
      if (gap.fromSeconds < fromSeconds || gap.fromSeconds > toSeconds) continue;
      if (gap.toSeconds === null) return null;
      longest = Math.max(longest, gap.toSeconds - gap.fromSeconds);
    }
    return longest;
  }
}
