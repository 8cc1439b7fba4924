/** The hypervisors that scenarios can name. */
import { hyperV2008R2 } from "./hyper-v-2008r2.ts";
import type { Profile } from "./profile.ts";
import { qemu72 } from "./qemu-7.2.ts";

export { type Environment, environments } from "./environment.ts";
export type { Profile } from "./profile.ts";

/** All profiles, in the order in which they are listed. */
export const profiles: readonly Profile[] = [hyperV2008R2, qemu72];
