import type { Command } from "commander";
import { type Answer, answerFailure } from "../answer.ts";
import { addOutputOption } from "./options.ts";
import type { CommandSession } from "./session.ts";

interface ProfilesFlags {
  json?: true;
  output?: string;
}

/** Lines of text are hard to read beyond this. */
const WIDEST = 100;

export function addProfilesCommand(program: Command, session: CommandSession): void {
  const command = program
    .command("profiles")
    .summary("list hypervisors, hosts and managers, with their constants")
    .description(
      "Lists the profiles, managers and environments that scenarios can name. With a name: every parameter, its default, range, meaning and source, and whether it is documented, measured or assumed.",
    )
    .argument("[name]", "a profile, a manager or an environment")
    .option("--json", "print JSON, values in seconds, bytes and bytes per second");
  addOutputOption(command);
  command.addHelpText(
    "before",
    `Examples:
  precopy profiles
  precopy profiles hyper-v-2016
  precopy profiles qemu-kvm-hosts --json
`,
  );
  command.action((name: string | undefined, flags: ProfilesFlags) =>
    session.answer(() => listProfiles(name ?? null, flags)),
  );
}

async function listProfiles(name: string | null, flags: ProfilesFlags): Promise<Answer> {
  const [
    { suggestion },
    { formatModel, formatModels, listedModels, modelAsJson, modelsAsJson },
    { answerOrWrite },
    { badInput },
    { colourPaint, plainPaint, wantsColour },
    { WIDTH },
  ] = await Promise.all([
    import("../../sim/index.ts"),
    import("../formats/model-listing.ts"),
    import("../formats/output.ts"),
    import("../failure.ts"),
    import("../formats/paint.ts"),
    import("../formats/wrap.ts"),
  ]);
  const models = listedModels;
  const model = name === null ? null : models.find((each) => each.name === name);
  if (model === undefined) {
    const names = models.map((each) => each.name);
    const remedy = suggestion(name as string, names, "names");
    const sentence = `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}`;
    return answerFailure(
      badInput(`there is no profile, manager or environment "${name}".\n${sentence}\nprecopy profiles lists them all.`)
        .failure,
    );
  }
  const output = flags.output ?? null;
  if (flags.json === true) {
    const data = model === null ? modelsAsJson(models) : modelAsJson(model);
    return answerOrWrite(`${JSON.stringify(data, null, 2)}\n`, output);
  }
  const paint = output === null && wantsColour(process.stdout) ? colourPaint : plainPaint;
  const { columns } = process.stdout;
  const width = output === null && columns > 0 ? Math.min(WIDEST, Math.max(WIDTH / 2, columns)) : WIDTH;
  const text = model === null ? formatModels(models, paint, width) : formatModel(model, paint, width);
  return answerOrWrite(text, output);
}
