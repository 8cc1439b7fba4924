/** QEMU 7.2: the loop of migration/migration.c, with its rules and defaults. */
import { autoConverge } from "./auto-converge.ts";
import { belowThreshold } from "./below-threshold.ts";
import { OLD_COMPRESSION_PARAMETERS } from "./compression-parameters.ts";
import { QEMU_PARAMETERS } from "./parameters.ts";
import { profileOfVersion } from "./profile-of-version.ts";

export const qemu72 = profileOfVersion({
  name: "qemu-7.2",
  title: "QEMU 7.2",
  parameters: { ...QEMU_PARAMETERS, ...OLD_COMPRESSION_PARAMETERS },
  makePolicy: (parameters) => (parameters.autoConverge ? autoConverge(parameters, belowThreshold) : belowThreshold),
});
