/** Which parameters of QEMU say nothing, since the capability that they belong to is off. */
import type { MigrationMode } from "../../trace/migration-events.ts";
import type { ProfileValues } from "../profile.ts";
import { MULTIFD_PARAMETERS } from "./multifd-parameters.ts";
import { POST_COPY_PARAMETERS } from "./post-copy-parameters.ts";
import { XBZRLE_PARAMETERS } from "./xbzrle-parameters.ts";

export function parametersWithoutEffect(values: ProfileValues, mode: MigrationMode): string[] {
  const names: string[] = [];
  if (values.multifd !== true) names.push(...Object.keys(MULTIFD_PARAMETERS).filter((name) => name !== "multifd"));
  if (!deltaCompresses(values)) names.push(...Object.keys(XBZRLE_PARAMETERS).filter((name) => name !== "xbzrle"));
  const usesZlib = values.multifd === true ? values.multifdZlib === true : values.compress === true;
  if (!usesZlib) names.push("zlibBytesPerSecond");
  if (values.multifd !== true || values.multifdZstd !== true) names.push("zstdBytesPerSecond");
  if (values.dirtyLimit !== true) names.push("vcpus");
  if (mode !== "post-copy") names.push(...Object.keys(POST_COPY_PARAMETERS));
  if (values.pauseBeforeSwitchover !== true) names.push("pauseBeforeSwitchoverWaitSeconds");
  return names;
}

/** Whether what pages hold decides how much is sent. */
export function compresses(values: ProfileValues): boolean {
  if (values.multifd === true) return values.multifdZlib === true || values.multifdZstd === true;
  return values.compress === true;
}

/** Whether only what has changed of a page may be sent. */
export function deltaCompresses(values: ProfileValues): boolean {
  return values.xbzrle === true && values.multifd !== true;
}
