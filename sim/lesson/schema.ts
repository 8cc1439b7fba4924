/** The file form of a lesson: what a trainer writes. docs/lessons.md says how; the JSON Schema for editors is made from it. */
import { z } from "zod";
import { aboveZeroShare, bytesPerSecond, count, memoryBytes, seconds, share } from "../scenario/quantities.ts";
import { SCHEMA_VERSION } from "../trace/events.ts";
import { LESSON_NUMBERS, LESSON_PANELS } from "./lesson.ts";

/** Longer sentences are not read out, and do not fit beside a picture. */
const MOST_CHARACTERS = 280;
const MOST_STEPS = 60;
/** More would keep a class waiting. */
const MOST_SEEDS = 5000;

const time = () => seconds({ least: 0, greatest: 31_536_000, greatestText: "365 d" });
const sentence = () => z.string().trim().min(1).max(MOST_CHARACTERS);

const momentSchema = z.union([
  z.enum(["start", "end"]),
  time(),
  z.strictObject({
    event: z
      .string()
      .regex(/^[a-z]+[A-Za-z]*\.[a-zA-Z]+$/, { error: "an event's type is named subject.verb: docs/traces.md" })
      .optional()
      .meta({ description: "Type of an event (docs/traces.md).", examples: ["vm.stopped"] }),
    nth: count({ least: 1 })
      .optional()
      .meta({ description: "The how manyth of its type; default 1.", examples: [2] }),
    after: time()
      .optional()
      .meta({ description: "So long after the event; default 0.", examples: ["50 ms"] }),
    round: z
      .union([z.literal("final"), z.number().int().min(1)])
      .optional()
      .meta({ description: "A round of pre-copy, from 1, or `final`.", examples: [2] }),
    share: share()
      .optional()
      .meta({ description: "How far into the round; default 0 %.", examples: ["50 %"] }),
  }),
]);

const changeSchema = z.strictObject({
  memory: memoryBytes()
    .optional()
    .meta({ description: "Memory of the machine.", examples: ["8 GiB"] }),
  used: share()
    .optional()
    .meta({ description: "Share of it in use.", examples: ["70 %"] }),
  writes: z
    .number()
    .min(0)
    .max(1000)
    .optional()
    .meta({ description: "Write rates, times their own.", examples: [4] }),
  link: bytesPerSecond()
    .optional()
    .meta({ description: "The migration network.", examples: ["10 Gbit/s"] }),
  mtu: count({ least: 576, greatest: 65_535 })
    .optional()
    .meta({ description: "Its MTU, bytes.", examples: [9000] }),
  loss: share()
    .optional()
    .meta({ description: "Share of packets that it loses.", examples: ["1 %"] }),
  limit: time()
    .optional()
    .meta({ description: "The downtime limit.", examples: ["300 ms"] }),
  profile: z
    .string()
    .optional()
    .meta({ description: "The hypervisor.", examples: ["qemu-7.2"] }),
  mode: z.enum(["live", "quick", "post-copy"]).optional().meta({ description: "How memory moves." }),
  workload: z
    .string()
    .optional()
    .meta({ description: "What the guest does.", examples: ["kernel-build"] }),
  seed: z
    .union([z.string().min(1), z.number()])
    .optional()
    .meta({ description: "Of the run.", examples: [7] }),
});

const scenarioSchema = z.union([z.string().min(1), z.record(z.string(), z.unknown())]).meta({
  description: "A scenario file, from the lesson's own place, or a scenario written out here (docs/scenario.md).",
  examples: ["../qemu-300ms-limit.yaml"],
});

const runFields = {
  scenario: scenarioSchema.optional(),
  change: changeSchema.optional().meta({
    description:
      "Numbers other than the scenario's; absent: as the step before has them. `{}` goes back to the scenario's.",
    examples: [{ link: "10 Gbit/s" }],
  }),
  vm: z
    .string()
    .optional()
    .meta({
      description: "The machine that is looked at; default: as before, or the first to move.",
      examples: ["web01"],
    }),
};

const stepFields = {
  say: sentence().meta({ description: "The step's sentence.", examples: ["The guest stops."] }),
  ...runFields,
  at: momentSchema.optional().meta({ description: "Where the step starts; default start.", examples: [{ round: 2 }] }),
  play: momentSchema.optional().meta({ description: "Plays on to here.", examples: ["end"] }),
  speed: aboveZeroShare()
    .or(z.number().min(1).max(10))
    .optional()
    .meta({ description: "Of playing, times real time; default: a few seconds for all of it.", examples: [0.1] }),
  look: z
    .array(z.enum(LESSON_PANELS))
    .max(4)
    .optional()
    .meta({ description: "Parts of the page to point at; the others step back.", examples: [["dirty-pages"]] }),
  compare: z
    .strictObject({
      name: z
        .string()
        .trim()
        .min(1)
        .max(60)
        .meta({ description: "What the other run is.", examples: ["at 1 Gbit/s"] }),
      ...runFields,
    })
    .optional()
    .meta({ description: "A second run, on the same axis.", examples: [{ name: "at 1 Gbit/s", change: {} }] }),
  curve: z
    .enum(LESSON_NUMBERS)
    .optional()
    .meta({ description: "Shows the downtime against this number.", examples: ["writes"] }),
  seeds: count({ least: 1, greatest: MOST_SEEDS })
    .optional()
    .meta({ description: "Shows so many runs that differ by chance alone.", examples: [200] }),
};

export const lessonFileSchema = z
  .strictObject({
    schemaVersion: z.literal(SCHEMA_VERSION).meta({ description: "Version of this format." }),
    title: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .meta({ description: "Its name.", examples: ["The cliff"] }),
    summary: sentence().meta({ description: "What it shows, in a sentence.", examples: ["Why a move never ends."] }),
    scenario: scenarioSchema,
    steps: z
      .array(z.strictObject(stepFields))
      .min(1)
      .max(MOST_STEPS)
      .meta({ description: "The story.", examples: [[{ say: "The guest stops.", at: { event: "vm.stopped" } }]] }),
    playground: z
      .strictObject({
        ...stepFields,
        controls: z
          .array(z.enum(LESSON_NUMBERS))
          .min(1)
          .optional()
          .meta({ description: "The numbers that it offers; default all.", examples: [["link", "writes"]] }),
      })
      .meta({ description: "Where the story ends and trying begins.", examples: [{ say: "Now move the link." }] }),
  })
  .meta({ title: "Lesson", description: "A guided story for the page of precopy." });

export type LessonFile = z.output<typeof lessonFileSchema>;
export type LessonFileStep = LessonFile["steps"][number];
export type LessonFileMoment = NonNullable<LessonFileStep["at"]>;
export type LessonFileChange = NonNullable<LessonFileStep["change"]>;

/** JSON Schema 2020-12 of the file form. */
export function lessonJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(lessonFileSchema, {
    target: "draft-2020-12",
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      // zod leaves the examples of transformed values out of the schema of what is written; ours are as written.
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  }) as Record<string, unknown>;
}
