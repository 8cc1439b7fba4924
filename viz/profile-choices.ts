/** The hypervisor profiles that the panel offers. */
import type { ProfileChoice } from "./controls/what-if-panel.ts";

export const profileChoices: readonly ProfileChoice[] = [
  { name: "hyper-v-2008r2", title: "Hyper-V, Windows Server 2008 R2", hasDowntimeLimit: false },
  { name: "qemu-7.2", title: "QEMU 7.2", hasDowntimeLimit: true },
];
