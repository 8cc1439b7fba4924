/** What a migration takes along of a guest whose memory follows demand: what is assigned as it begins, squeezed or not. */
import type { GuestMemory } from "../memory/page-class.ts";
import { guestMemory } from "./guest.ts";
import type { Guest, World } from "./world.ts";

export class MovedMemory {
  /** Assigned as the migration began; null before, and where the guest has all of its memory all the time. */
  assignedBytes: number | null = null;
  /** What the squeeze took, which comes before the rest of the setup. */
  squeezeSeconds = 0;
  readonly #world: World;
  readonly #guest: Guest;
  readonly #squeezes: boolean;

  /** @param squeezes Whether the hypervisor takes such a guest to its least memory first. */
  constructor(world: World, guest: Guest, squeezes: boolean) {
    this.#world = world;
    this.#guest = guest;
    this.#squeezes = squeezes;
  }

  /** Whether less will be moved than the guest has now. */
  get isSqueezed(): boolean {
    return this.#squeezes && this.#guest.machine.follower !== null;
  }

  /** The migration is about to begin: from here on the guest keeps what it has. */
  begin(): void {
    const { machine } = this.#guest;
    if (machine.follower === null) return;
    if (this.#squeezes) {
      this.squeezeSeconds = machine.follower.squeeze() / this.#world.environment.balloonRateBytesPerSecond;
    }
    this.assignedBytes = machine.assignedBytes;
  }

  /** The guest's memory as it is assigned now. */
  get now(): GuestMemory {
    const { scenario, machine, memory } = this.#guest;
    if (machine.follower === null) return memory;
    const memoryBytes = machine.assignedBytes;
    const usedBytes = Math.min(scenario.usedBytes, memoryBytes);
    // The page classes lie in what it has at least, and are those that its activity knows.
    return {
      ...guestMemory({ ...scenario, memoryBytes, usedBytes }, this.#world.environment),
      classes: memory.classes,
    };
  }
}
