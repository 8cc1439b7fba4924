/** Clusters that cannot be: each is refused before anything runs, with its place and what to do. */
import { describe, expect, it } from "vitest";
import { simulate } from "../../sim/index.ts";
import { type StorageDocument, storageProblems, storageScenario } from "../support/storage-scenario.ts";

type Case = [
  name: string,
  changes: Partial<StorageDocument>,
  path: (string | number)[],
  problem: RegExp,
  remedy: RegExp,
];

const vm = (name: string, node: string, changes: object = {}) => ({
  name,
  node,
  memory: "2 GiB",
  disks: ["V"],
  ...changes,
});
const csv = (changes: object = {}) => ({ name: "V", coordinator: "HV01", ...changes });
const lun = (name: string, changes: object = {}) => ({ name, kind: "lun", owner: "HV01", ...changes });
const passThrough = (volume: string) => ({ disks: [{ volume, kind: "pass-through" }] });
const move = (changes: object = {}) => ({
  at: 1,
  migrate: { vm: "a", to: "HV02", profile: "hyper-v-2008r2", ...changes },
});

const good: StorageDocument = { volumes: [csv()], vms: [vm("a", "HV01")], timeline: [move()] };

const cases: Case[] = [
  [
    "a coordinator that is no node",
    { volumes: [csv({ coordinator: "HV09" })] },
    ["volumes", 0, "coordinator"],
    /no node "HV09"/,
    /HV01/,
  ],
  [
    "a LUN's owner that is no node",
    { volumes: [lun("V", { owner: "HV09" })] },
    ["volumes", 0, "owner"],
    /no node "HV09"/,
    /HV01/,
  ],
  [
    "a possible owner that is no node",
    { vms: [vm("a", "HV01", { possibleOwners: ["HV01", "HV09"] })] },
    ["vms", 0, "possibleOwners", 1],
    /no node "HV09"/,
    /HV01/,
  ],
  [
    "a next owner that is no node",
    { timeline: [{ at: 1, moveOwner: { volume: "V", to: "HV09" } }] },
    ["timeline", 0, "moveOwner", "to"],
    /no node "HV09"/,
    /HV01/,
  ],
  [
    "a LUN shared by groups on two nodes",
    { volumes: [lun("V")], vms: [vm("a", "HV01"), vm("b", "HV02")], timeline: [] },
    ["vms", 1, "disks", 0],
    /LUN "V" is owned by "HV01"/,
    /LUN of its own/,
  ],
  [
    "a LUN shared by two machines of which one is to move alone",
    { volumes: [lun("V")], vms: [vm("a", "HV01"), vm("b", "HV01")] },
    ["timeline", 0, "migrate", "vm"],
    /cannot move alone/,
    /mode: quick/,
  ],
  [
    "one LUN as pass-through disk of two machines",
    { volumes: [lun("V")], vms: [vm("a", "HV01", passThrough("V")), vm("b", "HV01", passThrough("V"))], timeline: [] },
    ["vms", 1, "disks", 0],
    /pass-through disk of "b", and a disk of "a"/,
    /LUN of its own/,
  ],
  [
    "files on a LUN that is a pass-through disk",
    { volumes: [lun("V")], vms: [vm("a", "HV01", passThrough("V")), vm("b", "HV01")], timeline: [] },
    ["vms", 1, "disks", 0],
    /pass-through disk of "a", and a disk of "b"/,
    /LUN of its own/,
  ],
  [
    "a pass-through disk on a cluster shared volume",
    { vms: [vm("a", "HV01", passThrough("V"))] },
    ["vms", 0, "disks", 0],
    /holds files only/,
    /put it on a lun/,
  ],
  [
    "a coordinator without path",
    { volumes: [csv({ reachedBy: ["HV02", "HV03"] })] },
    ["volumes", 0, "coordinator"],
    /"HV01" has no path to volume "V"/,
    /one of HV02, HV03/,
  ],
  [
    "a next coordinator without path",
    {
      volumes: [csv({ reachedBy: ["HV01", "HV02"] })],
      timeline: [{ at: 1, moveOwner: { volume: "V", to: "HV03" } }],
    },
    ["timeline", 0, "moveOwner", "to"],
    /"HV03" has no path/,
    /one of HV01, HV02/,
  ],
  [
    "a LUN that would follow its machine to a node without path",
    { volumes: [lun("V", { reachedBy: ["HV01", "HV03"] })] },
    ["timeline", 0, "migrate", "to"],
    /"HV02", which has no path to LUN "V"/,
    /one of HV01, HV03/,
  ],
  [
    "a LUN of the group without path to where the group goes",
    {
      volumes: [lun("V"), lun("W", { reachedBy: ["HV01"] })],
      vms: [vm("a", "HV01"), vm("b", "HV01", { disks: ["V", "W"] })],
      timeline: [move({ mode: "quick" })],
    },
    ["timeline", 0, "migrate", "to"],
    /no path to LUN "W" of its group/,
    /one of HV01/,
  ],
  [
    "a placement that no node can give",
    {
      nodes: [
        { name: "HV01", memory: "64 GiB" },
        { name: "HV02", memory: "1 GiB" },
      ],
      timeline: [{ at: 1, drain: { node: "HV01", profile: "hyper-v-2008r2" } }],
    },
    ["timeline", 0, "drain"],
    /"a" needs 2.00 GiB, and no node that may take it has more than 1.00 GiB/,
    /give another node .* enough memory/,
  ],
  [
    "a placement that its possible owners leave no node for",
    {
      vms: [vm("a", "HV01", { possibleOwners: ["HV01"] })],
      timeline: [{ at: 1, drain: { node: "HV01", profile: "hyper-v-2008r2" } }],
    },
    ["timeline", 0, "drain"],
    /"a" can leave "HV01" for no other node/,
    /widen its possibleOwners/,
  ],
  [
    "two machines that are to be together and apart",
    {
      vms: ["a", "b"].map((name) => vm(name, "HV01", { affinity: "pair", antiAffinity: "apart" })),
      timeline: [],
    },
    ["vms", 1, "antiAffinity"],
    /together \(affinity "pair"\) and apart \(antiAffinity "apart"\)/,
    /out of one of the groups/,
  ],
  [
    "machines of an affinity group on two nodes",
    { vms: [vm("a", "HV01", { affinity: "pair" }), vm("b", "HV02", { affinity: "pair" })], timeline: [] },
    ["vms", 1, "affinity"],
    /is to be with "a"/,
    /on one node/,
  ],
  [
    "machines of an anti-affinity group on one node",
    { vms: [vm("a", "HV01", { antiAffinity: "apart" }), vm("b", "HV01", { antiAffinity: "apart" })], timeline: [] },
    ["vms", 1, "antiAffinity"],
    /is to be apart from "a"/,
    /on different nodes/,
  ],
  [
    "more memory on a node than it has",
    { vms: [vm("a", "HV01"), vm("b", "HV01", { memory: "63 GiB" })], timeline: [] },
    ["nodes", 0, "memory"],
    /has 64.0 GiB, and the 2 machines/,
    /or the machines less or another node/,
  ],
];

describe("a cluster that cannot be", () => {
  it("is not what the others are made of", () => expect(storageProblems(good)).toEqual([]));

  it.each(cases)("%s", (_name, changes, path, problem, remedy) => {
    const problems = storageProblems({ ...good, ...changes });
    expect(problems).toEqual([
      expect.objectContaining({
        path,
        problem: expect.stringMatching(problem),
        remedy: expect.stringMatching(remedy),
      }),
    ]);
  });
});

describe("a LUN with paths to some nodes", () => {
  it("moves to those only, where a drain chooses", () => {
    const scenario = storageScenario({
      volumes: [lun("V", { reachedBy: ["HV01", "HV03"] })],
      vms: [vm("a", "HV01")],
      timeline: [{ at: 1, drain: { node: "HV01", profile: "hyper-v-2008r2" } }],
    });
    expect(simulate(scenario).migrations).toMatchObject([{ to: "HV03", outcome: "completed" }]);
  });
});
