/** The hypervisor profiles that the panel offers: all that the simulator knows. */
import type { ProfileChoice } from "./controls/what-if-panel.ts";
import { knownModels } from "./simulator.ts";

export const profileChoices: readonly ProfileChoice[] = knownModels.profiles.map(({ name, title, parameters }) => ({
  name,
  title,
  hasDowntimeLimit: "downtimeLimitSeconds" in parameters,
}));
