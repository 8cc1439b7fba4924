/** A move under way: the target's memory is held for the virtual machine until it has arrived or the move is given up. */
import type { ClusterNode } from "./node.ts";
import type { VirtualMachine } from "./virtual-machine.ts";

export class Move {
  readonly vm: VirtualMachine;
  readonly from: ClusterNode;
  readonly to: ClusterNode;
  /** All moves under way; this one takes itself out. */
  readonly #underWay: Map<VirtualMachine, Move>;
  #over = false;
  #ahead = false;

  /** For Cluster: takes the target's memory, and is one of the moves under way until it is over either way. */
  constructor(vm: VirtualMachine, to: ClusterNode, underWay: Map<VirtualMachine, Move>) {
    this.vm = vm;
    this.from = vm.node;
    this.to = to;
    this.#underWay = underWay;
    underWay.set(vm, this);
    vm.isMoving = true;
    vm.follower?.hold();
    to.commit(vm.assignedBytes);
  }

  /** The virtual machine, standing still, is at the target now; the source's memory is free. */
  arrive(): void {
    this.#end();
    if (!this.#ahead) this.vm.place(this.to);
    this.from.release(this.vm.assignedBytes);
    this.vm.follower?.follow();
  }

  /** The virtual machine, standing still, is at the target now, and some of its memory at the source still. */
  goAhead(): void {
    this.vm.place(this.to);
    this.#ahead = true;
  }

  /** The virtual machine stays where it is; the target's memory is free. */
  giveUp(): void {
    if (this.#ahead) throw new Error(`${this.vm.name} is at ${this.to.name} already`);
    this.#end();
    this.to.release(this.vm.assignedBytes);
    this.vm.follower?.follow();
  }

  #end(): void {
    if (this.#over) throw new Error(`the move of ${this.vm.name} to ${this.to.name} is over already`);
    this.#over = true;
    this.vm.isMoving = false;
    this.#underWay.delete(this.vm);
  }
}
