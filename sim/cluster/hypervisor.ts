/** Which hypervisor a release of a platform is, or a profile goes by: what a running machine cannot change. */

const BY_PREFIX = [
  ["hyper-v-", "Hyper-V"],
  ["vsphere-", "vSphere"],
  ["xen", "Xen"],
  ["qemu-", "QEMU"],
] as const;

export type Hypervisor = (typeof BY_PREFIX)[number][1];

/** Platforms and profiles are named for it; null where none is said, and for models of other simulators. */
export function hypervisorOf(name: string | undefined): Hypervisor | null {
  return BY_PREFIX.find(([prefix]) => name?.startsWith(prefix) === true)?.[1] ?? null;
}

/** Whether both are said and are not the same. */
export function differInHypervisor(one: string | undefined, other: string | undefined): boolean {
  const first = hypervisorOf(one);
  const second = hypervisorOf(other);
  return first !== null && second !== null && first !== second;
}
