/** Parameters that vMotion of all releases has. */
import type { ParameterTable } from "../../kernel/parameter.ts";
import { QEMU_ANNOUNCEMENT_PARAMETERS } from "../../network/announcement.ts";

const ONE_FRAME = "That hosts send RARP frames is known, how many is not; holds where announceRounds is raised.";

/** The target host sends RARP frames for the machine ("notify switches"). */
const VSPHERE_ANNOUNCEMENT_PARAMETERS = {
  announceInitialSeconds: {
    ...QEMU_ANNOUNCEMENT_PARAMETERS.announceInitialSeconds,
    value: 1,
    provenance: "assumed",
    source: ONE_FRAME,
  },
  announceMaxSeconds: {
    ...QEMU_ANNOUNCEMENT_PARAMETERS.announceMaxSeconds,
    value: 1,
    provenance: "assumed",
    source: ONE_FRAME,
  },
  announceStepSeconds: {
    ...QEMU_ANNOUNCEMENT_PARAMETERS.announceStepSeconds,
    value: 0,
    provenance: "assumed",
    source: ONE_FRAME,
  },
  announceRounds: {
    ...QEMU_ANNOUNCEMENT_PARAMETERS.announceRounds,
    value: 1,
    provenance: "assumed",
    source: "That the target host sends RARP frames is known, how many is not: the least.",
  },
} as const satisfies ParameterTable;

const COST_TABLE = "VMware, vSphere 5.0 to 6.7, Limits on simultaneous migrations: network cost";

export const VSPHERE_PARAMETERS = {
  switchoverSeconds: {
    value: 0.5,
    kind: "seconds",
    provenance: "assumed",
    source: "No document was found: switchover is said to stay below a second, and to take 100 to 500 ms as a rule.",
    meaning: "Pre-copy ends once what is left can be sent within this time at the rate last achieved.",
    least: 0,
    greatest: 600,
  },
  tracePageSeconds: {
    value: 0.2e-6,
    kind: "seconds",
    provenance: "assumed",
    source: "No document or measurement was found: about 50 ms for each GiB of 4 KiB pages.",
    meaning: "Write-protecting a page before the first pass, so that writes to it are traced.",
    least: 0,
    greatest: 0.001,
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
  zeroPageBytes: {
    value: 16,
    kind: "bytes",
    provenance: "assumed",
    source:
      "The wire format is not published: pages that the host never backed have nothing to send but their address.",
    meaning: "Sent for a page that is zero.",
    least: 0,
    greatest: 4112,
  },
  nics: {
    value: 1,
    kind: "count",
    provenance: "documented",
    source: "VMware: up to 16 adapters of 1 Gbit/s or 4 of 10 Gbit/s for vMotion in 5.0; a host has one at least.",
    meaning:
      "Adapters that a migration uses at once; the network's bandwidth is their sum, or, where it has a team, each one's.",
    least: 1,
    greatest: 16,
  },
  migrationsPerNode: {
    value: 4,
    kind: "count",
    provenance: "documented",
    source: `${COST_TABLE}, 4 at a time on 1 Gbit/s.`,
    meaning: "Migrations that a host takes part in at a time, on adapters slower than fastNic.",
    least: 1,
    greatest: 1000,
  },
  migrationsPerFastNode: {
    value: 8,
    kind: "count",
    provenance: "documented",
    source: `${COST_TABLE}, 8 at a time on 10 Gbit/s.`,
    meaning: "Migrations that a host takes part in at a time, on adapters of fastNic or more.",
    least: 1,
    greatest: 1000,
  },
  fastNicBytesPerSecond: {
    value: 1.25e9,
    kind: "bytesPerSecond",
    provenance: "documented",
    source: `${COST_TABLE}, which knows 1 and 10 Gbit/s.`,
    meaning: "Rate of an adapter from which migrationsPerFastNode holds.",
    least: 1e3,
    greatest: 1e15,
  },
  roundTripLimitSeconds: {
    value: 0.01,
    kind: "seconds",
    provenance: "documented",
    source: "VMware: round trips of up to 10 ms before vSphere 6.0, up to 150 ms from then on.",
    meaning: "Longest round trip that is supported; a longer one is warned of.",
    least: 0,
    greatest: 60,
  },
  ...VSPHERE_ANNOUNCEMENT_PARAMETERS,
} as const satisfies ParameterTable;
