/** Scenarios with one fault each in how they are written: keys, kinds of values and quantities. */
import type { Document } from "./fixtures.ts";

/** What is changed, and the one problem that must come of it. */
export type Fault = [
  name: string,
  change: (document: Document) => void,
  path: (string | number)[],
  problem: string,
  remedy: string,
];

export const FAULTS_OF_FORM: readonly Fault[] = [
  // Keys and kinds of values.
  [
    "an unknown key at the top",
    (d) => (d.node = []),
    ["node"],
    'unknown key "node" at the top of the file',
    'did you mean "nodes"?',
  ],
  [
    "a guest that tags frames which its network tags",
    (d) => {
      for (const network of d.networks) network.vlan = 10;
      d.vms[0].guestVlan = 20;
    },
    ["vms", 0, "guestVlan"],
    "they would carry two tags",
    "leave guestVlan out",
  ],
  [
    "an unknown key in a list",
    (d) => (d.vms[0].memroy = 1),
    ["vms", 0, "memroy"],
    'unknown key "memroy" in vms[0]',
    'did you mean "memory"?',
  ],
  [
    "a key like nothing known",
    (d) => (d.nodes[1].colour = "red"),
    ["nodes", 1, "colour"],
    'unknown key "colour" in nodes[1]',
    "keys: template, count, name, memory",
  ],
  [
    "a key of a later version",
    (d) => (d.timeline[0] = { at: 1, teleport: { node: "HV01" } }),
    ["timeline", 0, "teleport"],
    'unknown key "teleport" in timeline[0]',
    "keys: at, migrate, cancel",
  ],
  [
    "a missing key",
    (d) => delete d.vms[0].memory,
    ["vms", 0, "memory"],
    "memory is missing",
    "write it like memory: 4 GiB",
  ],
  [
    "no schema version",
    (d) => delete d.schemaVersion,
    ["schemaVersion"],
    "schemaVersion is missing",
    "add schemaVersion: 1",
  ],
  ["another schema version", (d) => (d.schemaVersion = 2), ["schemaVersion"], "schemaVersion cannot be 2", "values: 1"],
  ["no nodes at all", (d) => delete d.nodes, ["nodes"], "nodes is missing", "nodes: [{name: HV01, memory: 32 GiB}]"],
  [
    "an empty list of nodes",
    (d) => Object.assign(d, { nodes: [], vms: [], volumes: [], timeline: [] }),
    ["nodes"],
    "nodes must have at least 1 entries",
    "write it like",
  ],
  [
    "a value where a list belongs",
    (d) => (d.volumes = "Volume1"),
    ["volumes"],
    'volumes must be a list, and is "Volume1"',
    "write it like volumes: [{name: Volume1",
  ],
  [
    "an empty value",
    (d) => (d.vms[0].memory = null),
    ["vms", 0, "memory"],
    "memory cannot be empty",
    "write it like memory: 4 GiB",
  ],
  [
    "an unknown word",
    (d) => (d.networks[0].carries = ["migration", "cluser"]),
    ["networks", 0, "carries", 1],
    'carries cannot be "cluser"',
    'did you mean "cluster"?',
  ],
  [
    "a name with a slash",
    (d) => (d.networks[0].name = "a/b"),
    ["networks", 0, "name"],
    'name cannot be "a/b": a name starts with a letter or digit',
    "write it like name: live-migration",
  ],
  ["a seed that is no whole number", (d) => (d.seed = 1.5), ["seed"], "seed", "write it like seed: 1"],
  [
    "a bad drive letter",
    (d) => (d.nodes[0].systemDrive = "disk0"),
    ["nodes", 0, "systemDrive"],
    "a drive letter is one letter and a colon",
    "systemDrive: C:",
  ],
  ["a bad address", (d) => (d.vms[0].ip = "192.0.2.300"), ["vms", 0, "ip"], "not an IPv4 address", "ip: 192.0.2.1"],
  [
    "a bad MAC",
    (d) => (d.vms[0].mac = "00:15:5D"),
    ["vms", 0, "mac"],
    "a MAC address is six pairs",
    "mac: 00:15:5D:00:00:01",
  ],
  [
    "a group's MAC",
    (d) => (d.vms[0].mac = "01:00:5E:00:00:01"),
    ["vms", 0, "mac"],
    "01:00:5E:00:00:01 is a group's address",
    "make its first pair even",
  ],

  // Quantities.
  [
    "a wrong unit",
    (d) => (d.vms[0].memory = "4 Gbit/s"),
    ["vms", 0, "memory"],
    "'4 Gbit/s' is not a size",
    "write for example 4 GiB",
  ],
  [
    "a duration for a bandwidth",
    (d) => (d.networks[0].bandwidth = "3 s"),
    ["networks", 0, "bandwidth"],
    "'3 s' is not a data rate",
    "1 Gbit/s",
  ],
  ["a negative size", (d) => (d.nodes[0].memory = "-4 GiB"), ["nodes", 0, "memory"], "'-4 GiB' is negative", "4 GiB"],
  [
    "no memory",
    (d) => (d.vms[0].memory = 0),
    ["vms", 0, "memory"],
    "must be at least 4 KiB, one page",
    "give 4 KiB, one page or more",
  ],
  [
    "absurd memory",
    (d) => (d.nodes[1].memory = "2 PiB"),
    ["nodes", 1, "memory"],
    "must be at most 1 PiB",
    "check the unit",
  ],
  [
    "zero bandwidth",
    (d) => (d.networks[0].bandwidth = 0),
    ["networks", 0, "bandwidth"],
    "must be more than 0",
    "give a value above 0",
  ],
  [
    "an infinite bandwidth",
    (d) => (d.networks[0].bandwidth = Number.POSITIVE_INFINITY),
    ["networks", 0, "bandwidth"],
    "bandwidth cannot be Infinity",
    "1 Gbit/s",
  ],
  [
    "an MTU below any network's",
    (d) => (d.networks[0].mtu = 100),
    ["networks", 0, "mtu"],
    "must be at least 576",
    "give 576 or more",
  ],
  [
    "more loss than frames",
    (d) => (d.networks[0].frameLoss = "120 %"),
    ["networks", 0, "frameLoss"],
    "'120 %' is too large for a share",
    "from 0 % to 100 %",
  ],
  [
    "no horizon",
    (d) => Object.assign(d, { horizon: 0, timeline: [] }),
    ["horizon"],
    "must be more than 0",
    "give a value above 0",
  ],
  [
    "more used than there is",
    (d) => (d.vms[0].used = "8 GiB"),
    ["vms", 0, "used"],
    '"web01" uses 8.00 GiB, more than its memory of 4.00 GiB',
    "give used at most 4.00 GiB",
  ],
  [
    "a share without its sign",
    (d) => (d.vms[0].used = 0.7),
    ["vms", 0, "used"],
    "0.7 is a number of bytes, and less than one page",
    "write a share with its sign (70 %)",
  ],
  [
    "a client that never waits",
    (d) => (d.vms[0].clients = [{ interval: 0 }]),
    ["vms", 0, "clients", 0, "interval"],
    "must be at least 1 us",
    "give 1 us or more",
  ],
];
