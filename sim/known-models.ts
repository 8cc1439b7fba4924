/** The profiles and environments that a scenario may name. */
import type { KnownModels } from "./scenario/models.ts";

export const knownModels: KnownModels = {
  profiles: [
    { name: "hyper-v-2008r2", title: "Hyper-V of Windows Server 2008 R2", parameters: {}, modes: ["live"] },
    { name: "qemu-7.2", title: "QEMU 7.2", parameters: {}, modes: ["live"] },
  ],
  environments: [{ name: "hyper-v-2008r2-hosts", title: "Hosts", parameters: {} }],
};
