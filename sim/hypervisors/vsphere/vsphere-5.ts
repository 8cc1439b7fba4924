/** vMotion of vSphere 5 and later: all adapters at once, and stun during page send. */
import { type ParameterTable, resolveParameters } from "../../kernel/parameter.ts";
import { PAGE_BYTES } from "../../memory/page-class.ts";
import type { Profile } from "../profile.ts";
import { VSPHERE_PARAMETERS } from "./parameters.ts";
import { profileOfRelease } from "./profile-of-release.ts";
import { stunDuringPageSend } from "./stun-during-page-send.ts";

const PARAMETERS = {
  ...VSPHERE_PARAMETERS,
  stunDuringPageSend: {
    value: true,
    kind: "flag",
    provenance: "documented",
    source: "D. Epping, Yellow Bricks: vSphere 5.0 slows guests that dirty memory faster than it can be sent.",
    meaning: "The guest is held back where it dirties pages faster than they go out.",
  },
  stunFromShare: {
    value: 1,
    kind: "share",
    provenance: "documented",
    source: "D. Epping, Yellow Bricks: once the rate of dirtying exceeds the rate of transmission.",
    meaning: "Share of the rate at which pages go out that a guest dirties before it is held back.",
    least: 0.01,
    greatest: 1,
  },
  dirtyingShare: {
    value: 0.7,
    kind: "share",
    provenance: "assumed",
    source: "Dirtying is said to be brought below the rate of transmission; no document says how far.",
    meaning: "A guest that is held back is left to dirty so much of the rate at which pages go out.",
    least: 0.01,
    greatest: 1,
  },
  greatestDeniedShare: {
    value: 0.95,
    kind: "share",
    provenance: "assumed",
    source: "The sleeps are said to be small; no document gives a limit.",
    meaning: "The most of its processor time that a guest is denied.",
    least: 0,
    greatest: 0.999,
  },
} as const satisfies ParameterTable;

export const vsphere5: Profile = profileOfRelease({
  name: "vsphere-5",
  title: "VMware vSphere 5 and later",
  parameters: PARAMETERS,
  makePolicy(values) {
    const parameters = resolveParameters(PARAMETERS, values);
    return stunDuringPageSend({
      switchoverSeconds: parameters.switchoverSeconds,
      stunsDuringPageSend: parameters.stunDuringPageSend,
      stunFromShare: parameters.stunFromShare,
      dirtyingShare: parameters.dirtyingShare,
      greatestDeniedShare: parameters.greatestDeniedShare,
      pageBytes: PAGE_BYTES + parameters.pageHeaderBytes,
    });
  },
  hasStreamForEachNic: true,
  // One stream or more for each adapter, each as much as one sender can push.
  capBytesPerSecond: (streamBytesPerSecond, { nics }) => nics * streamBytesPerSecond,
});
