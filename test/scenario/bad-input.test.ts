import { describe, expect, it } from "vitest";
import { type Document, documentWith, goodDocument, problemsOf } from "./fixtures.ts";

/** What is changed, and the one problem that must come of it. */
type Case = [
  name: string,
  change: (document: Document) => void,
  path: (string | number)[],
  problem: string,
  remedy: string,
];

const AMD = { vendor: "amd" };

const cases: Case[] = [
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

  // Names that are not there, or twice.
  [
    "two nodes of one name",
    (d) => (d.nodes[1].name = "HV01"),
    ["nodes", 1, "name"],
    'two nodes are named "HV01"',
    "give each its own name",
  ],
  [
    "two machines of one name",
    (d) => d.vms.push({ ...d.vms[0] }),
    ["vms", 1, "name"],
    'two vms are named "web01"',
    "give each its own name",
  ],
  [
    "two networks of one name",
    (d) => d.networks.push({ ...d.networks[0] }),
    ["networks", 1, "name"],
    'two networks are named "lan"',
    "give each its own name",
  ],
  [
    "two clients of one name",
    (d) => (d.vms[0].clients = [{ name: "a" }, { name: "a" }]),
    ["vms", 0, "clients", 1, "name"],
    'two clients of "web01" are named "a"',
    "give each its own name",
  ],
  [
    "one address twice",
    (d) => d.vms.push({ name: "b", node: "HV01", memory: "1 GiB", ip: "192.0.2.1" }),
    ["vms", 1, "ip"],
    '"b" has the ip 192.0.2.1 of "web01"',
    "give it another ip",
  ],
  [
    "a machine on no node",
    (d) => Object.assign(d, { vms: [{ ...d.vms[0], node: "HV1" }] }),
    ["vms", 0, "node"],
    'there is no node "HV1"',
    'did you mean "HV01"?',
  ],
  [
    "a disk on no volume",
    (d) => (d.vms[0].disks = ["Volume2"]),
    ["vms", 0, "disks", 0],
    'there is no volume "Volume2"',
    'did you mean "Volume1"?',
  ],
  [
    "a coordinator that is no node",
    (d) => (d.volumes[0].coordinator = "SAN"),
    ["volumes", 0, "coordinator"],
    'there is no node "SAN"',
    "nodes: HV01, HV02",
  ],
  [
    "a shared volume without coordinator",
    (d) => delete d.volumes[0].coordinator,
    ["volumes", 0, "coordinator"],
    'volume "Volume1" has no coordinator',
    "add coordinator with a node's name",
  ],
  [
    "a LUN with a coordinator",
    (d) => (d.volumes[0].kind = "lun"),
    ["volumes", 0, "coordinator"],
    "a lun has no coordinator",
    "write owner: HV01",
  ],
  [
    "an unknown workload",
    (d) => (d.vms[0].workload = "webserver"),
    ["vms", 0, "workload"],
    'there is no workload "webserver"',
    'did you mean "web-server"?',
  ],
  [
    "an unknown preset in a workload",
    (d) => (d.vms[0].workload = { preset: "idel" }),
    ["vms", 0, "workload", "preset"],
    'there is no workload "idel"',
    'did you mean "idle"?',
  ],
  [
    "an unknown environment",
    (d) => (d.environment = "lap"),
    ["environment"],
    'there is no environment "lap"',
    'did you mean "lab"?',
  ],
  [
    "an unknown profile",
    (d) => (d.timeline[0].migrate.profile = "patience"),
    ["timeline", 0, "migrate", "profile"],
    'there is no profile "patience"',
    'did you mean "patient"?',
  ],
  [
    "an unknown parameter of a profile",
    (d) => (d.timeline[0].migrate.downtimeLimt = "1 s"),
    ["timeline", 0, "migrate", "downtimeLimt"],
    'unknown key "downtimeLimt": profile patient has no such parameter',
    'did you mean "downtimeLimit"?',
  ],
  [
    "an unknown parameter of an environment",
    (d) => (d.environment = { preset: "lab", stopp: 1 }),
    ["environment", "stopp"],
    'unknown key "stopp": environment lab has no such parameter',
    'did you mean "stop"?',
  ],
  [
    "a parameter of the wrong unit",
    (d) => (d.timeline[0].migrate.maxBandwidth = "1 s"),
    ["timeline", 0, "migrate", "maxBandwidth"],
    "maxBandwidth: '1 s' is not a data rate",
    "1 Gbit/s",
  ],
  [
    "a parameter beyond its limit",
    (d) => (d.timeline[0].migrate.downtimeLimit = "2001 s"),
    ["timeline", 0, "migrate", "downtimeLimit"],
    "downtimeLimit: must be at most 2000",
    "give 2000 or less",
  ],
  [
    "a parameter below its limit",
    (d) => (d.timeline[0].migrate.passLimit = 0),
    ["timeline", 0, "migrate", "passLimit"],
    "passLimit: must be at least 1",
    "give 1 or more",
  ],
  [
    "a flag in quotes",
    (d) => (d.timeline[0].migrate.compressed = "yes"),
    ["timeline", 0, "migrate", "compressed"],
    'compressed: must be true or false, and is "yes"',
    "without quotes",
  ],
  [
    "a flag for a quantity",
    (d) => (d.timeline[0].migrate.passLimit = true),
    ["timeline", 0, "migrate", "passLimit"],
    "passLimit: must be a quantity, and is true",
    "write it like 10",
  ],
  [
    "a list for a parameter",
    (d) => (d.timeline[0].migrate.passLimit = [1]),
    ["timeline", 0, "migrate", "passLimit"],
    "passLimit cannot be a list",
    "",
  ],
  [
    "a mode that the profile lacks",
    (d) => (d.timeline[0].migrate.mode = "quick"),
    ["timeline", 0, "migrate", "mode"],
    "profile patient does not migrate in mode quick",
    "modes of patient: live",
  ],

  // What cannot happen.
  [
    "a migration to itself",
    (d) => (d.timeline[0].migrate.to = "HV01"),
    ["timeline", 0, "migrate", "to"],
    '"web01" is to migrate to "HV01", where it already is',
    "name another node in to",
  ],
  [
    "a migration to an unknown node",
    (d) => (d.timeline[0].migrate.to = "HV03"),
    ["timeline", 0, "migrate", "to"],
    'there is no node "HV03"',
    'did you mean "HV01"?',
  ],
  [
    "a migration of an unknown machine",
    (d) => (d.timeline[0].migrate.vm = "web1"),
    ["timeline", 0, "migrate", "vm"],
    'there is no vm "web1"',
    'did you mean "web01"?',
  ],
  [
    "a cancellation for an unknown machine",
    (d) => d.timeline.push({ at: 6, cancel: { vm: "db" } }),
    ["timeline", 1, "cancel", "vm"],
    'there is no vm "db"',
    "vms: web01",
  ],
  [
    "a target without room",
    (d) => (d.nodes[1].memory = "2 GiB"),
    ["timeline", 0, "migrate", "to"],
    'node "HV02" has no room for "web01" at 5.00 s: it needs 4.00 GiB, and of 2.00 GiB there 2.00 GiB are free',
    "give the node more memory",
  ],
  [
    "a node too small for its machines",
    (d) => (d.nodes[0].memory = "3 GiB"),
    ["nodes", 0, "memory"],
    'node "HV01" has 3.00 GiB, and the machine on it at the start needs 4.00 GiB',
    "give the node more memory",
  ],
  [
    "different system drives with a shared volume",
    (d) => (d.nodes[1].systemDrive = "D:"),
    ["nodes", 1, "systemDrive"],
    'node "HV02" has system drive D: and "HV01" has C:, but both use cluster shared volume "Volume1"',
    "give all nodes the same system drive, C:",
  ],
  [
    "a move from Intel to AMD",
    (d) => (d.nodes[1].cpu = AMD),
    ["timeline", 0, "migrate", "to"],
    '"web01" cannot move from "HV01" (intel) to "HV02" (amd)',
    "processors of the same maker",
  ],
  [
    "no network for migrations",
    (d) => (d.networks[0].carries = ["client"]),
    ["networks"],
    "no network carries migration",
    "add migration to a network's carries",
  ],
  [
    "an entry after the horizon",
    (d) => (d.horizon = "4 s"),
    ["timeline", 0, "at"],
    "it happens at 5.00 s, after the horizon of 4.00 s",
    "raise horizon",
  ],
  [
    "an entry in which nothing happens",
    (d) => d.timeline.push({ at: 7 }),
    ["timeline", 1],
    "the entry does not say what happens",
    "add migrate",
  ],
  [
    "two things in one entry",
    (d) => (d.timeline[0].cancel = { vm: "web01" }),
    ["timeline", 0],
    "one entry holds both migrate and cancel",
    "make two entries",
  ],

  // Page classes.
  [
    "a class beyond the used memory",
    (d) => (d.vms[0].workload = { classes: [{ pages: 600_000, rate: 1 }] }),
    ["vms", 0, "workload", "classes", 0, "pages"],
    "page class class1 covers pages 0 to 599,999, and the machine uses only 524,288 pages",
    "raise used",
  ],
  [
    "a class that starts beyond it",
    (d) => (d.vms[0].workload = { classes: [{ first: "2 GiB", pages: "rest", rate: 1 }] }),
    ["vms", 0, "workload", "classes", 0, "pages"],
    "no used memory is left for page class class1",
    "raise used",
  ],
  [
    "a preset too big for the machine",
    (d) => Object.assign(d.vms[0], { used: "1 %", workload: "postgres-ycsb-read-only-16-threads" }),
    ["vms", 0, "workload"],
    "page class hot of postgres-ycsb-read-only-16-threads covers pages 0 to 26,469, and the machine uses only 10,486 pages",
    "raise used",
  ],
  [
    "half a page",
    (d) => (d.vms[0].workload = { classes: [{ pages: 0.5, rate: 1 }] }),
    ["vms", 0, "workload", "classes", 0, "pages"],
    "0.5 is not a whole number",
    "a share of the used memory (5 %)",
  ],
  [
    "an exponent of no zipf",
    (d) => (d.vms[0].workload = { classes: [{ pages: 10, rate: 1, exponent: 1 }] }),
    ["vms", 0, "workload", "classes", 0, "exponent"],
    "exponent belongs to pattern zipf, and page class class1 is uniform",
    "write pattern: zipf",
  ],
  [
    "a class that stops before it starts",
    (d) => (d.vms[0].workload = { classes: [{ pages: 10, rate: 1, from: 9, until: 8 }] }),
    ["vms", 0, "workload", "classes", 0, "until"],
    "page class class1 stops at 8.00 s, before it starts at 9.00 s",
    "a later time than from",
  ],
  [
    "a workload of nothing",
    (d) => (d.vms[0].workload = {}),
    ["vms", 0, "workload"],
    "the workload is empty",
    "name a preset, or list classes",
  ],

  // Templates.
  [
    "a count without template",
    (d) => (d.vms[0].count = 2),
    ["vms", 0, "count"],
    "count stands without template",
    "add template: vm",
  ],
  [
    "a template without count",
    (d) => Object.assign(d.nodes[1], { template: "node" }),
    ["nodes", 1, "template"],
    "the template does not say how many to make",
    "add count",
  ],
  [
    "{i} outside a template",
    (d) => d.vms.push({ name: "x{i}", node: "HV01", memory: "1 GiB" }),
    ["vms", 1],
    "{i} stands outside a template",
    "add template: vm and count",
  ],
  [
    "a template without {i}",
    (d) => d.vms.push({ template: "vm", count: 4, name: "x", node: "HV02", memory: "1 GiB" }),
    ["vms", 1, "name"],
    'two vms are named "x" (and 2 more like it)',
    "put {i} into the name",
  ],
  [
    "more machines than can be meant",
    (d) => d.vms.push({ template: "vm", count: 100_000, name: "x{i}", node: "HV02", memory: "4 KiB" }),
    ["vms", 1, "count"],
    "more than 100000 vms in all",
    "lower the count",
  ],
];

describe("a scenario with one fault", () => {
  it.each(cases)("%s", (_name, change, path, problem, remedy) => {
    const problems = problemsOf(documentWith(change));
    expect(problems.map((each) => each.path)).toEqual([path]);
    expect(problems[0].problem).toContain(problem);
    expect(problems[0].remedy).toContain(remedy);
  });

  it("the document that they change has none", () => {
    expect(problemsOf(goodDocument())).toEqual([]);
  });
});

describe("what is no scenario at all", () => {
  it.each([
    ["nothing", null, "the file is empty"],
    ["an absent value", undefined, "the file is empty"],
    ["a list", [], "the file must be a map of keys and values, and is a list"],
    ["a text", "hello", 'the file must be a map of keys and values, and is "hello"'],
    ["a number", 7, "the file must be a map of keys and values, and is 7"],
  ])("%s", (_name, document, problem) => {
    const problems = problemsOf(document);
    expect(problems).toHaveLength(1);
    expect(problems[0].path).toEqual([]);
    expect(problems[0].problem).toContain(problem);
    expect(problems[0].remedy).toContain("schemaVersion: 1");
  });

  it("a document that holds itself is refused, not followed", () => {
    const document = goodDocument();
    document.vms[0].disks = document;
    expect(problemsOf(document)[0].path).toEqual(["vms", 0, "disks"]);
  });
});

describe("all problems at once", () => {
  it("faults of form and of sense, each with its place in the file as written", () => {
    const problems = problemsOf(
      documentWith((d) => {
        d.nodes.unshift({ name: "HV00", memory: "1 furlong" }, { name: "HV09", memory: "8 GiB", colour: "red" });
        d.nodes[3].systemDrive = "D:";
        d.volumes[0].coordinator = "HV00";
        d.vms.unshift({ name: "broken", node: "HV01" });
        d.vms[1].disks = ["Volume1", "Volume9"];
        d.timeline.push(
          { at: 6, migrate: { vm: "web01", to: "HV02", profile: "nobody" } },
          { at: "2 h", cancel: { vm: "broken" } },
        );
      }),
    );
    expect(problems.map(({ path }) => path.join("."))).toEqual([
      "nodes.0.memory",
      "nodes.1.colour",
      "vms.0.memory",
      "vms.1.disks.1",
      "timeline.1.migrate.profile",
      "timeline.2.at",
      "nodes.3.systemDrive",
      "timeline.1.migrate.to",
    ]);
  });

  it("a misspelt key is told once, not as a missing one too", () => {
    const problems = problemsOf(
      documentWith((d) => {
        d.networks[0].bandwith = d.networks[0].bandwidth;
        delete d.networks[0].bandwidth;
      }),
    );
    expect(problems.map(({ path }) => path)).toEqual([["networks", 0, "bandwith"]]);
  });

  it("a fault does not make those that refer to it faulty", () => {
    const problems = problemsOf(documentWith((d) => (d.nodes[1].memory = "much")));
    expect(problems.map(({ path }) => path)).toEqual([["nodes", 1, "memory"]]);
  });

  it("a fault in a template is told once", () => {
    const problems = problemsOf(
      documentWith((d) =>
        d.vms.push({ template: "vm", count: 300, name: "x{i}", node: "HV02", memory: "64 MiB", used: "65 MiB" }),
      ),
    );
    expect(problems).toHaveLength(1);
    expect(problems[0].problem).toBe('"x1" uses 65.0 MiB, more than its memory of 64.0 MiB (and 299 more like it)');
  });
});

describe("a scenario of the greatest size", () => {
  const vms = { template: "vm", count: 100_000, name: "vm{i}", memory: "4 MiB" };
  const nodes = [{ template: "node", count: 10_000, name: "node{i}", memory: "1 TiB" }];

  it("is read, and a fault in each of its machines told once", () => {
    const large = (node: string) =>
      documentWith((d) => Object.assign(d, { nodes, volumes: [], timeline: [], vms: [{ ...vms, node }] }));
    expect(problemsOf(large("node1"))).toEqual([]);
    const problems = problemsOf(large("nod{i}"));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      path: ["vms", 0, "node"],
      problem: 'there is no node "nod1" (and 99999 more like it)',
      remedy: expect.stringContaining('did you mean "node1"?'),
    });
  });
});

describe("the timeline is followed", () => {
  const machine = (name: string, node: string, memory = "20 GiB") => ({ name, node, memory });
  const move = (at: number, vm: string, to: string) => ({ at, migrate: { vm, to, profile: "patient" } });

  it("a machine that has left makes room, whatever the order of the lines", () => {
    const problems = problemsOf(
      documentWith((d) => {
        d.nodes.push({ name: "HV03", memory: "32 GiB" });
        d.vms = [machine("a", "HV01"), machine("b", "HV02")];
        d.timeline = [move(20, "a", "HV02"), move(10, "b", "HV03")];
      }),
    );
    expect(problems).toEqual([]);
  });

  it("a machine that has come takes room", () => {
    const problems = problemsOf(
      documentWith((d) => {
        d.nodes.push({ name: "HV03", memory: "32 GiB" });
        d.vms = [machine("a", "HV01"), machine("b", "HV02")];
        d.timeline = [move(10, "b", "HV03"), move(20, "a", "HV03")];
      }),
    );
    expect(problems.map(({ path }) => path)).toEqual([["timeline", 1, "migrate", "to"]]);
    expect(problems[0].problem).toContain("of 32.0 GiB there 12.0 GiB are free");
  });

  it("a machine that moves back is where it was", () => {
    const back = (d: Document) => d.timeline.push(move(20, "web01", "HV01"));
    expect(problemsOf(documentWith(back))).toEqual([]);
    const twice = (d: Document) => d.timeline.push(move(20, "web01", "HV02"));
    expect(problemsOf(documentWith(twice))[0].problem).toContain("where it already is");
  });

  it("after a cancellation a machine may be at either end, and is not judged", () => {
    const problems = problemsOf(
      documentWith((d) => d.timeline.push({ at: 6, cancel: { vm: "web01" } }, move(20, "web01", "HV02"))),
    );
    expect(problems).toEqual([]);
  });
});
