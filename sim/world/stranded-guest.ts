/** A machine that a node's death leaves standing while it was migrated. */
import type { Guest } from "./world.ts";

export interface StrandedGuest {
  /** It stands still, placed at one node, whose memory is held for it. */
  readonly guest: Guest;
  /** Its state is saved on disk: another node restores it; otherwise it is lost, and the machine can only boot anew. */
  readonly hasSavedState: boolean;
}
