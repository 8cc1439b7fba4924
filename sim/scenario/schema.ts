/**
 * The file form of a scenario: what may be written, with units, defaults and examples. The JSON Schema that editors use
 * is made from it (json-schema.ts); normalise.ts turns it into the plain form that is simulated.
 */
import { z } from "zod";
import { ANNOUNCING_DRIVERS } from "../network/guest-announcement.ts";
import { SAN_TRANSPORT_NAMES } from "../storage/transports.ts";
import { SCHEMA_VERSION } from "../trace/events.ts";
import { clientSchemaWith } from "./client-schema.ts";
import { dynamicMemorySchema } from "./dynamic-memory.ts";
import { failoverSchema, failSchema, hangSchema, recoverSchema } from "./failover-schema.ts";
import { hostFields, virtualProcessorFields } from "./host-schema.ts";
import { balanceSchema, consolidateSchema, demandFields } from "./load-schema.ts";
import { drainSchema, maintenanceSchema, resumeSchema } from "./maintenance-schema.ts";
import { cutLinkSchema, restoreLinkSchema } from "./network-fault-schema.ts";
import {
  aboveZeroShare,
  amountOfMemory,
  bytes,
  bytesPerSecond,
  count,
  memoryBytes,
  pageCount,
  pagePosition,
  pagesPerSecond,
  rateLimit,
  seconds,
  share,
} from "./quantities.ts";
import { diskSchema, ioSchema, losePathSchema, moveOwnerSchema, restorePathSchema } from "./storage-schema.ts";
import { switchSchemaWith } from "./switches.ts";
import { teamSchema } from "./team.ts";
import { backupSchema } from "./timeline-backup.ts";

/** A year: longer runs are a slip of the unit. */
const GREATEST_SECONDS = 31_536_000;
const timeLimits = { least: 0, greatest: GREATEST_SECONDS, greatestText: "365 d" };

/** Names of things: they appear in commands, traces and pictures. `{i}` stands in templates only. */
const NAME_PATTERN =
  /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]|\{[ij](?::\d)?\})*$|^\{[ij](?::\d)?\}(?:[\p{L}\p{N} ._-]|\{[ij](?::\d)?\})*$/u;
const name = () =>
  z.string().max(64).regex(NAME_PATTERN, {
    error: "a name starts with a letter or digit and holds letters, digits, spaces and . _ - only",
  });

/** A cluster shared volume is an NTFS volume of at most 256 TB (Microsoft, Use Cluster Shared Volumes in a failover cluster). */
const GREATEST_VOLUME_BYTES = 256 * 1024 * 1_073_741_824;

const templateCount = () => count({ least: 1, greatest: 100_000 });

const nodeSchema = z
  .strictObject({
    template: z.literal("node").optional().meta({
      description: "Makes `count` nodes of this entry; `{i}` in a text is 1, 2, ... and `{i:2}` is 01, 02, ...",
    }),
    count: templateCount()
      .optional()
      .meta({ description: "How many nodes the template makes.", examples: [3] }),
    name: name().meta({ description: "The node's name.", examples: ["HV01", "HV{i:2}"] }),
    memory: memoryBytes().meta({ description: "Memory for virtual machines, at most 1 PiB.", examples: ["32 GiB"] }),
    ...hostFields,
    systemDrive: z
      .string()
      .regex(/^[A-Za-z]:$/, { error: "a drive letter is one letter and a colon" })
      .default("C:")
      .meta({
        description: "Drive letter of the system volume; the same on all nodes that share a cluster shared volume.",
        examples: ["C:"],
      }),
    reserve: bytes({ least: 0, greatest: 1e15 })
      .optional()
      .meta({
        description: "Memory that placement leaves free for the host itself. Default none.",
        examples: ["2 GiB"],
      }),
  })
  .meta({
    examples: [{ name: "HV01", memory: "32 GiB" }],
    title: "Node",
    description: "A host, or a template of hosts.",
  });

const networkSchema = z
  .strictObject({
    name: name().meta({ description: "The network's name.", examples: ["live-migration"] }),
    bandwidth: bytesPerSecond().meta({
      description:
        "Signalling rate of one direction, framing included, as printed on the port. A number is bytes per second.",
      examples: ["1 Gbit/s", "10 Gbit/s"],
    }),
    latency: seconds({ least: 0, greatest: 10, greatestText: "10 s" })
      .prefault("0.1 ms")
      .meta({ description: "One way. A number is seconds.", examples: ["0.1 ms"] }),
    mtu: bytes({ least: 576, greatest: 65_535 })
      .prefault(1500)
      .meta({ description: "Largest IP packet, bytes, 576 to 65535.", examples: [1500, 9000] }),
    frameLoss: share()
      .prefault("0 %")
      .meta({ description: "Share of announcement frames (ARP, RARP) that are lost.", examples: ["0 %", "10 %"] }),
    queue: bytes({ least: 1514, greatest: 1e12 })
      .optional()
      .meta({
        description:
          "What waits before its slowest part, a drop-tail queue; smaller ones keep TCP's send buffers small. Default: large enough for them to fill.",
        examples: ["300 KB"],
      }),
    packetLoss: share()
      .optional()
      .meta({
        description: "Share of packets lost at random: it limits each TCP connection. Default none.",
        examples: ["0.01 %"],
      }),
    switches: z
      .array(switchSchemaWith(name))
      .min(1)
      .max(1000)
      .optional()
      .meta({
        description: "Its switches, a tree with the top one first; each learns from frames that pass it. Default: one.",
        examples: [[{ name: "core" }, { name: "rack1", uplink: "core", nodes: ["HV01"] }]],
      }),
    vlan: count({ least: 1, greatest: 4094 })
      .optional()
      .meta({
        description: "VLAN whose tag its frames carry, 4 bytes in each. Default: none.",
        examples: [20],
      }),
    team: teamSchema.optional(),
    carries: z
      .array(z.enum(["migration", "cluster", "client", "backup"]))
      .min(1)
      .meta({
        description: "What the network is for.",
        examples: [["migration"], ["cluster"], ["client"], ["backup"]],
      }),
  })
  .meta({ title: "Network" });

const volumeSchema = z
  .strictObject({
    name: name().meta({ description: "The volume's name.", examples: ["Volume1"] }),
    kind: z.enum(["csv", "lun"]).default("csv").meta({
      description: "`csv`: a cluster shared volume, used by all nodes at once; `lun`: a disk that one node owns.",
    }),
    coordinator: name()
      .optional()
      .meta({ description: "Of a csv: the node that does its metadata.", examples: ["HV01"] }),
    owner: name()
      .optional()
      .meta({ description: "Of a lun: the node that has it.", examples: ["HV02"] }),
    transport: z
      .enum(SAN_TRANSPORT_NAMES)
      .optional()
      .meta({
        description: "What connects the hosts with it: how much goes to and from it at most. Default fc-4gbit.",
        examples: ["iscsi-1gbe"],
      }),
    throughput: bytesPerSecond()
      .optional()
      .meta({ description: "What its disks give, where that is less. Default: as much.", examples: ["100 MB/s"] }),
    reachedBy: z
      .array(name())
      .min(1)
      .optional()
      .meta({ description: "Nodes with a path to it. Default: all.", examples: [["HV01", "HV02"]] }),
    free: bytes({ least: 0, greatest: GREATEST_VOLUME_BYTES })
      .optional()
      .meta({
        description: "Room for disks that grow, at most 256 TiB. Default: more than they need.",
        examples: ["50 GiB"],
      }),
  })
  .meta({ title: "Volume" });

const pageClassSchema = z
  .strictObject({
    name: name()
      .optional()
      .meta({ description: "Of the class; default class1, class2, ...", examples: ["hot"] }),
    first: pagePosition()
      .optional()
      .meta({
        description: "First page, counted in the used memory; default: right behind the class before.",
        examples: [0, "10 %", "256 MiB"],
      }),
    pages: pageCount().meta({
      description:
        "How many pages it has: a count, a size, a share of the used memory, or `rest`, all from its first page on.",
      examples: ["20k", "64 MiB", "5 %", "rest"],
    }),
    rate: pagesPerSecond().meta({
      description: "Page writes a second, of the whole class, at full processor share.",
      examples: ["20k pages/s", 300],
    }),
    pattern: z.enum(["uniform", "sweep", "zipf"]).default("uniform").meta({
      description:
        "`uniform`: a random page each write; `sweep`: page after page, cyclic; `zipf`: page of rank k in proportion to k^-exponent.",
    }),
    exponent: z
      .number()
      .min(0)
      .max(2)
      .optional()
      .meta({ description: "Of a zipf class, 0 to 2; default 1.", examples: [1] }),
    from: seconds(timeLimits)
      .prefault(0)
      .meta({ description: "Simulated time at which it starts to write.", examples: ["10 s"] }),
    until: seconds(timeLimits)
      .nullish()
      .meta({ description: "Simulated time at which it stops; default never.", examples: ["1 min"] }),
    cpuBound: share()
      .prefault("100 %")
      .meta({
        description: "How far throttling the guest slows it: 100 % bound by the processor, 0 % not at all.",
        examples: ["100 %"],
      }),
    wordsPerWrite: count({ least: 1, greatest: 64 })
      .optional()
      .meta({
        description:
          "32-bit words that one write changes, one in each 64 bytes of the page: what delta compression sends. Default: the environment's wordsPerWrite.",
        examples: [16],
      }),
  })
  .meta({ title: "Page class", description: "Pages that are written in one way." });

const workloadSchema = z
  .strictObject({
    preset: z.string().optional().meta({ description: "A preset's name; its classes come first." }),
    name: name()
      .optional()
      .meta({ description: "A name for a workload of one's own.", examples: ["order-database"] }),
    scale: z
      .number()
      .positive()
      .max(1e6)
      .default(1)
      .meta({ description: "Factor on every rate of the preset.", examples: [2] }),
    classes: z
      .array(pageClassSchema)
      .max(256)
      .optional()
      .meta({ description: "Page classes, beside or instead of the preset's." }),
  })
  .meta({ title: "Workload" });

const clientSchema = clientSchemaWith(name);

const vmSchema = z
  .strictObject({
    template: z.literal("vm").optional().meta({
      description: "Makes `count` machines of this entry; `{i}` in a text is 1, 2, ... and `{i:2}` is 01, 02, ...",
    }),
    count: templateCount()
      .optional()
      .meta({ description: "How many machines the template makes.", examples: [40] }),
    copies: templateCount()
      .optional()
      .meta({
        description: "Each of them so many times: `{j}` in a text is 1, 2, ... among the copies. Default 1.",
        examples: [20],
      }),
    name: name().meta({ description: "The machine's name.", examples: ["web01", "web{i:2}"] }),
    node: name().meta({ description: "Where it runs at the start.", examples: ["HV01"] }),
    memory: memoryBytes().meta({
      description: "Its memory, in whole pages of 4 KiB (rounded down).",
      examples: ["4 GiB"],
    }),
    dynamicMemory: dynamicMemorySchema.optional(),
    ...virtualProcessorFields,
    ...demandFields,
    used: amountOfMemory()
      .prefault("100 %")
      .meta({
        description: "The part that is not zero at the start: a share of the memory or a size.",
        examples: ["70 %", "2 GiB"],
      }),
    compressesTo: aboveZeroShare()
      .optional()
      .meta({
        description:
          "Share of its size to which a page in use compresses: what compression sends. Default: the environment's compressesTo.",
        examples: ["40 %"],
      }),
    catchUp: seconds(timeLimits)
      .optional()
      .meta({
        description:
          "How much of each sleep that throttling forces on it the machine makes up, by writing what it owes as soon as it runs again. Default: none; what it did not write is lost.",
        examples: ["2 ms"],
      }),
    workload: z
      .union([z.string(), workloadSchema])
      .optional()
      .meta({
        description: "How it writes to its memory: a preset's name, or classes of one's own. Default: not at all.",
        examples: ["web-server"],
      }),
    disks: z
      .array(z.union([name(), diskSchema]))
      .default([])
      .meta({ description: "Volumes that hold its disks, by name or with the kind of disk.", examples: [["Volume1"]] }),
    io: ioSchema.optional(),
    integrationServices: z
      .boolean()
      .optional()
      .meta({
        description:
          "Whether the guest has them: without, a backup saves it to disk and restores it (up to 2012 R2). Default true.",
        examples: [false],
      }),
    possibleOwners: z
      .array(name())
      .min(1)
      .optional()
      .meta({ description: "Nodes that it may run on. Default: all.", examples: [["HV01", "HV02"]] }),
    affinity: name()
      .optional()
      .meta({
        description: "Placement keeps machines with the same name here on one node.",
        examples: ["shop"],
      }),
    antiAffinity: name()
      .optional()
      .meta({
        description: "Placement keeps machines with the same name here on different nodes.",
        examples: ["domain-controllers"],
      }),
    priority: z
      .enum(["high", "medium", "low", "none"])
      .optional()
      .meta({
        description:
          "In which order a node is emptied, and what has died is restarted; `none` is not restarted. Default medium.",
        examples: ["high"],
      }),
    bootTime: seconds({ least: 0, greatest: 86_400, greatestText: "1 d" })
      .optional()
      .meta({
        description: "From power on until its guest answers its clients. Default: the failover preset's boot.",
        examples: ["40 s"],
      }),
    mac: z
      .string()
      .regex(/^[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}$/, { error: "a MAC address is six pairs of hexadecimal digits" })
      .optional()
      .meta({
        description: "Of its network adapter; default 00:15:5D:00:00:01 and up.",
        examples: ["00:15:5D:00:00:01"],
      }),
    ip: z
      .ipv4({ error: "not an IPv4 address" })
      .optional()
      .meta({ description: "Default 192.0.2.1 and up, addresses for documentation.", examples: ["192.0.2.1"] }),
    deafAfterResume: seconds(timeLimits)
      .optional()
      .meta({
        description:
          "So long after it runs again it neither hears nor is heard, as where its driver reports a change of link. Default not at all.",
        examples: ["2 s"],
      }),
    announces: z.enum(ANNOUNCING_DRIVERS).optional().meta({
      description:
        "The driver by which the guest announces itself once it runs elsewhere, beside its host: `netvsc-before-2017` has its link down for 2 s first. Default: it does not.",
    }),
    guestVlan: count({ least: 1, greatest: 4094 })
      .optional()
      .meta({
        description:
          "VLAN whose tag the guest itself puts on its frames, over a trunk: what its host announces is in another VLAN. Default: none.",
        examples: [20],
      }),
    clients: z.array(clientSchema).max(1000).default([]).meta({ description: "Who uses it from outside." }),
  })
  .meta({
    title: "Virtual machine",
    examples: [{ name: "web01", node: "HV01", memory: "4 GiB" }],
    description: "A virtual machine, or a template of them.",
  });

/** A parameter's value before its kind is known. */
const parameterValue = z.union([z.string(), z.number(), z.boolean()]);

const environmentSchema = z
  .looseObject({ preset: z.string().meta({ description: "A preset's name." }) })
  .catchall(parameterValue)
  .meta({ title: "Environment", description: "A preset with some of its constants set otherwise." });

const managerSchema = z
  .looseObject({ name: z.string().meta({ description: "A manager's name." }) })
  .catchall(parameterValue)
  .meta({ title: "Manager", description: "A manager with some of its parameters set otherwise." });

const migrateSchema = z
  .looseObject({
    vm: z.string().meta({ description: "The machine to move.", examples: ["web01"] }),
    to: z.string().meta({ description: "The node to move it to.", examples: ["HV02"] }),
    mode: z.enum(["live", "quick", "post-copy"]).default("live").meta({ description: "How." }),
    profile: z.string().meta({ description: "Whose rules it follows.", examples: ["hyper-v-2008r2"] }),
    manager: z
      .union([z.string(), managerSchema])
      .optional()
      .meta({
        description: "What drives the hypervisor and steps in, by name, or with values of one's own. Default: nothing.",
        examples: ["nova"],
      }),
  })
  .catchall(parameterValue)
  .meta({ title: "Migration", description: "Moves a machine. Further keys set parameters of the profile." });

const migratingVm = z.string().meta({ description: "The machine that migrates.", examples: ["web01"] });

const timelineSchema = z
  .strictObject({
    at: seconds(timeLimits).meta({ description: "Simulated time.", examples: ["5 s"] }),
    migrate: migrateSchema.optional(),
    cancel: z
      .strictObject({
        vm: z.string().meta({ description: "The machine whose migration is cancelled.", examples: ["web01"] }),
      })
      .optional()
      .meta({ title: "Cancellation", description: "Cancels the machine's migration, if one is under way or waiting." }),
    set: z
      .strictObject({
        vm: migratingVm,
        downtimeLimit: seconds({ least: 0, greatest: 2000, greatestText: "2000 s" })
          .optional()
          .meta({ description: "QEMU's downtime-limit from now on.", examples: ["900 ms"] }),
        maxBandwidth: rateLimit()
          .optional()
          .meta({ description: "QEMU's max-bandwidth from now on; 0 for none.", examples: ["2 Gbit/s"] }),
      })
      .optional()
      .meta({
        title: "New limits",
        description: "Changes the limits of the machine's migration while it is under way.",
      }),
    startPostcopy: z.strictObject({ vm: migratingVm }).optional().meta({
      title: "Start of post-copy",
      description:
        "The machine goes to its target now, and its memory follows; its migration is one of mode post-copy.",
    }),
    recoverPostcopy: z.strictObject({ vm: migratingVm }).optional().meta({
      title: "Recovery of post-copy",
      description: "The machine's post-copy, paused since its connection broke, goes on over a new one.",
    }),
    continue: z.strictObject({ vm: migratingVm }).optional().meta({
      title: "Continuation",
      description: "The machine, stopped before its switchover (pauseBeforeSwitchover), goes on.",
    }),
    drain: drainSchema.optional(),
    maintenance: maintenanceSchema.optional(),
    resume: resumeSchema.optional(),
    balance: balanceSchema.optional(),
    consolidate: consolidateSchema.optional(),
    losePath: losePathSchema.optional(),
    restorePath: restorePathSchema.optional(),
    moveOwner: moveOwnerSchema.optional(),
    fail: failSchema.optional(),
    recover: recoverSchema.optional(),
    hang: hangSchema.optional(),
    cutLink: cutLinkSchema.optional(),
    restoreLink: restoreLinkSchema.optional(),
    backup: backupSchema.optional(),
  })
  .meta({
    title: "Timeline entry",
    description:
      "Something that happens at a time: one of migrate, cancel, set, startPostcopy, recoverPostcopy, continue, drain, maintenance, resume, balance, consolidate, losePath, restorePath, moveOwner, cutLink, restoreLink, fail, recover, hang, backup.",
  });

/** A scenario file. */
export const scenarioFileSchema = z
  .strictObject({
    $schema: z
      .string()
      .optional()
      .meta({
        description: "In a JSON file: where its JSON Schema is, for editors. Not part of the scenario.",
        examples: ["../schema/scenario.schema.json"],
      }),
    schemaVersion: z.literal(SCHEMA_VERSION).meta({ description: "Version of this format." }),
    name: z
      .string()
      .min(1)
      .max(200)
      .meta({ description: "What the scenario is, in a line.", examples: ["a web server moves, Hyper-V 2008 R2"] }),
    description: z.string().max(10_000).default("").meta({ description: "What it shows." }),
    seed: z
      .union([z.string().min(1).max(200), z.int()])
      .default(1)
      .meta({ description: "Seed of everything random; the same seed gives the same run.", examples: [1] }),
    horizon: seconds({ least: 0, aboveLeast: true, greatest: GREATEST_SECONDS, greatestText: "365 d" })
      .prefault("1 h")
      .meta({ description: "Simulated time after which the run ends, with outcomes stated.", examples: ["10 min"] }),
    environment: z.union([z.string(), environmentSchema]).meta({
      description: "Constants of the hosts: a preset's name, or a preset with values of one's own.",
      examples: ["hyper-v-2008r2-hosts"],
    }),
    failover: failoverSchema,
    nodes: z
      .array(nodeSchema)
      .min(1)
      .max(10_000)
      .meta({ description: "The hosts; together one cluster.", examples: [[{ name: "HV01", memory: "32 GiB" }]] }),
    networks: z
      .array(networkSchema)
      .min(1)
      .max(1000)
      .meta({
        description: "The networks between the nodes.",
        examples: [[{ name: "live-migration", bandwidth: "1 Gbit/s", carries: ["migration"] }]],
      }),
    volumes: z
      .array(volumeSchema)
      .max(10_000)
      .default([])
      .meta({
        description: "Storage that all nodes reach.",
        examples: [[{ name: "Volume1", kind: "csv", coordinator: "HV01" }]],
      }),
    vms: z
      .array(vmSchema)
      .max(100_000)
      .default([])
      .meta({ description: "The virtual machines.", examples: [[{ name: "web01", node: "HV01", memory: "4 GiB" }]] }),
    timeline: z
      .array(timelineSchema)
      .max(100_000)
      .default([])
      .meta({
        description: "What happens, and when.",
        examples: [[{ at: "5 s", migrate: { vm: "web01", to: "HV02", profile: "hyper-v-2008r2" } }]],
      }),
  })
  .meta({
    title: "precopy scenario",
    description:
      "Hosts, networks, virtual machines and what happens to them; quantities carry their unit or are SI numbers.",
  });

/** A scenario file as read: quantities in SI units, defaults filled in, templates not yet expanded. */
export type ScenarioFile = z.output<typeof scenarioFileSchema>;
/** A scenario file as it may be written. */
export type ScenarioFileInput = z.input<typeof scenarioFileSchema>;
export type NodeEntry = ScenarioFile["nodes"][number];
export type NetworkEntry = ScenarioFile["networks"][number];
export type VolumeEntry = ScenarioFile["volumes"][number];
export type VmEntry = ScenarioFile["vms"][number];
export type WorkloadEntry = NonNullable<VmEntry["workload"]>;
export type PageClassEntry = z.output<typeof pageClassSchema>;
export type TimelineFileEntry = ScenarioFile["timeline"][number];
export type EnvironmentEntry = ScenarioFile["environment"];
export type ManagerEntry = NonNullable<TimelineFileEntry["migrate"]>["manager"];
