/** The machines of one quick migration in the world: each stands, is placed at the target, announced and started. */
import type { Move } from "../cluster/move.ts";
import type { QuickMember } from "../migration/quick-migration.ts";
import { StorageHandOver } from "../storage/storage-hand-over.ts";
import type { Volume } from "../storage/volume.ts";
import type { MovedAlongResult } from "../trace/migration-result.ts";
import type { StrandedGuest } from "./stranded-guest.ts";
import type { Guest, World } from "./world.ts";

export interface QuickGroupOptions {
  readonly world: World;
  readonly from: string;
  readonly to: string;
  /** The machine that was asked for first. */
  readonly guests: readonly Guest[];
  readonly moves: readonly Move[];
  readonly announce: (guest: Guest) => void;
}

interface Times {
  stoppedSeconds: number;
  /** NaN until it runs. */
  ranSeconds: number;
}

export class QuickGroup {
  readonly members: readonly QuickMember[];
  private readonly options: QuickGroupOptions;
  private readonly times = new Map<Guest, Times>();
  private handOver: StorageHandOver | null = null;
  /** Machines that a node's death has left standing. */
  readonly stranded: StrandedGuest[] = [];

  constructor(options: QuickGroupOptions) {
    this.options = options;
    this.members = options.guests.map((guest, index) => this.member(guest, options.moves[index] as Move));
  }

  /** Of the machine that was asked for; NaN before. */
  get stoppedSeconds(): number {
    return this.times.get(this.options.guests[0] as Guest)?.stoppedSeconds ?? Number.NaN;
  }

  /** All volumes of the group, each LUN once. */
  handOverStorage(): number {
    const { world, from, to, guests } = this.options;
    const { simulation, recorder } = world;
    const disks = guests.flatMap(({ machine }) => machine.disks);
    const vm = (guests[0] as Guest).machine.name;
    this.handOver = new StorageHandOver({ simulation, recorder, vm, from, to, disks });
    return this.handOver.start();
  }

  takeStorageBack(): void {
    this.handOver?.takeBack();
  }

  /** What became of the machines beside the one that was asked for; `endSeconds` is the run's end. */
  movedAlong(endSeconds: number): MovedAlongResult[] {
    return this.options.guests.slice(1).map((guest) => {
      const { stoppedSeconds, ranSeconds } = this.times.get(guest) as Times;
      const runs = !Number.isNaN(ranSeconds);
      const clients = guest.clients.map((client) =>
        client.resultOf(stoppedSeconds, runs ? ranSeconds : endSeconds, endSeconds),
      );
      return {
        vm: guest.machine.name,
        downtimeSeconds: runs ? ranSeconds - stoppedSeconds : null,
        clientOutageSeconds:
          clients.length === 0 ? null : clients.reduce((worst, { outageSeconds }) => Math.max(worst, outageSeconds), 0),
        clients,
      };
    });
  }

  private member(guest: Guest, move: Move): QuickMember {
    const { simulation } = this.options.world;
    const { machine, activity } = guest;
    return {
      stateBytes: machine.assignedBytes,
      // A machine's configuration and state lie where its first disk does; the scenario's check saw to it that it has one.
      blocks: (machine.disks[0] as Volume).blocks,
      stop: () => {
        const stoppedSeconds = simulation.now;
        this.times.set(guest, { stoppedSeconds, ranSeconds: Number.NaN });
        activity.standStill(stoppedSeconds);
        guest.announcement?.stop();
        machine.stop();
      },
      announce: () => {
        move.arrive();
        this.options.announce(guest);
      },
      run: () => {
        (this.times.get(guest) as Times).ranSeconds = simulation.now;
        activity.runOn();
        machine.start();
      },
      stay: (fate) => {
        move.giveUp();
        if (fate !== "runs-on") {
          this.stranded.push({ guest, hasSavedState: fate === "saved" });
          return;
        }
        (this.times.get(guest) as Times).ranSeconds = simulation.now;
        activity.runOn();
        machine.start();
      },
    };
  }
}
