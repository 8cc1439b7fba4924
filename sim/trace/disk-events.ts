/** What can be observed of disks that come and go while their machines run. */

export type DiskEventBody =
  /** A running machine has another disk; `hosts` is its node's platform, or else the hosts' environment. */
  | {
      type: "disk.attached";
      vm: string;
      volume: string;
      node: string;
      kind: "fixed" | "dynamic" | "differencing" | "pass-through";
      hosts: string;
    }
  | { type: "disk.detached"; vm: string; volume: string; node: string; hosts: string };
