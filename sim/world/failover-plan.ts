/** What a scenario's cluster does about failures, worked out before any seed. */
import { resolveParameters } from "../kernel/parameter.ts";
import {
  FAILOVER_PARAMETERS,
  type FailoverPreset,
  type FailoverSettings,
} from "../orchestration/failover/parameters.ts";
import { failoverPresets, noCluster } from "../orchestration/failover/presets.ts";
import { isFailoverEntry } from "../scenario/failover.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { named } from "./named.ts";

export interface FailoverPlan {
  readonly preset: FailoverPreset;
  readonly settings: FailoverSettings;
  /** Something fails or hangs. */
  readonly isUsed: boolean;
}

export function failoverPlanOf({ failover, timeline }: Scenario): FailoverPlan {
  const preset = failover === undefined ? noCluster : named(failoverPresets, failover.preset, "failover preset");
  const parameters = { ...FAILOVER_PARAMETERS, ...preset.parameters };
  return {
    preset,
    settings: resolveParameters<typeof FAILOVER_PARAMETERS>(
      parameters as typeof FAILOVER_PARAMETERS,
      failover?.overrides ?? {},
    ),
    isUsed: timeline.some(isFailoverEntry),
  };
}
