/** One scenario, run: the work behind `precopy run`, apart from flags and streams. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { ENGINE_VERSION, type PolicyDefinition, type RunResult, type Scenario, simulate } from "../../sim/index.ts";
import { type Answer, answerFailure, answerWith } from "../answer.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { type Attempt, succeeded, systemFailure } from "../failure.ts";
import { openEventLog } from "../formats/event-log-file.ts";
import { embedTrace } from "../formats/html.ts";
import { colourPaint, plainPaint } from "../formats/paint.ts";
import { readScenario } from "../formats/scenario-file.ts";
import { formatCommand } from "../formats/shell.ts";
import { formatSummary } from "../formats/summary.ts";
import { nameOfSource } from "../formats/text-file.ts";
import { traceFormatOf } from "../formats/trace-formats.ts";
import { openJsonLinesTrace } from "../formats/trace-jsonl.ts";
import type { OpenTraceSink, TraceOpening, TraceSink } from "../formats/trace-sink.ts";
import { WholeFile, type WholeFilePlan, WriteFailure } from "../formats/whole-file.ts";
import { withPolicy } from "./with-policy.ts";

/** Plain data: it crosses to another thread. */
export interface RunRequest {
  /** A file, or `-` for standard input. */
  scenario: string;
  /** What it holds. */
  text: string;
  /** Instead of the scenario's own. */
  seed: string | null;
  /** Set over the scenario before it is read, by dotted path. */
  settings: Readonly<Record<string, string | number | boolean>>;
  /** A module with a convergence rule of one's own; null for the hypervisors'. */
  policy: string | null;
  json: boolean;
  listAssumptions: boolean;
  colour: boolean;
  traces: WholeFilePlan[];
  html: WholeFilePlan | null;
  eventLog: WholeFilePlan | null;
  /** Where the result goes; null is standard output. */
  output: WholeFilePlan | null;
  /** The built page, into which `html` puts the trace. */
  pageTemplate: string;
}

export function runScenario(request: RunRequest): Promise<Answer> {
  return withPolicy(request.policy, (policy) => runWith(policy, request));
}

/** At once, for a request that asks for no file and no rule of one's own. */
export function runWithoutFiles(request: RunRequest): Answer {
  const scenario = readScenario(request.text, nameOfSource(request.scenario), request.settings);
  if (!scenario.ok) return answerFailure(scenario.failure);
  return simulateInto(new RunFiles(), scenario.value, null, "", [], request);
}

async function runWith(policy: PolicyDefinition | null, request: RunRequest): Promise<Answer> {
  const scenario = readScenario(request.text, nameOfSource(request.scenario), request.settings);
  if (!scenario.ok) return answerFailure(scenario.failure);
  const page = request.html === null ? succeeded("") : readPage(request.pageTemplate);
  if (!page.ok) return answerFailure(page.failure);
  const openers = await Promise.all(request.traces.map(({ path }) => loadTraceFormat(path)));
  const files = new RunFiles();
  try {
    return simulateInto(files, scenario.value, policy, page.value, openers, request);
  } catch (error) {
    if (error instanceof WriteFailure) return answerFailure(systemFailure(error.message).failure);
    throw error;
  } finally {
    files.abandon();
  }
}

function simulateInto(
  files: RunFiles,
  scenario: Scenario,
  policy: PolicyDefinition | null,
  page: string,
  openers: readonly OpenTraceSink[],
  request: RunRequest,
): Answer {
  const seed = request.seed ?? scenario.seed;
  const opening: TraceOpening = { scenario, seed, engineVersion: ENGINE_VERSION, policy: policy?.name ?? null };
  const sinks: TraceSink[] = openers.map((open, index) => {
    const file = files.open(request.traces[index] as WholeFilePlan);
    return open(opening, (piece) => file.write(piece));
  });
  const pageTrace: string[] = [];
  const pageFile = request.html === null ? null : files.open(request.html);
  if (pageFile !== null) sinks.push(openJsonLinesTrace(opening, (piece) => pageTrace.push(String(piece))));
  const eventLogFile = request.eventLog === null ? null : files.open(request.eventLog);
  if (eventLogFile !== null) sinks.push(openEventLog(eventLogFile.plan.path, (text) => eventLogFile.write(text)));
  const outputFile = request.output === null ? null : files.open(request.output);

  let events = 0;
  let lastSeconds = 0;
  const result = simulate(scenario, {
    seed,
    policy,
    sha256: (text) => createHash("sha256").update(text).digest("hex"),
    ...(sinks.length > 0 && {
      onEvent(event) {
        events += 1;
        lastSeconds = event.t;
        for (const sink of sinks) sink.record(event);
      },
    }),
  });
  for (const sink of sinks) sink.close(lastSeconds, result);
  if (pageFile !== null) {
    const filled = embedTrace(page, pageTrace.join(""));
    if (filled === null) return answerFailure(damagedPage(request.pageTemplate).failure);
    pageFile.write(filled);
  }

  const output = formatResult(result, request, events);
  outputFile?.write(output);
  files.appear();
  const isMoved = result.migrations.every((migration) => migration.outcome === "completed");
  const isUp = result.failover?.machines.every(({ outcome }) => outcome === "restarted") ?? true;
  const completed = isMoved && isUp;
  const exitCode = completed ? EXIT_CODES.success : EXIT_CODES.answerIsNo;
  return answerWith(outputFile === null ? output : "", listWrittenFiles(request), exitCode);
}

function loadTraceFormat(path: string): Promise<OpenTraceSink> {
  const format = traceFormatOf(path);
  if (format === null) throw new Error(`no trace format is known for ${path}`);
  return format.load();
}

function formatResult(result: RunResult, request: RunRequest, events: number): string {
  const settings = Object.entries(request.settings).flatMap(([path, value]) => ["--set", `${path}=${value}`]);
  const rule = request.policy === null ? [] : ["--policy", request.policy];
  const command = formatCommand(["precopy", "run", request.scenario, ...settings, ...rule, "--seed", result.seed]);
  if (request.json) return `${JSON.stringify({ ...result, command }, null, 2)}\n`;
  const files = request.traces.map(({ path }) => ({ what: "Trace", path, remark: `(${events} events)` }));
  if (request.eventLog !== null)
    files.push({ what: "Event log", path: request.eventLog.path, remark: "(what the hypervisors would have logged)" });
  if (request.html !== null) files.push({ what: "Page", path: request.html.path, remark: "(open it in a browser)" });
  return formatSummary(result, {
    paint: request.colour ? colourPaint : plainPaint,
    listAssumptions: request.listAssumptions,
    files,
    command,
  });
}

/** The summary on standard output names the files itself. */
function listWrittenFiles({ json, traces, html, eventLog, output }: RunRequest): string[] {
  const beside = json || output !== null ? [...traces, html, eventLog] : [];
  return [...beside, output].filter((plan) => plan !== null).map(({ path }) => `wrote ${path}`);
}

function readPage(path: string): Attempt<string> {
  try {
    return succeeded(readFileSync(path, "utf8"));
  } catch {
    return systemFailure(
      "the page is missing from this installation of precopy. Build it (npm run build), or install precopy anew.",
    );
  }
}

function damagedPage(path: string) {
  return systemFailure(`the page ${path} has no place for a trace. Build it (npm run build), or install precopy anew.`);
}

/** The files of a run: all of them appear, or none. */
class RunFiles {
  readonly #files: WholeFile[] = [];

  open(plan: WholeFilePlan): WholeFile {
    const file = new WholeFile(plan);
    this.#files.push(file);
    return file;
  }

  appear(): void {
    for (const file of this.#files) file.finish();
    for (const file of this.#files) file.appear();
  }

  abandon(): void {
    for (const file of this.#files) file.abandon();
  }
}
