/** A parameter's values as people read them. */
import { formatBytes, formatBytesPerSecond, formatCount, formatSeconds, formatShare } from "./format-units.ts";
import type { ParameterKind } from "./parameter.ts";

/** `0.3` of kind seconds is "300 ms"; three significant digits, so that it is for reading, not for reading back. */
export function formatParameterValue(kind: ParameterKind, value: number | boolean): string {
  if (typeof value === "boolean") return String(value);
  switch (kind) {
    case "seconds":
      return formatSeconds(value);
    case "bytes":
      return formatBytes(value);
    case "bytesPerSecond":
      return formatBytesPerSecond(value);
    case "share":
      return formatShare(value);
    default:
      // Factors are counts too, and need not be whole.
      return Number.isInteger(value) ? formatCount(value) : String(value);
  }
}
