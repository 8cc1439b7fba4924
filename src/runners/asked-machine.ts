/** The machine that a command is asked about. */
import type { MigrateEntry } from "../../sim/index.ts";

/** Why `--vm` cannot be answered; null where it can. */
export function whyNoSuchMachine(entries: readonly MigrateEntry[], vm: string | null): string | null {
  if (vm === null || entries.some((entry) => entry.vm === vm)) return null;
  const names = [...new Set(entries.map((entry) => entry.vm))];
  if (names.length === 0) return `--vm ${vm}: the timeline asks for no migration. Add one, or leave --vm out.`;
  return `--vm ${vm}: the timeline asks for no migration of it. Migrated are: ${names.slice(0, 10).join(", ")}.`;
}
