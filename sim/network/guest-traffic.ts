/**
 * What a resumed guest sends of itself. Where every announcement was lost, the first such frame, whatever it is, tells
 * the switch where the guest now runs.
 */
import { log } from "../kernel/exact-math.ts";
import type { ParameterTable } from "../kernel/parameter.ts";
import { nextOpen } from "../kernel/random.ts";
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";
import type { LearningNetwork } from "./learning-network.ts";

export const GUEST_TRAFFIC_PARAMETERS = {
  guestFirstFrameSeconds: {
    value: 1,
    kind: "seconds",
    provenance: "assumed",
    source:
      "Between what was measured on QEMU 7.2 with announcements off: 0.006 s where a broadcast awaits an answer, 0.2 s " +
      "where TCP data does, 3 to 7 s where the guest is silent until its client asks for its address.",
    meaning: "Mean time from resuming to the first frame that the guest sends of itself; exponentially distributed.",
    least: 0,
    greatest: 100_000,
  },
} as const satisfies ParameterTable;

export interface GuestTrafficOptions {
  readonly simulation: Simulation;
  readonly switch: LearningNetwork;
  readonly vm: string;
  readonly mac: string;
  readonly guestFirstFrameSeconds: number;
}

/** A guest's own frames, as far as the switch's table is concerned: when it falls silent and when it is first heard. */
export class GuestTraffic implements EventHandler {
  readonly #options: GuestTrafficOptions;
  #node = "";
  #starts = 0;
  #ticket: EventTicket | null = null;
  /** Its first frame met a port that was cut: another follows once that carries again. */
  #wasSwallowed = false;
  #isObserving = false;

  constructor(options: GuestTrafficOptions) {
    this.#options = options;
  }

  /** The guest stopped: it sends nothing more. */
  onVmStopped(): void {
    this.#cancelFirstFrame();
    this.#options.switch.fallSilent(this.#options.mac);
  }

  /** The guest runs at this node and will be heard from there. */
  onVmStarted(node: string): void {
    const { mac } = this.#options;
    this.#cancelFirstFrame();
    this.#node = node;
    this.#starts += 1;
    if (this.#options.switch.portOf(mac) === node) {
      // An announcement came first, or it never left: its first frame, whenever it comes, tells the switch nothing new.
      this.#options.switch.learn(mac, node);
      return;
    }
    this.#sendLater();
  }

  #sendLater(): void {
    const { simulation, vm, guestFirstFrameSeconds } = this.#options;
    // A stream for each start, so that drawing only where it matters does not shift later draws.
    const uniform = nextOpen(simulation.random.stream(`guest-traffic/${vm}/${this.#starts}`));
    this.#ticket = simulation.schedule(simulation.now - guestFirstFrameSeconds * log(uniform), this, 0);
  }

  /** For the kernel: the first frame reaches the switch. */
  onEvent(): void {
    this.#ticket = null;
    const { switch: network, mac } = this.#options;
    network.learn(mac, this.#node);
    if (network.carriesOf?.(this.#node) !== false) return;
    this.#wasSwallowed = true;
    if (this.#isObserving) return;
    this.#isObserving = true;
    network.observe(mac, { onMacMoved: () => this.#sendAgain() });
  }

  #sendAgain(): void {
    if (!this.#wasSwallowed || this.#options.switch.carriesOf?.(this.#node) === false) return;
    this.#wasSwallowed = false;
    this.#sendLater();
  }

  #cancelFirstFrame(): void {
    this.#wasSwallowed = false;
    if (this.#ticket !== null) this.#options.simulation.cancel(this.#ticket);
    this.#ticket = null;
  }
}
