/**
 * A guest that announces itself: its network driver is told that it runs elsewhere, and it sends gratuitous ARP requests, beside what
 * its host sends. Frames of the guest are in the VLAN that the guest uses, whatever VLAN its host's are in.
 */
import type { Simulation } from "../kernel/simulation.ts";
import type { Recorder } from "../trace/recorder.ts";
import { Announcement, type AnnouncementSchedule, QEMU_ANNOUNCEMENT_PARAMETERS } from "./announcement.ts";
import type { LearningNetwork } from "./learning-network.ts";

/** Drivers whose guests announce themselves. */
export const ANNOUNCING_DRIVERS = ["virtio-net", "netvsc", "netvsc-before-2017"] as const;
export type AnnouncingDriver = (typeof ANNOUNCING_DRIVERS)[number];

/** LINKCHANGE_INT of Linux drivers/net/hyperv/netvsc_drv.c until 2017: the link is down for so long before it is up again. */
export const OLD_NETVSC_LINK_DOWN_SECONDS = 2;

const ONCE: AnnouncementSchedule = {
  announceInitialSeconds: 0,
  announceMaxSeconds: 0,
  announceStepSeconds: 0,
  announceRounds: 1,
};

/**
 * virtio-net: as often as QEMU itself, which asks the guest each time (hw/net/virtio-net.c; measured on QEMU 7.2: the same
 * schedule). netvsc: once, when its link is up (netdev_notify_peers).
 */
function scheduleOf(driver: AnnouncingDriver): AnnouncementSchedule {
  if (driver !== "virtio-net") return ONCE;
  const { announceInitialSeconds, announceMaxSeconds, announceStepSeconds, announceRounds } =
    QEMU_ANNOUNCEMENT_PARAMETERS;
  return {
    announceInitialSeconds: announceInitialSeconds.value,
    announceMaxSeconds: announceMaxSeconds.value,
    announceStepSeconds: announceStepSeconds.value,
    announceRounds: announceRounds.value,
  };
}

export interface GuestAnnouncementOptions {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  readonly switch: LearningNetwork;
  readonly frameLossShare: number;
  readonly driver: AnnouncingDriver;
  readonly vm: string;
  readonly mac: string;
  readonly ip: string;
  /** Where the guest runs at the start. */
  readonly node: string;
  /** Until a resumed guest sends anything. */
  readonly firstAnswerSeconds: number;
  readonly guestVlan?: number;
}

/** Told as its machine stops and runs; announces it where it runs at another node than before. */
export class GuestAnnouncement {
  readonly #options: GuestAnnouncementOptions;
  #node: string;
  #announcement: Announcement | null = null;

  constructor(options: GuestAnnouncementOptions) {
    this.#options = options;
    this.#node = options.node;
  }

  onVmStopped(): void {
    this.#announcement?.stop();
  }

  onVmStarted(node: string): void {
    if (node === this.#node) return;
    this.#node = node;
    const { driver, firstAnswerSeconds, ...options } = this.#options;
    this.#announcement = new Announcement({
      ...options,
      node,
      schedule: scheduleOf(driver),
      frame: "gratuitous-arp",
      by: "guest",
    });
    const linkDownSeconds = driver === "netvsc-before-2017" ? OLD_NETVSC_LINK_DOWN_SECONDS : 0;
    this.#announcement.startAfter(linkDownSeconds + firstAnswerSeconds);
  }
}
