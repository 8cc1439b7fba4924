/** Parameters of Hyper-V's releases: what they share, and what came with Windows Server 2012 R2. */
import type { ParameterTable } from "../../kernel/parameter.ts";
import { HYPER_V_ANNOUNCEMENT_PARAMETERS } from "../../network/announcement.ts";

/** As of Windows Server 2008 R2. */
export const HYPER_V_PARAMETERS = {
  passLimit: {
    value: 10,
    kind: "count",
    provenance: "documented",
    source: "Directions on Microsoft, June 2009: ten passes, then the guest is suspended anyway.",
    meaning: "Passes over memory while the guest runs, the full copy included.",
    least: 1,
    greatest: 10_000,
  },
  switchoverPages: {
    value: 256,
    kind: "pages",
    provenance: "assumed",
    source: "Passes end early once few pages are left; no document says how few.",
    meaning: "The guest is stopped before the pass limit once no more pages than this are dirty.",
    least: 0,
    greatest: 1e9,
  },
  pageHeaderBytes: {
    value: 16,
    kind: "bytes",
    provenance: "assumed",
    source: "The wire format is not published; an address and flags.",
    meaning: "Sent with each page, beside its 4096 bytes.",
    least: 0,
    greatest: 4096,
  },
  migrationsPerNode: {
    value: 1,
    kind: "count",
    provenance: "documented",
    source: "Principled Technologies 2011: a node takes part in one live migration at a time, as source or as target.",
    meaning: "Live migrations that a node takes part in at a time.",
    least: 1,
    greatest: 1000,
  },
  ...HYPER_V_ANNOUNCEMENT_PARAMETERS,
} as const satisfies ParameterTable;

/** As of Windows Server 2012 R2: fewer passes, two migrations at a time, compression and SMB as ways to send. */
export const HYPER_V_2012R2_PARAMETERS = {
  ...HYPER_V_PARAMETERS,
  passLimit: {
    ...HYPER_V_PARAMETERS.passLimit,
    value: 5,
    source: "J. Savill, Mastering Windows Server 2016 Hyper-V, chapter 7: five passes from 2012 R2 on.",
  },
  migrationsPerNode: {
    ...HYPER_V_PARAMETERS.migrationsPerNode,
    value: 2,
    provenance: "assumed",
    source:
      'The hosts\' setting "simultaneous live migrations", 2 by default as administrators know it; no document was read.',
  },
  compression: {
    value: true,
    kind: "flag",
    provenance: "documented",
    source: "Msvm_VirtualSystemMigrationServiceSettingData: EnableCompression is true by default.",
    meaning: "Pages are compressed; plain TCP is used where that is faster, the hosts' processors being short.",
  },
  compressionRateBytesPerSecond: {
    value: 1e9,
    kind: "bytesPerSecond",
    provenance: "assumed",
    source: "No document or measurement was found: several idle cores with a fast compressor.",
    meaning: "Memory that the source's processors compress a second for one migration.",
    least: 1e6,
    greatest: 1e12,
  },
  compressedZeroPageBytes: {
    value: 48,
    kind: "bytes",
    provenance: "assumed",
    source: "The compressor is not published; fast ones need a few dozen bytes for 4096 equal ones.",
    meaning: "What a zero page compresses to, beside its header.",
    least: 0,
    greatest: 4096,
  },
  smbDirect: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source: "Msvm_VirtualSystemMigrationServiceSettingData: EnableSmbTransport is false by default.",
    meaning: "Memory goes over SMB with RDMA, uncompressed, and takes next to nothing of the processors.",
  },
  smbDirectRateBytesPerSecond: {
    value: 6e9,
    kind: "bytesPerSecond",
    provenance: "assumed",
    source: "Of the order of what one 56 Gbit/s RDMA adapter carries; no document tells a limit.",
    meaning: "What one migration pushes over SMB Direct where the link is faster.",
    least: 1e6,
    greatest: 1e12,
  },
} as const satisfies ParameterTable;
