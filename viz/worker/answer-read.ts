/** A lesson or a scenario from the text of its file, with all that is wrong with it. */
import { parseLesson, parseScenario, type ScenarioProblem, toScenarioFile } from "../simulator.ts";
import { sentence } from "./changed-scenario.ts";
import { type FileDocument, readFileDocument } from "./file-document.ts";
import type { ReadAnswer, ReadRequest } from "./messages.ts";

type Located = Extract<FileDocument, { ok: true }>;

/** Of the things that are wrong with a file: who mends these sees the rest. */
const MOST_TOLD = 10;

export function answerRead({ text, known }: ReadRequest): ReadAnswer {
  const file = readFileDocument(text);
  if (!file.ok) return { kind: "refused", problems: [file.problem] };
  const document = file.content;
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    return {
      kind: "refused",
      problems: [
        "The file holds neither a trace, nor a lesson, nor a scenario. Open what precopy wrote, or a file like those in examples/.",
      ],
    };
  }
  if ("steps" in document || "playground" in document) {
    const read = parseLesson(document, (name) => {
      const scenario = known[fileName(name)];
      if (scenario !== undefined) return { ok: true, value: toScenarioFile(scenario) };
      return {
        ok: false,
        problem: `the page does not hold the scenario ${name}`,
        remedy: `write the scenario into the lesson, open the lesson with precopy view --lesson, or name one of ${Object.keys(known).join(", ")}`,
      };
    });
    return read.ok ? { kind: "lesson", lesson: read.value } : refused("lesson", file, read.problems);
  }
  const read = parseScenario(document);
  return read.ok ? { kind: "scenario", scenario: read.value } : refused("scenario", file, read.problems);
}

/** `qemu-postcopy` of `../qemu-postcopy.yaml`. */
function fileName(path: string): string {
  return (path.split(/[\\/]/).at(-1) as string).replace(/\.(ya?ml|json)$/i, "");
}

function refused(what: string, file: Located, problems: readonly ScenarioProblem[]): ReadAnswer {
  const head = `The ${what} cannot be used: ${problems.length === 1 ? "one thing is" : `${problems.length} things are`} wrong with it.`;
  const told = problems.slice(0, MOST_TOLD).map((problem) => `Line ${file.lineOf(problem.path)}: ${sentence(problem)}`);
  return { kind: "refused", problems: [head, ...told] };
}
