/**
 * A network's switch, reduced to its MAC table: to which node's port it sends a virtual machine's frames. It learns from
 * the source of any frame. Frames reach it at the moment they are sent; a network's latency is counted between client
 * and guest as a whole.
 */
import type { ParameterTable } from "../kernel/parameter.ts";
import type { Simulation } from "../kernel/simulation.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { LearningNetwork, MacObserver } from "./learning-network.ts";

export const SWITCH_PARAMETERS = {
  macAgeingSeconds: {
    value: 300,
    kind: "seconds",
    provenance: "documented",
    source: "IEEE 802.1Q, table 8-6: recommended ageing time 300 s; the default of common switches.",
    meaning: "Time after an address was last heard at which a switch forgets its port.",
    least: 10,
    greatest: 1_000_000,
  },
} as const satisfies ParameterTable;

export interface SwitchOptions {
  /** The network's name, for the trace. */
  readonly network: string;
  /** Its own name, where the network has several. */
  readonly switch?: string;
  readonly macAgeingSeconds: number;
  readonly simulation: Simulation;
  readonly recorder: Recorder;
}

/** What the switch knows of an address, and whose it is. */
interface Station {
  readonly vm: string;
  readonly mac: string;
  readonly observers: MacObserver[];
  port: string;
  /** When the entry goes stale; Infinity while its owner runs. */
  staleAtSeconds: number;
}

export class Switch implements LearningNetwork {
  readonly network: string;
  readonly #name: { readonly switch?: string };
  readonly #macAgeingSeconds: number;
  readonly #simulation: Simulation;
  readonly #recorder: Recorder;
  readonly #stations = new Map<string, Station>();

  constructor(options: SwitchOptions) {
    this.network = options.network;
    this.#name = options.switch === undefined ? {} : { switch: options.switch };
    this.#macAgeingSeconds = options.macAgeingSeconds;
    this.#simulation = options.simulation;
    this.#recorder = options.recorder;
  }

  /**
   * Makes an address known, as that of a guest that has been running behind this port.
   *
   * @param mac In lower case with colons; a second station with the same address is a bug of the caller.
   */
  connect(mac: string, vm: string, port: string): void {
    const other = this.#stations.get(mac);
    if (other !== undefined) throw new Error(`${mac} belongs to ${other.vm} already`);
    this.#stations.set(mac, { vm, mac, observers: [], port, staleAtSeconds: Number.POSITIVE_INFINITY });
  }

  /** Tells of moves of this address from now on, in the order in which observers came. */
  observe(mac: string, observer: MacObserver): void {
    this.#station(mac).observers.push(observer);
  }

  /**
   * A frame with this source came in by this port: whatever it was, the switch now sends the address's frames there. A
   * guest that runs is taken to send something within every ageing time, as real ones do, so the entry stays fresh until
   * `fallSilent`.
   */
  learn(mac: string, port: string): void {
    const station = this.#station(mac);
    const known = this.portOf(mac);
    station.port = port;
    station.staleAtSeconds = Number.POSITIVE_INFINITY;
    if (known === port) return;
    // Learning an address anew is no move: before, its frames went to every port.
    if (known !== null && this.#recorder.recording) {
      this.#recorder.record({
        t: this.#simulation.now,
        type: "switch.macMoved",
        network: this.network,
        ...this.#name,
        vm: station.vm,
        mac,
        fromPort: known,
        toPort: port,
      });
    }
    for (const observer of station.observers) observer.onMacMoved();
  }

  /** There is but this switch on any way. */
  learnOnWay(mac: string, port: string): void {
    this.learn(mac, port);
  }

  /** The guest stopped: its entry ages from now on. */
  fallSilent(mac: string): void {
    const station = this.#station(mac);
    if (station.staleAtSeconds === Number.POSITIVE_INFINITY) {
      station.staleAtSeconds = this.#simulation.now + this.#macAgeingSeconds;
    }
  }

  /** The port to which the address's frames go; null where it was forgotten, so that they go to every port. */
  portOf(mac: string): string | null {
    const station = this.#station(mac);
    return this.#simulation.now < station.staleAtSeconds ? station.port : null;
  }

  /** Whether a frame to this address comes out of this port, be it flooded. */
  delivers(mac: string, port: string): boolean {
    const known = this.portOf(mac);
    return known === null || known === port;
  }

  /** When the address's entry will be forgotten if nothing is heard; Infinity while its guest runs. */
  staleAtSeconds(mac: string): number {
    return this.#station(mac).staleAtSeconds;
  }

  #station(mac: string): Station {
    const station = this.#stations.get(mac);
    if (station === undefined) throw new Error(`${mac} is not connected to ${this.network}`);
    return station;
  }
}
