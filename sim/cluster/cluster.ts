/** The nodes, the virtual machines placed on them, and what stands in the way of moving one. */
import { formatBytes } from "../kernel/units.ts";
import { Move } from "./move.ts";
import { ClusterNode, type ClusterNodeOptions, type CpuVendor } from "./node.ts";
import { VirtualMachine, type VirtualMachineOptions } from "./virtual-machine.ts";

const VENDOR_NAMES: Readonly<Record<CpuVendor, string>> = { intel: "Intel", amd: "AMD" };

export class Cluster {
  readonly #nodes = new Map<string, ClusterNode>();
  readonly #vms = new Map<string, VirtualMachine>();
  readonly #moves = new Map<VirtualMachine, Move>();

  /** Nodes in the order in which they were added. */
  get nodes(): Iterable<ClusterNode> {
    return this.#nodes.values();
  }

  /** Virtual machines in the order in which they were added. */
  get vms(): Iterable<VirtualMachine> {
    return this.#vms.values();
  }

  addNode(options: ClusterNodeOptions): ClusterNode {
    if (this.#nodes.has(options.name)) throw new Error(`there is a node ${options.name} already`);
    const node = new ClusterNode(options);
    this.#nodes.set(node.name, node);
    return node;
  }

  /** Adds a virtual machine that runs at a node; one that does not fit there is a bug of the caller. */
  addVm(options: VirtualMachineOptions, node: string): VirtualMachine {
    if (this.#vms.has(options.name)) throw new Error(`there is a virtual machine ${options.name} already`);
    const vm = new VirtualMachine(options, this.node(node));
    vm.node.commit(vm.memoryBytes);
    this.#vms.set(vm.name, vm);
    return vm;
  }

  /** The node of this name; asking for one that is not there is a bug of the caller. */
  node(name: string): ClusterNode {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`there is no node ${name}`);
    return node;
  }

  /** The virtual machine of this name; asking for one that is not there is a bug of the caller. */
  vm(name: string): VirtualMachine {
    const vm = this.#vms.get(name);
    if (vm === undefined) throw new Error(`there is no virtual machine ${name}`);
    return vm;
  }

  /** Why a running virtual machine cannot be live-migrated to this node now, a sentence for users; null where it can. */
  whyNotMove(vmName: string, toName: string): string | null {
    const vm = this.#vms.get(vmName);
    if (vm === undefined) return `There is no virtual machine ${vmName}.`;
    const to = this.#nodes.get(toName);
    if (to === undefined) return `There is no node ${toName}.`;
    const move = this.#moves.get(vm);
    if (move !== undefined) return `${vm.name} is being moved to ${move.to.name} already.`;
    if (!vm.running) return `${vm.name} does not run.`;
    if (to === vm.node) return `${vm.name} is on ${to.name} already.`;
    return whyNotFit(vm, to) ?? this.#whyNotHandOver(vm) ?? whyNoRoom(vm, to);
  }

  /** Begins a move: holds the target's memory until it is over. Only where `whyNotMove` has no objection. */
  beginMove(vmName: string, toName: string): Move {
    const objection = this.whyNotMove(vmName, toName);
    if (objection !== null) throw new Error(objection);
    const vm = this.vm(vmName);
    const move = new Move(vm, this.node(toName), () => this.#moves.delete(vm));
    this.#moves.set(vm, move);
    return move;
  }

  /** A LUN goes to another node as a whole: no other running guest may have a disk on it. */
  #whyNotHandOver(vm: VirtualMachine): string | null {
    for (const volume of vm.disks) {
      if (volume.kind !== "lun") continue;
      for (const other of this.#vms.values()) {
        if (other === vm || !other.running || !other.disks.includes(volume)) continue;
        return `${volume.name} would leave ${vm.node.name} with ${vm.name}, and ${other.name} has a disk on it too.`;
      }
    }
    return null;
  }
}

function whyNotFit(vm: VirtualMachine, to: ClusterNode): string | null {
  const from = vm.node;
  if (from.cpuVendor !== to.cpuVendor) {
    return (
      `${vm.name} runs on ${VENDOR_NAMES[from.cpuVendor]} processors and ${to.name} has those of ` +
      `${VENDOR_NAMES[to.cpuVendor]}: a running guest cannot change the vendor.`
    );
  }
  if (from.systemDrive !== to.systemDrive && vm.disks.some((volume) => volume.kind === "csv")) {
    return (
      `${from.name} has system drive ${from.systemDrive} and ${to.name} has ${to.systemDrive}: the paths of ` +
      `${vm.name}'s disks on cluster shared volumes would change.`
    );
  }
  return null;
}

function whyNoRoom(vm: VirtualMachine, to: ClusterNode): string | null {
  if (vm.memoryBytes <= to.freeBytes) return null;
  return (
    `${vm.name} needs ${formatBytes(vm.memoryBytes)} and ${to.name} has ${formatBytes(to.freeBytes)} free of ` +
    `${formatBytes(to.memoryBytes)}.`
  );
}
