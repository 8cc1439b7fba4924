/** The hypervisors that scenarios can name. */
import { hyperV2008 } from "./hyper-v/hyper-v-2008.ts";
import { hyperV2008R2 } from "./hyper-v/hyper-v-2008r2.ts";
import { hyperV2012R2 } from "./hyper-v/hyper-v-2012r2.ts";
import { hyperV2016 } from "./hyper-v/hyper-v-2016.ts";
import type { LinearProfile, Profile, QuickProfile } from "./profile.ts";
import { qemu72 } from "./qemu/qemu-7.2.ts";
import { qemu10 } from "./qemu/qemu-10.ts";
import { simgrid332 } from "./simgrid/simgrid-3.32.ts";
import { vsphere4 } from "./vsphere/vsphere-4.ts";
import { vsphere5 } from "./vsphere/vsphere-5.ts";
import { xen } from "./xen/xen.ts";
import { xenServer5 } from "./xen/xenserver-5.ts";

export { environments } from "./environments/environments.ts";
export type { Environment } from "./environments/host-parameters.ts";
export type { LinearProfile, Profile, QuickProfile } from "./profile.ts";

/** Profiles of hypervisors, in the order in which they are listed. */
export const profiles: readonly Profile[] = [
  hyperV2008R2,
  hyperV2012R2,
  hyperV2016,
  qemu72,
  qemu10,
  vsphere4,
  vsphere5,
  xen,
  xenServer5,
];

/** Hypervisors that move machines by saving and restoring them alone, listed after those. */
export const quickProfiles: readonly QuickProfile[] = [hyperV2008];

/** Other simulators' models, listed after them. */
export const linearProfiles: readonly LinearProfile[] = [simgrid332];
