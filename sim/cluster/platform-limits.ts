/** How much a hypervisor's releases support of hosts, machines and clusters. */
import type { Provenance } from "../kernel/parameter.ts";

/** The most that is supported of something, and where that is from. */
export interface Limit {
  readonly most: number;
  readonly provenance: Provenance;
  readonly source: string;
}

/** What is limited; a limit that is absent is not known, and nothing is checked. */
export interface PlatformLimits {
  readonly logicalProcessors?: Limit;
  readonly hostMemoryBytes?: Limit;
  readonly vmsPerNode?: Limit;
  readonly vcpusPerNode?: Limit;
  readonly vcpusPerVm?: Limit;
  readonly vmMemoryBytes?: Limit;
  readonly nodesPerCluster?: Limit;
  readonly vmsPerCluster?: Limit;
}

export type Edition = "standard" | "enterprise" | "datacenter";

export const EDITIONS = ["standard", "enterprise", "datacenter"] as const satisfies readonly Edition[];

export interface Platform {
  readonly name: string;
  readonly title: string;
  readonly limits: PlatformLimits;
  /** Editions without failover clustering, and who says so. */
  readonly withoutClustering?: { readonly editions: readonly Edition[]; readonly source: string };
}

const GIB = 1_073_741_824;
const TIB = 1024 * GIB;

const limits =
  (provenance: Provenance, source: string) =>
  (most: number): Limit => ({ most, provenance, source });

const TECHNET_R2 = limits(
  "documented",
  "TechNet ee405267, Requirements and Limits for Virtual Machines and Hyper-V in Windows Server 2008 R2",
);
const TECH_ED = limits(
  "documented",
  "Microsoft virtualization blog, Tech Ed: Windows Server 2008 R2 Hyper-V News (2009)",
);
const SAVILL = limits("documented", "Savill, Mastering Windows Server 2016 Hyper-V, ch. 2");
const HYPER_V_REMEMBERED = limits("assumed", "Microsoft's limits of this release, from memory");
const VSPHERE_4 = limits(
  "documented",
  "VMware, Configuration Maximums for vSphere 4.0, as tabulated by InformIT and Dell",
);
const VSPHERE_5 = limits("assumed", "VMware's configuration maximums of vSphere 5.0, from memory");
const XENSERVER_6 = limits("documented", "Citrix CTX137837, XenServer 6.2.0 Configuration Limits");
const XENSERVER_8 = limits("documented", "docs.xenserver.com, XenServer 8 configuration limits");

const WITHOUT_CLUSTERING = {
  editions: ["standard"],
  source: "failover clustering came with the Enterprise and Datacenter editions until Windows Server 2012",
} as const satisfies Platform["withoutClustering"];

/** In the order in which they are listed. */
export const PLATFORMS = [
  {
    name: "hyper-v-2008",
    title: "Windows Server 2008 Hyper-V",
    limits: {
      logicalProcessors: HYPER_V_REMEMBERED(16),
      hostMemoryBytes: HYPER_V_REMEMBERED(TIB),
      vmsPerNode: HYPER_V_REMEMBERED(128),
      vcpusPerVm: HYPER_V_REMEMBERED(4),
      vmMemoryBytes: HYPER_V_REMEMBERED(64 * GIB),
      nodesPerCluster: HYPER_V_REMEMBERED(16),
    },
    withoutClustering: WITHOUT_CLUSTERING,
  },
  {
    name: "hyper-v-2008-kb956710",
    title: "Windows Server 2008 Hyper-V with KB956710",
    limits: {
      logicalProcessors: HYPER_V_REMEMBERED(24),
      hostMemoryBytes: HYPER_V_REMEMBERED(TIB),
      vmsPerNode: HYPER_V_REMEMBERED(192),
      vcpusPerVm: HYPER_V_REMEMBERED(4),
      vmMemoryBytes: HYPER_V_REMEMBERED(64 * GIB),
      nodesPerCluster: HYPER_V_REMEMBERED(16),
    },
    withoutClustering: WITHOUT_CLUSTERING,
  },
  {
    name: "hyper-v-2008r2",
    title: "Windows Server 2008 R2 Hyper-V",
    limits: {
      logicalProcessors: TECH_ED(64),
      hostMemoryBytes: HYPER_V_REMEMBERED(TIB),
      vmsPerNode: TECHNET_R2(384),
      vcpusPerNode: TECH_ED(512),
      vcpusPerVm: TECHNET_R2(4),
      vmMemoryBytes: TECHNET_R2(64 * GIB),
      nodesPerCluster: TECHNET_R2(16),
      vmsPerCluster: TECHNET_R2(1000),
    },
    withoutClustering: WITHOUT_CLUSTERING,
  },
  {
    name: "hyper-v-2012r2",
    title: "Windows Server 2012 R2 Hyper-V",
    limits: {
      logicalProcessors: SAVILL(320),
      hostMemoryBytes: SAVILL(4 * TIB),
      vmsPerNode: HYPER_V_REMEMBERED(1024),
      vcpusPerNode: HYPER_V_REMEMBERED(2048),
      vcpusPerVm: SAVILL(64),
      vmMemoryBytes: HYPER_V_REMEMBERED(TIB),
      nodesPerCluster: HYPER_V_REMEMBERED(64),
      vmsPerCluster: HYPER_V_REMEMBERED(8000),
    },
  },
  {
    name: "hyper-v-2016",
    title: "Windows Server 2016 Hyper-V",
    limits: {
      logicalProcessors: HYPER_V_REMEMBERED(512),
      hostMemoryBytes: HYPER_V_REMEMBERED(24 * TIB),
      vmsPerNode: HYPER_V_REMEMBERED(1024),
      vcpusPerNode: HYPER_V_REMEMBERED(2048),
      vcpusPerVm: HYPER_V_REMEMBERED(240),
      vmMemoryBytes: HYPER_V_REMEMBERED(12 * TIB),
      nodesPerCluster: HYPER_V_REMEMBERED(64),
      vmsPerCluster: HYPER_V_REMEMBERED(8000),
    },
  },
  {
    name: "vsphere-4",
    title: "VMware vSphere 4.0",
    limits: {
      logicalProcessors: VSPHERE_4(64),
      hostMemoryBytes: VSPHERE_4(TIB),
      vmsPerNode: VSPHERE_4(320),
      vcpusPerNode: VSPHERE_4(512),
      vcpusPerVm: VSPHERE_4(8),
      vmMemoryBytes: VSPHERE_4(255 * GIB),
      nodesPerCluster: VSPHERE_4(32),
    },
  },
  {
    name: "vsphere-5",
    title: "VMware vSphere 5.0",
    limits: {
      logicalProcessors: VSPHERE_5(160),
      hostMemoryBytes: VSPHERE_5(2 * TIB),
      vmsPerNode: VSPHERE_5(512),
      vcpusPerNode: VSPHERE_5(2048),
      vcpusPerVm: VSPHERE_5(32),
      vmMemoryBytes: VSPHERE_5(TIB),
      nodesPerCluster: VSPHERE_5(32),
    },
  },
  {
    name: "xenserver-6.2",
    title: "Citrix XenServer 6.2",
    limits: { vcpusPerVm: XENSERVER_6(16), vmMemoryBytes: XENSERVER_6(128 * GIB) },
  },
  {
    name: "xenserver-8",
    title: "XenServer 8",
    limits: { vcpusPerVm: XENSERVER_8(64), vmMemoryBytes: XENSERVER_8(1536 * GIB) },
  },
] as const satisfies readonly Platform[];

export type PlatformName = (typeof PLATFORMS)[number]["name"];

export const PLATFORM_NAMES = PLATFORMS.map(({ name }) => name) as [PlatformName, ...PlatformName[]];

export function platformNamed(name: PlatformName): Platform {
  return PLATFORMS.find((platform) => platform.name === name) as Platform;
}
