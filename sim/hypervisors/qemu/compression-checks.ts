/** Ways to compress that exclude each other, and those that have nothing to work on. */
import type { ParameterConflict, ProfileValues } from "../profile.ts";
import { COMPRESSION_PARAMETERS } from "./compression-parameters.ts";

type Method = keyof Pick<typeof COMPRESSION_PARAMETERS, "multifdZlib" | "multifdZstd">;

const METHODS = Object.keys(COMPRESSION_PARAMETERS).filter((name) => name.startsWith("multifd")) as Method[];

/** QEMU's multifd-compression is one of none, zlib and zstd. */
export function compressionConflict(values: ProfileValues): ParameterConflict | null {
  if (!METHODS.every((method) => values[method] === true)) return null;
  return {
    parameter: "multifdZstd" satisfies Method,
    problem: "multifdZlib and multifdZstd cannot both be on: QEMU's multifd-compression is one method",
    remedy: "leave one of them out",
  };
}

/** Multifd's channels compress, where there are any. */
export function compressionWarnings(values: ProfileValues): string[] {
  if (values.multifd === true) return [];
  return METHODS.filter((method) => values[method] === true).map(
    (method) => `${method} has no effect without multifd: memory is sent as it is.`,
  );
}
