/** What both of Xen's migration streams say in parameters: few pages, batches, announcements. */
import type { ParameterTable } from "../../kernel/parameter.ts";
import { QEMU_ANNOUNCEMENT_PARAMETERS } from "../../network/announcement.ts";

const NOT_FOUND =
  "The guest's network driver announces it as it resumes; how often is not documented, once is assumed.";

/** The guest itself sends a gratuitous ARP as its network driver connects again; Xen sends nothing. */
export const XEN_ANNOUNCEMENT_PARAMETERS = {
  announceInitialSeconds: {
    ...QEMU_ANNOUNCEMENT_PARAMETERS.announceInitialSeconds,
    value: 1,
    provenance: "assumed",
    source: `${NOT_FOUND} Holds where announceRounds is raised.`,
  },
  announceMaxSeconds: {
    ...QEMU_ANNOUNCEMENT_PARAMETERS.announceMaxSeconds,
    value: 1,
    provenance: "assumed",
    source: `${NOT_FOUND} Holds where announceRounds is raised.`,
  },
  announceStepSeconds: {
    ...QEMU_ANNOUNCEMENT_PARAMETERS.announceStepSeconds,
    value: 0,
    provenance: "assumed",
    source: `${NOT_FOUND} Holds where announceRounds is raised.`,
  },
  announceRounds: {
    ...QEMU_ANNOUNCEMENT_PARAMETERS.announceRounds,
    value: 1,
    provenance: "assumed",
    source: NOT_FOUND,
  },
} as const satisfies ParameterTable;
