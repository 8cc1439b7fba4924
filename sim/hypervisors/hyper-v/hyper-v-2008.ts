/** Windows Server 2008 Hyper-V: no live migration yet; machines are saved, handed over and restored. */
import { resolveParameters } from "../../kernel/parameter.ts";
import { HYPER_V_ANNOUNCEMENT_PARAMETERS } from "../../network/announcement.ts";
import type { QuickProfile } from "../profile.ts";

export const hyperV2008: QuickProfile = {
  name: "hyper-v-2008",
  title: "Windows Server 2008 Hyper-V (quick migration only)",
  modes: ["quick"],
  parameters: HYPER_V_ANNOUNCEMENT_PARAMETERS,
  announcementFrame: "gratuitous-arp",
  announcement: (values) => resolveParameters(HYPER_V_ANNOUNCEMENT_PARAMETERS, values),
  migrationsPerNode: () => Number.POSITIVE_INFINITY,
};
