/**
 * Announcing where a virtual machine now runs: frames sent by its new host on a schedule, each of which may be lost.
 * Once the schedule is done, nothing is left to happen.
 */
import type { ParameterTable } from "../kernel/parameter.ts";
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";
import type { Recorder } from "../trace/recorder.ts";
import { type ArpFrame, ETHERTYPE_RARP, gratuitousArpRequest, rarpRequest, unsolicitedArpReply } from "./frames.ts";
import type { LearningNetwork } from "./learning-network.ts";

/** When announcements are sent, counted from the first. Names are those of QEMU's migration parameters. */
export interface AnnouncementSchedule {
  /** Gap before the second announcement. */
  readonly announceInitialSeconds: number;
  /** Longest gap. */
  readonly announceMaxSeconds: number;
  /** How much each gap is longer than the one before. */
  readonly announceStepSeconds: number;
  /** Announcements in all; 0 sends none. */
  readonly announceRounds: number;
}

/** QEMU: five RARP requests, 0, 50, 200, 450 and 800 ms after the first. */
export const QEMU_ANNOUNCEMENT_PARAMETERS = {
  announceInitialSeconds: {
    value: 0.05,
    kind: "seconds",
    provenance: "documented",
    source: "QEMU, migration parameter announce-initial (default 50 ms); net/announce.c.",
    meaning: "Gap between the first and the second announcement of a resumed guest.",
    least: 0,
    greatest: 100,
  },
  announceMaxSeconds: {
    value: 0.55,
    kind: "seconds",
    provenance: "documented",
    source: "QEMU, migration parameter announce-max (default 550 ms); net/announce.c.",
    meaning: "Longest gap between two announcements.",
    least: 0,
    greatest: 100,
  },
  announceStepSeconds: {
    value: 0.1,
    kind: "seconds",
    provenance: "documented",
    source: "QEMU, migration parameter announce-step (default 100 ms); net/announce.c.",
    meaning: "How much each gap between announcements is longer than the one before.",
    least: 0,
    greatest: 10,
  },
  announceRounds: {
    value: 5,
    kind: "count",
    provenance: "documented",
    source: "QEMU, migration parameter announce-rounds (default 5); net/announce.c.",
    meaning: "Announcements sent for a resumed guest; 0 sends none.",
    least: 0,
    greatest: 1000,
  },
} as const satisfies ParameterTable;

/** Hyper-V: one unsolicited ARP reply as the guest resumes. */
export const HYPER_V_ANNOUNCEMENT_PARAMETERS = {
  ...QEMU_ANNOUNCEMENT_PARAMETERS,
  announceInitialSeconds: {
    ...QEMU_ANNOUNCEMENT_PARAMETERS.announceInitialSeconds,
    value: 1,
    provenance: "assumed",
    source: "Hyper-V is only known to announce once; holds where announceRounds is raised.",
  },
  announceMaxSeconds: {
    ...QEMU_ANNOUNCEMENT_PARAMETERS.announceMaxSeconds,
    value: 1,
    provenance: "assumed",
    source: "Hyper-V is only known to announce once; holds where announceRounds is raised.",
  },
  announceStepSeconds: {
    ...QEMU_ANNOUNCEMENT_PARAMETERS.announceStepSeconds,
    value: 0,
    provenance: "assumed",
    source: "Hyper-V is only known to announce once; holds where announceRounds is raised.",
  },
  announceRounds: {
    ...QEMU_ANNOUNCEMENT_PARAMETERS.announceRounds,
    value: 1,
    provenance: "documented",
    source: "J. Savill, Mastering Windows Server 2016 Hyper-V, chapter 7: an unsolicited ARP reply at resume.",
  },
} as const satisfies ParameterTable;

/**
 * Gap before the announcement after the nth (`n` from 1): initial + (n - 1) step, at most max
 * (QEMU, qemu_announce_timer_step; measured on QEMU 7.2).
 */
function announcementGapSeconds(schedule: AnnouncementSchedule, n: number): number {
  return Math.min(
    schedule.announceInitialSeconds + (n - 1) * schedule.announceStepSeconds,
    schedule.announceMaxSeconds,
  );
}

export interface AnnouncementOptions {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  /** The switch that should learn the new place. */
  readonly switch: LearningNetwork;
  /** Share of announcement frames that the network loses, 0 to 1. */
  readonly frameLossShare: number;
  readonly schedule: AnnouncementSchedule;
  /** What is sent: QEMU's RARP request, or an ARP frame. */
  readonly frame: "rarp" | "gratuitous-arp";
  /** The guest itself sends it, a request for its own address; absent: its host does, a reply. */
  readonly by?: "guest";
  /** The VLAN that the guest's own frames are in, where the guest tags them: the host's go in another; absent: all are in one. */
  readonly guestVlan?: number;
  readonly vm: string;
  readonly mac: string;
  readonly ip: string;
  /** Where the guest now runs, and from where the frames go out. */
  readonly node: string;
}

/** The announcements of one resumed guest. */
export class Announcement implements EventHandler {
  readonly #options: AnnouncementOptions;
  readonly #frame: ArpFrame;
  #attempts = 0;
  #ticket: EventTicket | null = null;

  constructor(options: AnnouncementOptions) {
    this.#options = options;
    const { by, frame, mac, ip } = options;
    if (by === "guest") this.#frame = gratuitousArpRequest(mac, ip);
    else this.#frame = frame === "rarp" ? rarpRequest(mac) : unsolicitedArpReply(mac, ip);
  }

  /** Sends the first frame at once and schedules the others. */
  start(): void {
    if (this.#attempts === 0 && this.#options.schedule.announceRounds >= 1) this.onEvent();
  }

  /** Sends the first frame after a time, and the others after it. */
  startAfter(seconds: number): void {
    const { simulation, schedule } = this.#options;
    if (schedule.announceRounds >= 1) this.#ticket = simulation.schedule(simulation.now + seconds, this, 0);
  }

  /** Sends nothing more; for a guest that stops or moves on. */
  stop(): void {
    if (this.#ticket !== null) this.#options.simulation.cancel(this.#ticket);
    this.#ticket = null;
  }

  onEvent(): void {
    const { simulation, schedule } = this.#options;
    this.#ticket = null;
    this.#attempts += 1;
    // Scheduled before sending: whoever hears the frame may stop this announcement.
    if (this.#attempts < schedule.announceRounds) {
      const at = simulation.now + announcementGapSeconds(schedule, this.#attempts);
      this.#ticket = simulation.schedule(at, this, 0);
    }
    this.#send();
  }

  #send(): void {
    const { simulation, recorder, frameLossShare, vm, mac, node, by, guestVlan } = this.#options;
    const network = this.#options.switch.network;
    const stream = by === undefined ? `announcement/${vm}` : `announcement/${vm}/${by}`;
    const isUnlucky = frameLossShare > 0 && simulation.random.stream(stream).next() < frameLossShare;
    const isInOtherVlan = guestVlan !== undefined && by === undefined;
    const lost = isUnlucky || this.#options.switch.carriesOf?.(node) === false;
    if (recorder.recording) {
      recorder.record({
        t: simulation.now,
        type: "arp.sent",
        frame: this.#options.frame,
        network,
        node,
        vm,
        mac,
        ip: this.#frame.etherType === ETHERTYPE_RARP ? null : this.#frame.senderIp,
        attempt: this.#attempts,
        lost,
        ...(by === undefined ? {} : { by }),
        ...(by === undefined || guestVlan === undefined ? {} : { vlan: guestVlan }),
        ...(isInOtherVlan ? { inOtherVlan: true as const } : {}),
      });
    }
    // A switch keeps a table for each VLAN.
    if (!lost && !isInOtherVlan) this.#options.switch.learn(this.#frame.source, node);
  }
}
