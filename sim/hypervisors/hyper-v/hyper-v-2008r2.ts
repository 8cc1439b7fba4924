/** Windows Server 2008 R2 Hyper-V: ten passes, then the guest is stopped whatever is left. */
import { resolveParameters } from "../../kernel/parameter.ts";
import { PAGE_BYTES } from "../../memory/page-class.ts";
import type { Profile } from "../profile.ts";
import { HYPER_V_PARAMETERS } from "./parameters.ts";
import { profileOfRelease, type Transport } from "./profile-of-release.ts";

export const hyperV2008R2: Profile = profileOfRelease({
  name: "hyper-v-2008r2",
  title: "Windows Server 2008 R2 Hyper-V",
  parameters: HYPER_V_PARAMETERS,
  transports(values, environment) {
    const pageBytes = PAGE_BYTES + resolveParameters(HYPER_V_PARAMETERS, values).pageHeaderBytes;
    const transport: Transport = {
      wire: { pageBytes, zeroPageBytes: pageBytes, sectionBytes: 0 },
      capBytesPerSecond: environment.copyRateBytesPerSecond,
      finalCapBytesPerSecond: environment.finalCopyRateBytesPerSecond,
      leastPageSeconds: 0,
      slowStarts: true,
    };
    return { over: () => transport };
  },
});
