/** Scenario files: YAML or JSON in, a normalised scenario out, problems told with file, line and path. */
import {
  type DocumentOverrides,
  formatPath,
  parseScenario,
  type Scenario,
  type ScenarioProblem,
} from "../../sim/index.ts";
import { type Attempt, badInput, succeeded } from "../failure.ts";
import { type PositionedDocument, readDocument } from "./document.ts";

/** Problems told at once; a file with more of them has one cause for most. */
const MOST_PROBLEMS = 20;

/**
 * @param source what messages call the text
 * @param settings values set over the text's, by dotted path
 */
export function readScenario(text: string, source: string, settings: DocumentOverrides = {}): Attempt<Scenario> {
  const document = readDocument(text, source);
  if (!document.ok) return document;
  const { content, locate } = document.value;
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    return badInput(
      `${source}:1: this is not a scenario: it holds no keys with values (\`nodes: ...\`). Start from one of the files in examples/.`,
    );
  }
  const parsed = parseScenario(content, { overrides: settings });
  if (parsed.ok) return succeeded(parsed.value);
  return badInput(tellProblems(parsed.problems, source, locate));
}

/** Problems of a file, each with its line, in their order there. */
export function tellProblems(
  problems: readonly ScenarioProblem[],
  source: string,
  locate: PositionedDocument["locate"],
): string {
  const lines = problems
    .map((problem) => ({ ...problem, place: locate(problem.path) }))
    .sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
    .map(({ path, problem, remedy, place }) => {
      return `${source}:${place.line}:${place.column}: ${formatPath(path)}: ${problem}.\n  ${asSentence(remedy)}`;
    });
  if (lines.length === 1) return lines[0] as string;
  const shown = lines.slice(0, MOST_PROBLEMS);
  if (shown.length < lines.length) shown.push(`... and ${lines.length - shown.length} more.`);
  return `${lines.length} problems in ${source}\n${shown.join("\n")}`;
}

function asSentence(text: string): string {
  const sentence = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
