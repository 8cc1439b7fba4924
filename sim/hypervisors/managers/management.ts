/** Management software as a scenario names it: its parameters, and how they set up the watching of a migration. */
import type { ParameterTable } from "../../kernel/parameter.ts";
import type { Manager } from "../../migration/manager.ts";

/** Values of a manager's parameters, by full name. */
export type ManagementValues = Readonly<Record<string, number | boolean>>;

/** Software that drives QEMU through libvirt. */
export interface Management {
  readonly name: string;
  readonly title: string;
  readonly parameters: ParameterTable;
  /**
   * What it sets of the hypervisor's profile as it starts a migration, by full name: over the profile's defaults, under
   * what the entry of the timeline gives itself. A name that a profile does not have is left out.
   */
  readonly profileSettings: (values: ManagementValues) => Record<string, number | boolean>;
  /** For a guest with so much memory, as its definition says. */
  readonly makeManager: (values: ManagementValues, guestMemoryBytes: number) => Manager;
}

/** What a manager that may start post-copy sets: QEMU is made ready for it, and waits for the command. */
export const POST_COPY_ON_COMMAND = { postcopyAfterRounds: 1_000_000 } as const;

/** Managers set QEMU's downtime limit and its rate limit: a profile without them has nothing that they could drive. */
export function takesManagers(parameters: ParameterTable): boolean {
  return "downtimeLimitSeconds" in parameters && "maxBandwidthBytesPerSecond" in parameters;
}
