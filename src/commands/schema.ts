import type { Command } from "commander";
import type { Answer } from "../answer.ts";
import { addOutputOption } from "./options.ts";
import type { CommandSession } from "./session.ts";

interface SchemaFlags {
  lesson?: true;
  output?: string;
}

export function addSchemaCommand(program: Command, session: CommandSession): void {
  const command = program
    .command("schema")
    .summary("print the JSON Schema of scenario files, or of lessons")
    .description(
      "Prints the JSON Schema of scenario files. Editors complete and check a scenario whose first line names the schema:\n# yaml-language-server: $schema=scenario.schema.json",
    )
    .addHelpText("before", "Examples:\n  precopy schema\n  precopy schema -o scenario.schema.json\n");
  command.option("--lesson", "of lesson files, for the page (docs/lessons.md)");
  addOutputOption(command);
  command.action((flags: SchemaFlags) => session.answer(() => printSchema(flags)));
}

async function printSchema(flags: SchemaFlags): Promise<Answer> {
  const [{ lessonJsonSchema, scenarioJsonSchema }, { answerOrWrite }] = await Promise.all([
    import("../../sim/index.ts"),
    import("../formats/output.ts"),
  ]);
  const schema = flags.lesson === true ? lessonJsonSchema() : scenarioJsonSchema();
  return answerOrWrite(`${JSON.stringify(schema, null, 2)}\n`, flags.output ?? null);
}
