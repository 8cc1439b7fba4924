/** Lesson files: YAML or JSON in, a lesson out, problems told with file, line and path. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Lesson, parseLesson } from "../../sim/index.ts";
import { type Attempt, badInput, describeSystemError, succeeded } from "../failure.ts";
import { readDocument } from "./document.ts";
import { tellProblems } from "./scenario-file.ts";

/**
 * Reads a lesson, and the scenarios that it names.
 * @param path of the lesson's file, from whose folder it names scenarios
 */
export function readLesson(text: string, path: string): Attempt<Lesson> {
  const document = readDocument(text, path);
  if (!document.ok) return document;
  const { content, locate } = document.value;
  const parsed = parseLesson(content, (name) => findScenario(resolve(dirname(path), name), name));
  return parsed.ok ? succeeded(parsed.value) : badInput(tellProblems(parsed.problems, path, locate));
}

type Found = ReturnType<Parameters<typeof parseLesson>[1]>;

function findScenario(path: string, name: string): Found {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { problem } = describeSystemError(error);
    return {
      ok: false,
      problem: `the scenario ${name} cannot be read: ${problem}`,
      remedy: "name it from the lesson's own folder",
    };
  }
  const document = readDocument(text, name);
  if (document.ok) return { ok: true, value: document.value.content };
  return { ok: false, problem: document.failure.message.replace(/[.\s]+$/, ""), remedy: "mend the scenario's file" };
}
