/** Which parameters of QEMU say nothing, since the capability that they belong to is off. */
import type { ProfileValues } from "../profile.ts";
import { MULTIFD_PARAMETERS } from "./multifd-parameters.ts";

export function parametersWithoutEffect(values: ProfileValues): string[] {
  const names: string[] = [];
  if (values.multifd !== true) names.push(...Object.keys(MULTIFD_PARAMETERS).filter((name) => name !== "multifd"));
  const usesZlib = values.multifd === true ? values.multifdZlib === true : values.compress === true;
  if (!usesZlib) names.push("zlibBytesPerSecond");
  if (values.multifd !== true || values.multifdZstd !== true) names.push("zstdBytesPerSecond");
  if (values.dirtyLimit !== true) names.push("vcpus");
  return names;
}

/** Whether what pages hold decides how much is sent. */
export function compresses(values: ProfileValues): boolean {
  if (values.multifd === true) return values.multifdZlib === true || values.multifdZstd === true;
  return values.compress === true;
}
