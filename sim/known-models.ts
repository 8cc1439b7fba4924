/** The profiles and environments that a scenario may name. */
import { environments, profiles } from "./hypervisors/registry.ts";
import type { KnownModels } from "./scenario/models.ts";

export const knownModels: KnownModels = { profiles, environments };
