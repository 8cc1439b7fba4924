/** The nodes, the virtual machines placed on them, and what stands in the way of moving one. */
import { formatBytes } from "../kernel/units.ts";
import { lunGroupOf } from "../storage/lun-groups.ts";
import type { Volume } from "../storage/volume.ts";
import { differInHypervisor, hypervisorOf } from "./hypervisor.ts";
import { Move } from "./move.ts";
import { ClusterNode, type ClusterNodeOptions, type CpuVendor } from "./node.ts";
import { differInGeneration } from "./processor-compatibility.ts";
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
    vm.node.commit(vm.assignedBytes);
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

  /**
   * Why a running virtual machine cannot be live-migrated to this node now, a sentence for users; null where it can.
   *
   * @param isSqueezed Its memory is taken to its least before it moves.
   */
  whyNotMove(vmName: string, toName: string, isSqueezed = false): string | null {
    const vm = this.#vms.get(vmName);
    if (vm === undefined) return `There is no virtual machine ${vmName}.`;
    const to = this.#nodes.get(toName);
    if (to === undefined) return `There is no node ${toName}.`;
    const move = this.#moves.get(vm);
    if (move !== undefined) return `${vm.name} is being moved to ${move.to.name} already.`;
    if (!vm.node.isUp) return `${vm.node.name}, where ${vm.name} is, is down.`;
    if (vm.lockedBy !== null) return `${vm.name} ${vm.lockedBy}.`;
    if (!vm.running) return `${vm.name} does not run.`;
    if (to === vm.node) return `${vm.name} is on ${to.name} already.`;
    return whyNotFit(vm, to) ?? this.#whyNotHandOver(vm) ?? whyNoRoom(vm, to, isSqueezed);
  }

  isMoving(vm: VirtualMachine): boolean {
    return this.#moves.has(vm);
  }

  /** Why a machine could not run on this node whatever room there is, a sentence for users; null where it could. */
  whyUnsuitable(vm: VirtualMachine, to: ClusterNode): string | null {
    return whyNotFit(vm, to) ?? this.#whyNotHandOver(vm);
  }

  /**
   * Why a machine that is off could not be started on this node whatever room there is, a sentence; null where it could. Its
   * processors may be others than before: it boots.
   */
  whyNotStart(vm: VirtualMachine, on: ClusterNode): string | null {
    if (on.whyClosed !== null) return `${on.whyClosed}.`;
    const objection = whyNotOwner(vm, on) ?? whyNotReached(vm, on);
    if (objection !== null) return objection;
    for (const volume of vm.disks) {
      if (volume.kind !== "lun") continue;
      for (const other of this.#vms.values()) {
        if (other === vm || !other.running || other.node === on || !other.disks.includes(volume)) continue;
        return `${volume.name} is mounted on ${other.node.name}, where ${other.name} runs from it.`;
      }
    }
    return null;
  }

  /** A machine that is off belongs to another node from now on, where it fits; one that is being moved is a bug of the caller. */
  relocate(vm: VirtualMachine, to: ClusterNode): void {
    if (this.#moves.has(vm)) throw new Error(`${vm.name} is being moved`);
    if (vm.node === to) return;
    vm.follower?.hold();
    to.commit(vm.assignedBytes);
    vm.node.release(vm.assignedBytes);
    vm.place(to);
    vm.follower?.follow();
  }

  /** Begins a move: holds the target's memory until it is over. Only where `whyNotMove` has no objection. */
  beginMove(vmName: string, toName: string): Move {
    const objection = this.whyNotMove(vmName, toName);
    if (objection !== null) throw new Error(objection);
    const vm = this.vm(vmName);
    return new Move(vm, this.node(toName), this.#moves);
  }

  /** The machines that a quick migration of this one moves: itself first, then those that share a LUN with it. */
  lunGroup(vmName: string): VirtualMachine[] {
    return lunGroupOf<Volume, VirtualMachine>(this.vm(vmName), this.#vms.values(), ({ kind }) => kind === "lun");
  }

  /** Why the machine and those that share a LUN with it cannot be moved together by quick migration now; null where they can. */
  whyNotMoveGroup(vmName: string, toName: string): string | null {
    const to = this.#nodes.get(toName);
    if (!this.#vms.has(vmName) || to === undefined) return this.whyNotMove(vmName, toName);
    const group = this.lunGroup(vmName);
    const named = group[0] as VirtualMachine;
    let bytes = 0;
    for (const vm of group) {
      const move = this.#moves.get(vm);
      if (move !== undefined) return `${vm.name} is being moved to ${move.to.name} already.`;
      if (!vm.node.isUp) return `${vm.node.name}, where ${vm.name} is, is down.`;
      if (vm.lockedBy !== null) return `${vm.name} ${vm.lockedBy}.`;
      if (!vm.running) return `${vm.name} does not run.`;
      if (vm.node !== named.node) {
        return `${vm.name} shares a LUN with ${named.name} and is on ${vm.node.name}, not on ${named.node.name}.`;
      }
      if (vm.node === to) return `${vm.name} is on ${to.name} already.`;
      const objection = whyNotFit(vm, to);
      if (objection !== null) return objection;
      bytes += vm.assignedBytes;
    }
    if (group.length === 1) return whyNoRoom(named, to);
    if (bytes <= to.freeBytes) return null;
    return (
      `${group.map(({ name }) => name).join(", ")} move together and need ${formatBytes(bytes)}; ${to.name} has ` +
      `${formatBytes(to.freeBytes)} free of ${formatBytes(to.memoryBytes)}.`
    );
  }

  /** Begins the move of a group, the named machine's first. Only where `whyNotMoveGroup` has no objection. */
  beginGroupMove(vmName: string, toName: string): Move[] {
    const objection = this.whyNotMoveGroup(vmName, toName);
    if (objection !== null) throw new Error(objection);
    return this.lunGroup(vmName).map((vm) => new Move(vm, this.node(toName), this.#moves));
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
  if (!to.isUp) return `${to.name} is down.`;
  if (!to.takesMachines) return `${to.whyClosed} and takes no machines.`;
  const notOwner = whyNotOwner(vm, to);
  if (notOwner !== null) return notOwner;
  if (differInHypervisor(from.platform, to.platform)) {
    return (
      `${vm.name} runs under ${hypervisorOf(from.platform)} and ${to.name} has ${hypervisorOf(to.platform)}: a running ` +
      "guest cannot change its hypervisor."
    );
  }
  if (from.cpuVendor !== to.cpuVendor) {
    return (
      `${vm.name} runs on ${VENDOR_NAMES[from.cpuVendor]} processors and ${to.name} has those of ` +
      `${VENDOR_NAMES[to.cpuVendor]}: a running guest cannot change the vendor.`
    );
  }
  if (!vm.processorCompatibility && differInGeneration(from, to)) {
    return (
      `${vm.name} runs on ${from.cpuGeneration} processors and ${to.name} has ${to.cpuGeneration}: only a guest in ` +
      "processor compatibility mode, which is set while it is off, moves between generations."
    );
  }
  return whyNotReached(vm, to);
}

/** Its disks could not be found from there. */
function whyNotReached(vm: VirtualMachine, to: ClusterNode): string | null {
  const apart = vm.disks.find(({ reachedBy }) => reachedBy !== null && !reachedBy.includes(to.name));
  if (apart !== undefined) return `${to.name} has no path to ${apart.name}, which would move there with ${vm.name}.`;
  const { node: from } = vm;
  if (from.systemDrive === to.systemDrive || !vm.disks.some((volume) => volume.kind === "csv")) return null;
  return (
    `${from.name} has system drive ${from.systemDrive} and ${to.name} has ${to.systemDrive}: the paths of ` +
    `${vm.name}'s disks on cluster shared volumes would change.`
  );
}

function whyNotOwner({ name, possibleOwners }: VirtualMachine, node: ClusterNode): string | null {
  if (possibleOwners === null || possibleOwners.includes(node.name)) return null;
  return `${node.name} is none of the possible owners of ${name}.`;
}

function whyNoRoom(vm: VirtualMachine, to: ClusterNode, isSqueezed = false): string | null {
  const bytes = isSqueezed ? (vm.follower?.squeezedBytes ?? vm.assignedBytes) : vm.assignedBytes;
  if (bytes <= to.freeBytes) return null;
  return (
    `${vm.name} needs ${formatBytes(bytes)} and ${to.name} has ${formatBytes(to.freeBytes)} free of ` +
    `${formatBytes(to.memoryBytes)}.`
  );
}
