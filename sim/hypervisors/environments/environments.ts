/** The hosts that scenarios can name. */
import type { Environment } from "./host-parameters.ts";
import { HYPER_V_2008R2_HOSTS, HYPER_V_2012R2_HOSTS, HYPER_V_2016_HOSTS } from "./hyper-v-hosts.ts";
import { QEMU_KVM_HOSTS, QEMU_TCG_2_CORE } from "./qemu-hosts.ts";
import { VSPHERE_4_HOSTS, VSPHERE_5_HOSTS } from "./vsphere-hosts.ts";
import { XEN_HOSTS } from "./xen-hosts.ts";

/** All environments, in the order in which they are listed. */
export const environments: readonly Environment[] = [
  HYPER_V_2008R2_HOSTS,
  HYPER_V_2012R2_HOSTS,
  HYPER_V_2016_HOSTS,
  QEMU_KVM_HOSTS,
  QEMU_TCG_2_CORE,
  VSPHERE_4_HOSTS,
  VSPHERE_5_HOSTS,
  XEN_HOSTS,
];
