/** What can be observed of virtual machines as such: where they run, and with how much. */

export type MachineEventBody =
  | { type: "vm.stopped"; vm: string; node: string }
  | { type: "vm.started"; vm: string; node: string }
  /** The guest is denied this share of its processor time from now on, 0 to 1; 0 lets it run freely again. */
  | { type: "vm.throttled"; vm: string; node: string; deniedShare: number }
  /** Dynamic memory: the machine has so much from now on, and should have `wantedBytes`. */
  | { type: "vm.memoryAssigned"; vm: string; node: string; bytes: number; wantedBytes: number };
