/**
 * The file form of a scenario: what may be written, with units, defaults and examples. The JSON Schema that editors use
 * is made from it (json-schema.ts); normalise.ts turns it into the plain form that is simulated.
 */
import { z } from "zod";
import { SCHEMA_VERSION } from "../trace/events.ts";
import { attachDiskSchema, detachDiskSchema } from "./disk-changes-schema.ts";
import { failoverSchema, failSchema, hangSchema, recoverSchema } from "./failover-schema.ts";
import { balanceSchema, consolidateSchema } from "./load-schema.ts";
import { vmSchema } from "./machine-schema.ts";
import { drainSchema, maintenanceSchema, resumeSchema } from "./maintenance-schema.ts";
import { cutLinkSchema, restoreLinkSchema } from "./network-fault-schema.ts";
import { networkSchema } from "./network-schema.ts";
import { nodeSchema } from "./node-schema.ts";
import { rateLimit, seconds } from "./quantities.ts";
import { GREATEST_SECONDS, parameterValue, timeLimits } from "./schema-terms.ts";
import { losePathSchema, moveOwnerSchema, restorePathSchema } from "./storage-schema.ts";
import { backupSchema } from "./timeline-backup.ts";
import { volumeSchema } from "./volume-schema.ts";
import type { pageClassSchema } from "./workload-schema.ts";

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
    attachDisk: attachDiskSchema.optional(),
    detachDisk: detachDiskSchema.optional(),
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
      "Something that happens at a time: one of migrate, cancel, set, startPostcopy, recoverPostcopy, continue, drain, maintenance, resume, balance, consolidate, losePath, restorePath, moveOwner, attachDisk, detachDisk, cutLink, restoreLink, fail, recover, hang, backup.",
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
