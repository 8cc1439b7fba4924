/** When a cluster notices that a node is gone, in closed form: no heartbeat is an event. */
import type { FailoverSettings } from "./parameters.ts";

/**
 * A node sends a heartbeat every interval; it is declared down as the last of so many in a row is due and does not come.
 * So the time since its death is threshold x interval, less what had passed since its last heartbeat.
 *
 * @param sinceLastSeconds What had passed, from 0 up to the interval.
 */
export function secondsUntilDeclaredDown(
  settings: Pick<FailoverSettings, "heartbeatIntervalSeconds" | "missedHeartbeats">,
  sinceLastSeconds: number,
): number {
  const { heartbeatIntervalSeconds, missedHeartbeats } = settings;
  return Math.max(0, missedHeartbeats * heartbeatIntervalSeconds - sinceLastSeconds);
}
