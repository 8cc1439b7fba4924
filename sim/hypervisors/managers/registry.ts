/** The managers that scenarios can name. */
import { kubevirt } from "./kubevirt.ts";
import type { Management } from "./management.ts";
import { nova } from "./nova.ts";
import { ovirt } from "./ovirt.ts";

export { type Management, takesManagers } from "./management.ts";

/** In the order in which they are listed. */
export const managements: readonly Management[] = [nova, ...ovirt, kubevirt];
