import { describe, expect, it } from "vitest";
import { resolveParameters } from "../../sim/kernel/parameter.ts";
import { Simulation } from "../../sim/kernel/simulation.ts";
import { CLUSTER_SHARED_VOLUME_PARAMETERS, ClusterSharedVolume } from "../../sim/storage/cluster-shared-volume.ts";
import { LUN_PARAMETERS, Lun } from "../../sim/storage/lun.ts";
import { StorageHandOver } from "../../sim/storage/storage-hand-over.ts";
import type { Volume } from "../../sim/storage/volume.ts";
import { silentRecorder } from "../../sim/trace/recorder.ts";
import { at, KeepingRecorder } from "../support/kept-events.ts";

const csvParameters = resolveParameters(CLUSTER_SHARED_VOLUME_PARAMETERS, {
  smbMetadataSeconds: 0.004,
  localMetadataSeconds: 0.001,
});
const lunParameters = resolveParameters(LUN_PARAMETERS, { lunMoveSeconds: 2.5 });

function csv(name: string, coordinator: string): ClusterSharedVolume {
  return new ClusterSharedVolume({ name, coordinator, parameters: csvParameters, latencySeconds: 0.0005 });
}

function lun(name: string, owner: string): Lun {
  return new Lun({ name, owner, parameters: lunParameters });
}

/** Hands web01's disks from HV01 to HV02 at 10 s. */
function handOver(disks: readonly Volume[], traced = true) {
  const simulation = new Simulation("1");
  const recorder = new KeepingRecorder();
  const done: number[] = [];
  let eventsWhenDone = -1;
  const run = new StorageHandOver({
    simulation,
    recorder: traced ? recorder : silentRecorder,
    vm: "web01",
    from: "HV01",
    to: "HV02",
    disks,
  });
  at(simulation, 10, () => {
    const seconds = run.start();
    // As a migration does: what it schedules at the end must find everything done.
    at(simulation, simulation.now + seconds, () => {
      done.push(simulation.now);
      eventsWhenDone = recorder.events.length;
    });
  });
  return { simulation, recorder, done, run, eventsWhenDone: () => eventsWhenDone };
}

describe("handing over a cluster shared volume", () => {
  it.each([
    ["the source", "HV01", 0.001, 0.005],
    ["the target", "HV02", 0.005, 0.001],
    ["a third node", "HV03", 0.005, 0.005],
  ])("closes and opens with a round trip unless the node coordinates: %s does", (_who, coordinator, close, open) => {
    const { simulation, recorder, done, run } = handOver([csv("Volume1", coordinator)]);
    simulation.run(60);
    expect(run.seconds).toBeCloseTo(close + open, 12);
    expect(done.length).toBe(1);
    expect(done[0]).toBeCloseTo(10 + close + open, 9);
    const about = { volume: "Volume1", vm: "web01", coordinator };
    expect(recorder.events).toEqual([
      { t: 10, type: "csv.metadataSent", ...about, node: "HV01", operation: "close-handle", seconds: close },
      { t: 10 + close, type: "csv.metadataSent", ...about, node: "HV02", operation: "open-handle", seconds: open },
      { t: done[0], type: "csv.handedOver", ...about, from: "HV01", to: "HV02" },
    ]);
  });

  it("leaves the coordinator where it is", () => {
    const volume = csv("Volume1", "HV01");
    handOver([volume]).simulation.run(60);
    expect(volume.coordinator).toBe("HV01");
  });

  it("opens every disk of a volume before the next volume's turn", () => {
    const [one, two] = [csv("Volume1", "HV01"), csv("Volume2", "HV02")];
    const { simulation, recorder, run } = handOver([one, two, one]);
    simulation.run(60);
    expect(run.seconds).toBeCloseTo(3 * 0.006, 12);
    expect(recorder.events.map((event) => [event.type, "volume" in event ? event.volume : ""])).toEqual([
      ...new Array(4).fill(["csv.metadataSent", "Volume1"]),
      ["csv.handedOver", "Volume1"],
      ...new Array(2).fill(["csv.metadataSent", "Volume2"]),
      ["csv.handedOver", "Volume2"],
    ]);
  });
});

describe("handing over a LUN", () => {
  it("moves its ownership once, however many disks it holds", () => {
    const volume = lun("LUN7", "HV01");
    const { simulation, recorder, done } = handOver([volume, volume]);
    simulation.run(60);
    expect(done).toEqual([12.5]);
    expect(volume.coordinator).toBe("HV02");
    expect(recorder.events).toEqual([
      { t: 12.5, type: "lun.ownerChanged", volume: "LUN7", vm: "web01", from: "HV01", to: "HV02", seconds: 2.5 },
    ]);
  });

  it("takes no time where the target owns it already", () => {
    const { simulation, recorder, done } = handOver([lun("LUN7", "HV02")]);
    simulation.run(60);
    expect(done).toEqual([10]);
    expect(recorder.events).toEqual([]);
  });
});

describe("a hand-over", () => {
  it("takes no time without disks", () => {
    const { simulation, done, run } = handOver([]);
    simulation.run(60);
    expect(run.seconds).toBe(0);
    expect(done).toEqual([10]);
  });

  it("takes the same time untraced", () => {
    const disks = () => [csv("Volume1", "HV03"), lun("LUN7", "HV01"), csv("Volume2", "HV01")];
    const traced = handOver(disks());
    const untraced = handOver(disks(), false);
    traced.simulation.run(60);
    untraced.simulation.run(60);
    expect(untraced.done).toEqual(traced.done);
    expect(traced.done[0]).toBeCloseTo(10 + traced.run.seconds, 9);
  });

  it("is over, to the last event, when its time is", () => {
    for (const coordinator of ["HV01", "HV02", "HV03"]) {
      const disks = [csv("Volume1", coordinator), lun("LUN7", "HV01"), csv("Volume2", coordinator)];
      const { simulation, recorder, eventsWhenDone } = handOver([...disks, ...disks]);
      simulation.run(60);
      expect(recorder.events.length).toBe(11);
      expect(eventsWhenDone()).toBe(11);
    }
  });
});
