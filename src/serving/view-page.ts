/** What `precopy view` serves, until it is told to stop. */
import { open, readFile } from "node:fs/promises";
import { type Answer, answerFailure, answerWith } from "../answer.ts";
import { type Attempt, badInput, describeSystemError, succeeded, systemFailure } from "../failure.ts";
import { embedSource, type PageSource } from "../formats/html.ts";
import { readLesson } from "../formats/lesson-file.ts";
import { readScenario } from "../formats/scenario-file.ts";
import { nameOfSource, readTextFile, STANDARD_STREAM } from "../formats/text-file.ts";
import { type GrowingTrace, growingFile, growingStream } from "./growing-trace.ts";
import { openBrowser } from "./open-browser.ts";
import { type ServedPage, servePage, TRACE_PATH } from "./page-server.ts";

export interface ViewRequest {
  /** A trace or a scenario, `-` for a trace on standard input; null for the page's own example. */
  path: string | null;
  lesson: string | null;
  seed: string | null;
  settings: Readonly<Record<string, string | number | boolean>>;
  opensBrowser: boolean;
  /** The built page. */
  pageTemplate: string;
  stopping: AbortSignal;
  /** The address, as soon as it answers. */
  tellAddress: (url: string) => void;
  tell: (notice: string) => void;
}

export async function viewPage(request: ViewRequest): Promise<Answer> {
  const page = await pageOf(request);
  if (!page.ok) return answerFailure(page.failure);
  let server: Awaited<ReturnType<typeof servePage>>;
  try {
    server = await servePage(page.value);
  } catch (error) {
    return answerFailure(systemFailure(`cannot serve the page: ${describeSystemError(error).problem}.`).failure);
  }
  request.tellAddress(server.url);
  if (request.opensBrowser && !(await openBrowser(server.url))) {
    request.tell("no browser could be started: open the address yourself.");
  }
  request.tell("serving the page to this machine alone, until Ctrl-C.");
  await stopOf(request.stopping);
  await server.close();
  // To be stopped is how this ends well.
  return answerWith("");
}

function stopOf(stopping: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stopping.aborted) resolve();
    else stopping.addEventListener("abort", () => resolve(), { once: true });
  });
}

async function pageOf(request: ViewRequest): Promise<Attempt<ServedPage>> {
  let html: string;
  try {
    html = await readFile(request.pageTemplate, "utf8");
  } catch {
    return systemFailure(
      "the page is missing from this installation of precopy. Build it (npm run build), or install precopy anew.",
    );
  }
  const opened = await openedBy(request);
  if (!opened.ok) return opened;
  const { source, trace } = opened.value;
  const filled = source === null ? html : embedSource(html, source);
  if (filled === null) {
    return systemFailure(`the page ${request.pageTemplate} has no place for what it is to open. Build it anew.`);
  }
  return succeeded({ html: filled, trace });
}

interface Opened {
  source: PageSource | null;
  trace: GrowingTrace | null;
}

async function openedBy({ path, lesson, seed, settings, stopping }: ViewRequest): Promise<Attempt<Opened>> {
  if (lesson !== null) {
    const text = await readTextFile(lesson, stopping, "Give a lesson in YAML or JSON, in UTF-8.");
    if (!text.ok) return text;
    const read = readLesson(text.value, lesson);
    return read.ok ? succeeded({ source: { kind: "lesson", lesson: read.value }, trace: null }) : read;
  }
  if (path === null) return succeeded({ source: null, trace: null });
  const follow: PageSource = { kind: "follow", path: TRACE_PATH };
  if (path === STANDARD_STREAM) return succeeded({ source: follow, trace: growingStream(process.stdin) });
  const isTrace = await looksLikeTrace(path);
  if (!isTrace.ok) return isTrace;
  if (isTrace.value) return succeeded({ source: follow, trace: growingFile(path) });
  const text = await readTextFile(path, stopping);
  if (!text.ok) return text;
  const scenario = readScenario(text.value, nameOfSource(path), settings);
  if (!scenario.ok) return scenario;
  const { value } = scenario;
  return succeeded({ source: { kind: "scenario", scenario: value, seed: seed ?? value.seed }, trace: null });
}

/** Enough of a file to see its first line's beginning. */
const FIRST_BYTES = 64;

/** By its name, or by how it begins: a trace that is still being written may be empty. */
async function looksLikeTrace(path: string): Promise<Attempt<boolean>> {
  try {
    const file = await open(path, "r");
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(FIRST_BYTES), 0, FIRST_BYTES, 0);
      const start = new TextDecoder().decode(buffer.subarray(0, bytesRead));
      return succeeded(path.toLowerCase().endsWith(".jsonl") || /^\s*\{\s*"type"\s*:\s*"header"/.test(start));
    } finally {
      await file.close();
    }
  } catch (error) {
    const { problem, remedy } = describeSystemError(error);
    return badInput(`cannot read ${path}: ${problem}. ${remedy}`);
  }
}
