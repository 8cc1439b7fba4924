/** Scenario documents, read and written with the models that this version knows. */
import { knownModels } from "./known-models.ts";
import { toScenarioFile as writeFileForm } from "./scenario/file-form.ts";
import { type JsonSchema, scenarioJsonSchema as jsonSchemaWithModels } from "./scenario/json-schema.ts";
import { parseScenario as parseWithModels } from "./scenario/normalise.ts";
import type { DocumentOverrides } from "./scenario/overrides.ts";
import type { ScenarioResult } from "./scenario/problem.ts";
import type { Scenario } from "./scenario/scenario.ts";
import type { ScenarioFileInput } from "./scenario/schema.ts";

/**
 * Reads a scenario: plain data as a YAML or JSON reader gives it. Gives all problems, each with its path and remedy;
 * never throws.
 * @param overrides values set over the document first, by dotted path (`{"vms.web01.memory": "8 GiB"}`)
 */
export function parseScenario(document: unknown, overrides: DocumentOverrides = {}): ScenarioResult<Scenario> {
  return parseWithModels(document, { models: knownModels, overrides });
}

/** A scenario in the form of a scenario file, every quantity an SI number; reading it gives the same scenario again. */
export function toScenarioFile(scenario: Scenario): ScenarioFileInput {
  return writeFileForm(scenario, knownModels);
}

/** The JSON Schema (2020-12) of scenario files, for editors. */
export function scenarioJsonSchema(): JsonSchema {
  return jsonSchemaWithModels(knownModels);
}
