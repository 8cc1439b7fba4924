/** What the page offers by name. */
import type { MigrationMode } from "../simulator.ts";

export interface ProfileChoice {
  name: string;
  title: string;
  modes: readonly MigrationMode[];
  hasDowntimeLimit: boolean;
}

export interface WorkloadChoice {
  name: string;
  title: string;
}

export interface Choices {
  profiles: readonly ProfileChoice[];
  workloads: readonly WorkloadChoice[];
}

export const MODE_TITLES: Readonly<Record<MigrationMode, string>> = {
  live: "live (pre-copy)",
  quick: "quick (save, move, restore)",
  "post-copy": "post-copy",
};
