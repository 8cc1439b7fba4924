/** The models that scenarios can name, and every parameter of one with what stands behind it: for people, and as data. */
import {
  ENGINE_VERSION,
  formatCount,
  formatParameterValue,
  knownModels,
  type Parameter,
  SCHEMA_VERSION,
  scenarioKey,
} from "../../sim/index.ts";
import { type Paint, plainPaint } from "./paint.ts";
import { type Column, formatTable } from "./table.ts";
import { wrap } from "./wrap.ts";

export interface ListedModel {
  readonly kind: "profile" | "manager" | "environment" | "failover";
  readonly name: string;
  readonly title: string;
  /** Of a profile: the ways in which it migrates. */
  readonly modes: readonly string[] | null;
  readonly parameters: Readonly<Record<string, Parameter>>;
}

/** All models, in the order in which they are listed. */
export const listedModels: readonly ListedModel[] = [
  ...knownModels.profiles.map((profile) => ({ kind: "profile" as const, ...profile })),
  ...(knownModels.managers ?? []).map((manager) => ({ kind: "manager" as const, ...manager, modes: null })),
  ...(knownModels.failovers ?? []).map((preset) => ({ kind: "failover" as const, ...preset, modes: null })),
  ...knownModels.environments.map((environment) => ({ kind: "environment" as const, ...environment, modes: null })),
];

const GROUPS = [
  { kind: "profile", title: "Profiles", use: "how a hypervisor migrates: profile of a migrate entry" },
  { kind: "manager", title: "Managers", use: "what looks after migrations: manager of a migrate entry" },
  { kind: "failover", title: "Failover", use: "what restarts machines: failover of the scenario" },
  { kind: "environment", title: "Environments", use: "constants of the hosts: environment of the scenario" },
] as const;

const NUMBER_COLUMNS: readonly Column[] = [
  { title: "name", align: "left" },
  { title: "parameters", align: "right" },
  { title: "assumed", align: "right" },
];

/** One line a model, more where its title is long. */
export function formatModels(models: readonly ListedModel[], paint: Paint, width: number): string {
  const blocks: string[][] = [];
  for (const { kind, title, use } of GROUPS) {
    const group = models.filter((model) => model.kind === kind);
    if (group.length === 0) continue;
    const rows = group.map(({ name, parameters }) => {
      const all = Object.values(parameters);
      return [name, String(all.length), String(all.filter(({ provenance }) => provenance === "assumed").length)];
    });
    const [head, ...lines] = formatTable(NUMBER_COLUMNS, rows, paint);
    const indent = " ".repeat(Math.max(...lines.map((line) => line.length)) + 2);
    blocks.push([
      ...wrap(`${paint("bold", title)}, ${use}`, "", "", width),
      head as string,
      ...group.flatMap((model, index) => wrap(titleOf(model), `${lines[index]}  `, indent, width)),
    ]);
  }
  blocks.push(wrap("precopy profiles NAME lists the parameters of one.", "", "", width));
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** With the ways in which a profile migrates, where pre-copy is not all. */
function titleOf({ title, modes }: ListedModel): string {
  return modes === null || (modes.length === 1 && modes[0] === "live") ? title : `${title} (${modes.join(", ")})`;
}

const PARAMETER_COLUMNS: readonly Column[] = [
  { title: "parameter", align: "left" },
  { title: "default", align: "right" },
  { title: "backed by", align: "left" },
  { title: "range", align: "left" },
];

/** Every parameter: its key in a scenario, default, range and provenance; below it what it means and its source. */
export function formatModel(
  { kind, name, title, modes, parameters }: ListedModel,
  paint: Paint,
  width: number,
): string {
  const all = Object.entries(parameters);
  const lines = wrap(`${paint("bold", name)}: ${title}`, "", "  ", width);
  const counted = (["documented", "measured", "assumed"] as const)
    .map((provenance) => ({ provenance, count: all.filter(([, each]) => each.provenance === provenance).length }))
    .filter(({ count }) => count > 0)
    .map(({ provenance, count }) => `${formatCount(count)} ${provenance}`);
  const ways = modes === null ? "" : `, ${modes.join(", ")}`;
  const parametersHave = all.length === 1 ? "1 parameter" : `${formatCount(all.length)} parameters`;
  lines.push(
    ...wrap(
      `A${kind === "environment" ? "n" : ""} ${kind}${ways}. ${parametersHave}: ${counted.join(", ")}.`,
      "",
      "",
      width,
    ),
    "",
  );
  const rows = all.map(([fullName, parameter]) => [
    scenarioKey(fullName, parameter.kind),
    withUnit(parameter.kind, parameter.value),
    parameter.provenance,
    rangeOf(parameter),
  ]);
  const withRanges = formatTable(PARAMETER_COLUMNS, rows, paint);
  // Long ranges beside long keys: then each has a line of its own.
  const hasRoom = formatTable(PARAMETER_COLUMNS, rows, plainPaint).every((line) => line.length <= width);
  const [head, ...tableLines] = hasRoom ? withRanges : formatTable(PARAMETER_COLUMNS.slice(0, -1), rows, paint);
  lines.push(head as string);
  all.forEach(([, parameter], index) => {
    lines.push(tableLines[index] as string, ...wrap(parameter.meaning, "  ", "  ", width));
    if (!hasRoom) lines.push(...wrap(`Range: ${rangeOf(parameter)}`, "  ", "    ", width));
    lines.push(...wrap(`Source: ${parameter.source}`, "  ", "    ", width));
  });
  return `${lines.join("\n")}\n`;
}

function withUnit(kind: Parameter["kind"], value: number | boolean): string {
  const written = formatParameterValue(kind, value);
  return kind === "pages" ? `${written} pages` : written;
}

function rangeOf({ kind, least, greatest }: Parameter): string {
  if (kind === "flag") return "true or false";
  const from = least === undefined ? null : withUnit(kind, least);
  const to = greatest === undefined ? null : withUnit(kind, greatest);
  if (from !== null && to !== null) return `${from} to ${to}`;
  if (from !== null) return `at least ${from}`;
  return to === null ? "any" : `at most ${to}`;
}

/** All models, without their parameters. */
export function modelsAsJson(models: readonly ListedModel[]): object {
  const of = (kind: ListedModel["kind"]) => models.filter((model) => model.kind === kind);
  const brief = ({ name, title, modes, parameters }: ListedModel) => ({
    name,
    title,
    ...(modes === null ? {} : { modes }),
    parameters: Object.keys(parameters).length,
  });
  return {
    schemaVersion: SCHEMA_VERSION,
    engineVersion: ENGINE_VERSION,
    profiles: of("profile").map(brief),
    managers: of("manager").map(brief),
    failovers: of("failover").map(brief),
    environments: of("environment").map(brief),
  };
}

/** One model with its parameters; values are SI, as their kind says. Limits that are open are null. */
export function modelAsJson({ kind, name, title, modes, parameters }: ListedModel): object {
  return {
    schemaVersion: SCHEMA_VERSION,
    engineVersion: ENGINE_VERSION,
    kind,
    name,
    title,
    ...(modes === null ? {} : { modes }),
    parameters: Object.entries(parameters).map(([fullName, parameter]) => ({
      key: scenarioKey(fullName, parameter.kind),
      name: fullName,
      kind: parameter.kind,
      value: parameter.value,
      least: parameter.least ?? null,
      greatest: parameter.greatest ?? null,
      provenance: parameter.provenance,
      source: parameter.source,
      meaning: parameter.meaning,
    })),
  };
}
