/** A scenario's volumes in the world: who reaches them how, what guests read and write, and what happens when room runs out. */
import { GuestIo } from "../cluster/guest-io.ts";
import type { VmObserver } from "../cluster/virtual-machine.ts";
import type { EventHandler } from "../kernel/simulation.ts";
import type { PathCuts } from "../network/path-cuts.ts";
import type { Scenario, ScenarioVm, ScenarioVolume } from "../scenario/scenario.ts";
import { isStorageEntry, type StorageTimelineEntry } from "../scenario/storage.ts";
import { grows, throughputShare } from "../storage/disk-kinds.ts";
import { VolumeAccess } from "../storage/volume-access.ts";
import { VolumeSpace } from "../storage/volume-space.ts";
import type { StorageResult } from "../trace/storage-result.ts";
import { type GuestDisk, GuestDisks } from "./guest-disks.ts";
import { joinedIo } from "./joined-io.ts";
import type { VolumeBalancing } from "./volume-balancing.ts";
import type { Guest, World } from "./world.ts";

export class Storage {
  private readonly world: World;
  private readonly scenario: Scenario;
  private readonly warnings: string[];
  private readonly accesses = new Map<string, VolumeAccess>();
  private readonly spaces = new Map<string, VolumeSpace>();
  /** Those that have ended with a change of their machine's disks are there too. */
  private readonly io: GuestIo[] = [];
  private readonly frozen = new Set<string>();
  /** What each machine has now. */
  readonly disks: GuestDisks;
  /** Null where owners stay where they are until something takes them away. */
  private balancing: VolumeBalancing | null = null;

  /** Guests begin to read and write; a warning is added to `warnings` where something cannot be done. */
  constructor(world: World, scenario: Scenario, warnings: string[]) {
    this.world = world;
    this.scenario = scenario;
    this.warnings = warnings;
    this.disks = new GuestDisks(world);
    const { simulation, recorder, environment: parameters } = world;
    for (const { name: volume, freeBytes } of scenario.volumes) {
      if (freeBytes === undefined) continue;
      const onCritical = () => this.pauseMachinesOn(volume);
      this.spaces.set(volume, new VolumeSpace({ simulation, recorder, volume, freeBytes, parameters, onCritical }));
    }
    for (const vm of scenario.vms) if (vm.io !== undefined) this.addIo(vm, vm.io);
  }

  /** From now on the cluster spreads its shared volumes over its nodes. */
  balanceBy(balancing: VolumeBalancing): void {
    this.balancing = balancing;
  }

  /** How nodes reach each shared volume, in the scenario's order. */
  sharedVolumes(): VolumeAccess[] {
    return this.scenario.volumes.filter(({ kind }) => kind === "csv").map(({ name }) => this.access(name));
  }

  /** How nodes reach this volume; the scenario was checked, so asking for one that is not there is a bug. */
  access(name: string): VolumeAccess {
    let access = this.accesses.get(name);
    if (access === undefined) {
      const { simulation, recorder, environment } = this.world;
      const { reachedBy } = this.scenario.volumes.find((volume) => volume.name === name) as ScenarioVolume;
      const nodes = this.scenario.nodes.map((node) => node.name);
      const withoutPath = reachedBy === undefined ? [] : nodes.filter((node) => !reachedBy.includes(node));
      const { ownerMoveSeconds } = environment;
      const volume = this.world.volume(name);
      const chooseOwner = (able: readonly string[]) => this.balancing?.chooseOwner(able) ?? (able[0] as string);
      access = new VolumeAccess({ simulation, recorder, volume, nodes, withoutPath, ownerMoveSeconds, chooseOwner });
      this.accesses.set(name, access);
    }
    return access;
  }

  /** A node is dead: metadata of the volumes that it coordinates waits until they have other coordinators. */
  nodeFailed(node: string, noticedSeconds: number | null): void {
    for (const { name } of this.scenario.volumes) this.access(name).nodeFailed(node, noticedSeconds);
  }

  /** The cluster knows of it: those volumes find other coordinators. */
  nodeDeclaredDown(node: string): void {
    for (const { name } of this.scenario.volumes) this.access(name).nodeDeclaredDown(node);
  }

  /** A machine's writes to all its volumes wait from now on, or go on. */
  freezeWrites(vm: string, isFrozen: boolean): void {
    if (isFrozen) this.frozen.add(vm);
    else this.frozen.delete(vm);
    for (const io of this.io) if (io.options.machine.name === vm) io.freezeWrites(isFrozen);
  }

  /** A running machine has these disks from now on, over which its I/O is spread anew. */
  changeDisks(vm: ScenarioVm, disks: readonly GuestDisk[]): void {
    this.disks.change(vm, disks);
    if (vm.io === undefined) return;
    for (const io of this.io) if (io.options.machine.name === vm.name) io.retire();
    this.addIo(vm, vm.io);
    if (this.frozen.has(vm.name)) this.freezeWrites(vm.name, true);
  }

  nodeIsBack(node: string): void {
    for (const { name } of this.scenario.volumes) this.access(name).nodeIsBack(node);
    this.balancing?.request();
  }

  /** Metadata and redirected I/O go over the cluster network: what is cut of it is lost to them. */
  followCuts(cuts: PathCuts): void {
    cuts.watch({
      onCutsChanged: () => {
        for (const { name, kind } of this.scenario.volumes) if (kind === "csv") this.access(name).pathsChanged(cuts);
      },
    });
  }

  schedule(entry: StorageTimelineEntry): void {
    const command: EventHandler = { onEvent: () => this.carryOut(entry) };
    this.world.simulation.schedule(entry.atSeconds, command, 0);
  }

  /** At the run's end; nothing where the scenario has neither disk I/O nor anything that happens to a volume. */
  result(endSeconds: number): { storage?: StorageResult } {
    const { scenario } = this;
    if (this.accesses.size === 0 && !scenario.timeline.some(isStorageEntry)) return {};
    const io = this.io.map((each) => ({ each, result: each.result(endSeconds) }));
    const shared = scenario.volumes.filter(({ kind }) => kind === "csv");
    const volumes = scenario.volumes.map((volume) => {
      const { name, kind } = volume;
      const own = io.filter(({ result }) => result.volume === name);
      const sum = (of: (one: (typeof own)[number]) => number) => own.reduce((total, one) => total + of(one), 0);
      const access = this.accesses.get(name);
      const space = this.spaces.get(name);
      const drive = scenario.nodes[0]?.systemDrive ?? "C:";
      return {
        volume: name,
        path: kind === "csv" ? `${drive}\\ClusterStorage\\Volume${shared.indexOf(volume) + 1}` : null,
        coordinator: this.world.volume(name).coordinator,
        ownerChanges: access?.ownerChanges ?? 0,
        withoutCoordinatorSeconds: access?.withoutCoordinatorSeconds(endSeconds) ?? 0,
        askedBytes: sum(({ result }) => result.askedBytes),
        readBytes: sum(({ result }) => result.readBytes),
        writtenBytes: sum(({ result }) => result.writtenBytes),
        redirectedBytes: sum(({ each }) => each.redirectedBytes),
        ...(space === undefined ? {} : { freeBytes: space.freeBytesAt(endSeconds) }),
      };
    });
    return { storage: { volumes, io: joinedIo(io.map(({ result }) => result)) } };
  }

  private carryOut(entry: StorageTimelineEntry): void {
    if (entry.kind === "moveOwner") {
      const access = this.access(entry.volume);
      const objection = access.whyNotOwner(entry.to);
      if (objection === null) access.moveOwner(entry.to, "timeline");
      else this.warnings.push(`${entry.volume} could not be moved at ${entry.atSeconds} s: ${objection}`);
      return;
    }
    const names = entry.volume === undefined ? this.scenario.volumes.map(({ name }) => name) : [entry.volume];
    for (const name of names) {
      if (entry.kind === "losePath") this.access(name).losePath(entry.node, entry.path);
      else this.access(name).restorePath(entry.node, entry.path);
    }
  }

  /** What a machine does is spread evenly over its disks. */
  private addIo(vm: ScenarioVm, io: NonNullable<ScenarioVm["io"]>): void {
    const { world } = this;
    const disks = this.disks.of(vm);
    const kinds = disks.map(({ kind }) => kind);
    const growing = kinds.filter(grows).length;
    for (const volume of new Set(disks.map((disk) => disk.volume))) {
      const own = kinds.filter((_, index) => disks[index]?.volume === volume);
      const share = own.length / kinds.length;
      const growBytesPerSecond = growing === 0 ? 0 : (io.growBytesPerSecond * own.filter(grows).length) / growing;
      const writeBytesPerSecond = io.writeBytesPerSecond * share;
      const space = this.spaces.get(volume);
      const through = own.reduce((sum, kind) => sum + throughputShare(kind, world.environment), 0) / own.length;
      const access = this.access(volume);
      const source = {};
      this.io.push(
        new GuestIo({
          simulation: world.simulation,
          recorder: world.recorder,
          machine: world.guest(vm.name).machine,
          access,
          sharing: world.sharing,
          readBytesPerSecond: io.readBytesPerSecond * share,
          writeBytesPerSecond,
          capBytesPerSecond: through * access.volume.port.capacityBytesPerSecond,
          extendsFiles: growBytesPerSecond > 0,
          portsBetween: (from, to) => world.paths.clusterPorts(from, to),
          onWriteRate: (rate) => {
            if (growBytesPerSecond > 0) space?.setGrowth(source, (growBytesPerSecond * rate) / writeBytesPerSecond);
          },
        }),
      );
    }
  }

  /** They stand still from now on, those that stand in a blackout as soon as they run; what migrates stays where it is. */
  private pauseMachinesOn(volume: string): void {
    const reason = `${volume} has no room left, and the machines on it are paused.`;
    for (const vm of this.scenario.vms) {
      const { name } = vm;
      if (!this.disks.of(vm).some((disk) => disk.volume === volume)) continue;
      for (const run of this.world.runs.open) if (run.vm === name) run.cancel("failed", reason);
      const guest = this.world.guest(name);
      if (guest.machine.running) pause(this.world, guest);
      else guest.machine.observe(new PauseAtStart(this.world, guest));
    }
    this.warnings.push(
      `At ${this.world.simulation.now} s ${volume} had no room left: the machines with a disk there were paused for the rest of the run.`,
    );
  }
}

function pause(world: World, guest: Guest): void {
  guest.activity.standStill(world.simulation.now);
  guest.announcement?.stop();
  guest.machine.stop();
}

/** Pauses a machine that comes out of its blackout. */
class PauseAtStart implements VmObserver, EventHandler {
  private readonly world: World;
  private readonly guest: Guest;

  constructor(world: World, guest: Guest) {
    this.world = world;
    this.guest = guest;
  }

  onVmStopped(): void {}

  /** Not while others are being told that it runs. */
  onVmStarted(): void {
    this.world.simulation.schedule(this.world.simulation.now, this, 0, 1);
  }

  onEvent(): void {
    if (this.guest.machine.running) pause(this.world, this.guest);
  }
}
