/** Windows Server 2016 Hyper-V and later: as 2012 R2, with a bandwidth limit on SMB from 2022 on. */
import { type ParameterTable, resolveParameters } from "../../kernel/parameter.ts";
import type { Profile } from "../profile.ts";
import { HYPER_V_2012R2_PARAMETERS } from "./parameters.ts";
import { profileOfRelease } from "./profile-of-release.ts";
import { idleTransportParameters, pageDataReadBy, transportsOf } from "./transports.ts";

const PARAMETERS = {
  ...HYPER_V_2012R2_PARAMETERS,
  smbBandwidthLimitShare: {
    value: 1,
    kind: "share",
    provenance: "documented",
    source:
      "Microsoft, Configure live migration SMB bandwidth limits: with the feature installed, clusters of 2022 and later set 25 %; " +
      "without it there is no limit.",
    meaning: "The most of the link that migrations over SMB may take, of each; 1 for no limit.",
    least: 0.001,
    greatest: 1,
  },
} as const satisfies ParameterTable;

export const hyperV2016: Profile = profileOfRelease({
  name: "hyper-v-2016",
  title: "Windows Server 2016 Hyper-V and later",
  parameters: PARAMETERS,
  readsPageData: pageDataReadBy,
  withoutEffect: idleTransportParameters,
  transports(values, environment) {
    const unlimited = transportsOf(values, environment);
    const { smbDirect, smbBandwidthLimitShare } = resolveParameters(PARAMETERS, values);
    if (!smbDirect) return unlimited;
    const over: typeof unlimited.over = (link, memory) => {
      const transport = unlimited.over(link, memory);
      const limitBytesPerSecond = smbBandwidthLimitShare * link.capacityBytesPerSecond;
      return {
        ...transport,
        capBytesPerSecond: Math.min(transport.capBytesPerSecond, limitBytesPerSecond),
        finalCapBytesPerSecond: Math.min(transport.finalCapBytesPerSecond, limitBytesPerSecond),
      };
    };
    return { ...unlimited, over };
  },
});
