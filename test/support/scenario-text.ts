/** A small scenario file, for tests that spoil or vary a line of it. */
export const SMALL_SCENARIO = `schemaVersion: 1
name: a small guest moves
seed: 1
horizon: 10 min
environment: qemu-kvm-hosts
nodes:
  - {name: HV01, memory: 8 GiB}
  - {name: HV02, memory: 8 GiB}
networks:
  - {name: lan, bandwidth: 1 Gbit/s, carries: [migration, cluster, client]}
volumes:
  - {name: Volume1, kind: csv, coordinator: HV01}
vms:
  - name: vm1
    node: HV01
    memory: 1 GiB
    used: 50 %
    workload: {classes: [{name: hot, pages: 10k, rate: 1k pages/s}]}
    disks: [Volume1]
    clients: [{name: desk, interval: 1 s}]
timeline:
  - at: 1 s
    migrate: {vm: vm1, to: HV02, profile: qemu-7.2}
`;

/** The scenario with one text in it replaced; the text must be there. */
export function spoil(before: string, after: string): string {
  if (!SMALL_SCENARIO.includes(before)) throw new Error(`the small scenario has no ${before}`);
  return SMALL_SCENARIO.replace(before, after);
}
