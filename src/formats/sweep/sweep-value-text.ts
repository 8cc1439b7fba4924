/** A parameter's value as tables show it. */
import { formatBitsPerSecond, formatBytes, formatCount, formatSeconds } from "../../../sim/index.ts";

/** What is computed has one of these units behind it; what was written has its own, and stays as it is. */
const COMPUTED: readonly (readonly [RegExp, (amount: number) => string])[] = [
  [/^([\d.e+-]+) B\/s$/, formatBitsPerSecond],
  [/^([\d.e+-]+) B$/, formatBytes],
  [/^([\d.e+-]+) s$/, formatSeconds],
  [/^([\d.e+-]+) pages\/s$/, (amount) => `${formatCount(amount)} pages/s`],
];

export function formatValue(setting: string | number | boolean): string {
  for (const [form, format] of COMPUTED) {
    const match = form.exec(String(setting));
    if (match !== null) return format(Number(match[1]));
  }
  return typeof setting === "number" ? String(Number(setting.toPrecision(4))) : String(setting);
}
