/** What a virtual machine is doing, as the picture of the cluster tells machines apart. */

/** In the order in which a node's machines are drawn. */
export const MACHINE_STATUSES = ["runs", "waits", "still", "hung", "starts", "queued", "down", "moving"] as const;

/**
 * `runs`; `waits`: it runs, and a migration of it is asked for that has not begun; `still`: it stands still where it is; `hung`:
 * on, and answers nobody; `starts`: it is being started after it was down; `queued`: down, and has a place to be started at;
 * `down`; `moving`: a migration of it is under way, whatever else.
 */
export type MachineStatus = (typeof MACHINE_STATUSES)[number];

export const STATUS_CODES: Readonly<Record<MachineStatus, number>> = Object.fromEntries(
  MACHINE_STATUSES.map((status, code) => [status, code]),
) as Record<MachineStatus, number>;

/** What the guest itself does, its migrations apart. */
export type GuestState = "runs" | "still" | "hung" | "starts" | "queued" | "down";

export const GUEST_STATES: readonly GuestState[] = ["runs", "still", "hung", "starts", "queued", "down"];

/** A machine on its way is on its way, whether its guest runs or stands still; one that only waits for that is shown as it is where it does not run. */
export function statusOf(guest: GuestState, underWay: boolean, waits: boolean): MachineStatus {
  if (underWay) return "moving";
  return guest === "runs" && waits ? "waits" : guest;
}
