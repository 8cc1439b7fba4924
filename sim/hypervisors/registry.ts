/** The hypervisors that scenarios can name. */
import { hyperV2008R2 } from "./hyper-v/hyper-v-2008r2.ts";
import type { Profile } from "./profile.ts";
import { qemu72 } from "./qemu/qemu-7.2.ts";

export { environments } from "./environments/environments.ts";
export type { Environment } from "./environments/host-parameters.ts";
export type { Profile } from "./profile.ts";

/** All profiles, in the order in which they are listed. */
export const profiles: readonly Profile[] = [hyperV2008R2, qemu72];
