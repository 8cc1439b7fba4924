/** The JSON Schema of scenario files, for editors: from the schema that reads them, and the models that they may name. */
import { z } from "zod";
import { formatParameterValue } from "../kernel/format-parameter.ts";
import { type Parameter, scenarioKey } from "../kernel/parameter.ts";
import { type KnownModels, registeredModels } from "./models.ts";
import { EXAMPLE_OF_KIND } from "./parameters.ts";
import { scenarioFileSchema } from "./schema.ts";
import { KINDS } from "./timeline.ts";
import { workloads } from "./workloads.ts";

/** A JSON Schema, or a part of one. */
export interface JsonSchema {
  [keyword: string]: unknown;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
}

/** The part at a path of `properties`, `items` and union branches; a path that is not there is a bug. */
function partAt(schema: JsonSchema, ...steps: readonly string[]): JsonSchema {
  let part: JsonSchema | undefined = schema;
  for (const step of steps) {
    if (step === "[]") part = part?.items;
    else if (step === "{}") part = part?.anyOf?.find((branch) => branch.type === "object");
    else if (step === '""') part = part?.anyOf?.find((branch) => branch.type === "string");
    else part = part?.properties?.[step];
  }
  if (part === undefined) throw new Error(`the scenario's JSON Schema has no ${steps.join(".")}`);
  return part;
}

/** One of the names, each with what it is; where there is none, none is told. */
function oneOfNames(part: JsonSchema, known: readonly { name: string; title: string }[]): void {
  // A choice of nothing is no JSON Schema.
  if (known.length === 0) return;
  // An empty list of alternatives is no valid schema.
  if (known.length === 0) return;
  part.oneOf = known.map(({ name, title }) => ({ const: name, description: title }));
}

/** Adds the parameters of all owners as properties, in place of "any further key". */
function addParameters(part: JsonSchema, owners: KnownModels["environments"]): void {
  const descriptions = new Map<string, { parameter: Parameter; owners: string[] }>();
  for (const owner of owners) {
    for (const [fullName, parameter] of Object.entries(owner.parameters)) {
      const key = scenarioKey(fullName, parameter.kind);
      const known = descriptions.get(key) ?? { parameter, owners: [] };
      known.owners.push(
        `${owner.name}: ${formatParameterValue(parameter.kind, parameter.value)} (${parameter.provenance})`,
      );
      descriptions.set(key, known);
    }
  }
  const properties = { ...part.properties };
  for (const [key, { parameter, owners: values }] of descriptions) {
    properties[key] = {
      description: `${parameter.meaning} Default of ${values.join(", of ")}.`,
      type: parameter.kind === "flag" ? "boolean" : ["string", "number"],
      examples: [parameter.kind === "flag" ? true : EXAMPLE_OF_KIND[parameter.kind]],
    };
  }
  part.properties = properties;
  part.additionalProperties = false;
}

/** JSON Schema 2020-12 of the file form. */
export function scenarioJsonSchema(models: KnownModels = registeredModels): JsonSchema {
  const schema = z.toJSONSchema(scenarioFileSchema, {
    target: "draft-2020-12",
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      // zod leaves the examples of transformed values out of the schema of what is written; ours are as written.
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  }) as JsonSchema;

  oneOfNames(partAt(schema, "environment", '""'), models.environments);
  oneOfNames(partAt(schema, "environment", "{}", "preset"), models.environments);
  addParameters(partAt(schema, "environment", "{}"), models.environments);
  oneOfNames(partAt(schema, "vms", "[]", "workload", '""'), workloads);
  oneOfNames(partAt(schema, "vms", "[]", "workload", "{}", "preset"), workloads);
  const managers = models.managers ?? [];
  for (const kind of ["migrate", "drain", "maintenance", "balance", "consolidate"]) {
    const entry = partAt(schema, "timeline", "[]", kind);
    oneOfNames(partAt(entry, "profile"), models.profiles);
    addParameters(entry, models.profiles);
    oneOfNames(partAt(entry, "manager", '""'), managers);
    oneOfNames(partAt(entry, "manager", "{}", "name"), managers);
    addParameters(partAt(entry, "manager", "{}"), managers);
  }

  // An entry of the timeline holds exactly one of them.
  partAt(schema, "timeline", "[]").oneOf = KINDS.map((kind) => ({ required: [kind] }));
  for (const collection of ["nodes", "vms"]) {
    partAt(schema, collection, "[]").dependentRequired = { template: ["count"], count: ["template"] };
  }
  return schema;
}
