/** Who holds a guest while it is moved, and so what is left of it when a node dies. */
import type { BlackoutPart } from "../trace/migration-events.ts";

export type MigrationSide = "source" | "target";

/** `both`: some of its memory is here and some there, and it cannot run without either. `disk`: its state is saved. */
export type GuestHolder = MigrationSide | "both" | "disk";

/** The part of the blackout at whose end the source gives the guest away: until then it can let it run on. */
export type CommittingPart = Extract<BlackoutPart, "device-state" | "storage-handover" | "resume">;

/**
 * What the death of a node comes to: the guest `runs-on` at the source; it `goes-ahead` without the source, which it does
 * not need any more; it is `lost`; or its state is `saved` on disk, from where another node can restore it.
 */
export type GuestFate = "runs-on" | "goes-ahead" | "lost" | "saved";

export function guestFate(holder: GuestHolder, dead: MigrationSide): GuestFate {
  if (holder === "both" || holder === dead) return "lost";
  // What is saved goes to the target, as long as there is one.
  if (holder === "disk") return dead === "source" ? "goes-ahead" : "saved";
  return holder === "source" ? "runs-on" : "goes-ahead";
}
