/** Windows Server 2012 R2 Hyper-V: five passes, compressed by default, two migrations at a time. */
import type { Profile } from "../profile.ts";
import { HYPER_V_2012R2_PARAMETERS } from "./parameters.ts";
import { profileOfRelease } from "./profile-of-release.ts";
import { idleTransportParameters, pageDataReadBy, transportsOf } from "./transports.ts";

export const hyperV2012R2: Profile = profileOfRelease({
  name: "hyper-v-2012r2",
  title: "Windows Server 2012 R2 Hyper-V",
  parameters: HYPER_V_2012R2_PARAMETERS,
  readsPageData: pageDataReadBy,
  withoutEffect: idleTransportParameters,
  transports: transportsOf,
});
