/** A convergence rule of one's own, from a JavaScript module. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type PolicyDefinition, PolicyFault, whyNoPolicy } from "../../sim/index.ts";
import { type Attempt, badInput, describeSystemError, type Failure, succeeded } from "../failure.ts";
import { importModule } from "../native-import.ts";

const HOW_TO = "See docs/policies.md.";

/** Runs the module and takes its default export. Imported once a thread: a module is not read twice. */
export async function loadPolicy(path: string): Promise<Attempt<PolicyDefinition>> {
  let module: { default?: unknown };
  try {
    module = (await importModule(pathToFileURL(resolve(path)).href)) as { default?: unknown };
  } catch (error) {
    return badInput(`--policy ${path}: ${whyNotLoaded(error, path)}`);
  }
  if (!("default" in module)) {
    return badInput(
      `--policy ${path}: it has no default export. Write \`export default definePolicy({ ... })\`. ${HOW_TO}`,
    );
  }
  const fault = whyNoPolicy(module.default);
  if (fault === null) return succeeded(module.default as PolicyDefinition);
  return badInput(
    `--policy ${path}: its default export is no policy: ${fault.problem}. Instead, ${fault.remedy}. ${HOW_TO}`,
  );
}

/** A policy that broke while it was asked; null for any other error. */
export function policyFailure(error: unknown, path: string): Failure | null {
  if (!(error instanceof PolicyFault)) return null;
  return badInput(`--policy ${path}: ${error.problem}. To mend it, ${error.remedy}.`).failure;
}

function whyNotLoaded(error: unknown, path: string): string {
  const code = (error as { code?: unknown } | null)?.code;
  const message = error instanceof Error ? (error.message.split("\n")[0] as string) : String(error);
  if (code === "ERR_MODULE_NOT_FOUND") {
    const missing = (error as { url?: string }).url;
    if (missing === pathToFileURL(resolve(path)).href) return "there is no such file. Check the path.";
    return (
      `it imports what is not there: ${message.replace(/ imported from .*/, "")}. Install that beside the file; ` +
      "a policy needs no import: `export default { name, begin }` is enough."
    );
  }
  if (code === "ERR_UNSUPPORTED_DIR_IMPORT") return "it is a folder. Name a file.";
  if (/^ERR_IMPORT_(ATTRIBUTE|ASSERTION)/.test(String(code))) return `it is data, not a JavaScript module. ${HOW_TO}`;
  if (code === "ERR_UNKNOWN_FILE_EXTENSION")
    return "this Node cannot run it. Give JavaScript: compile TypeScript first (tsc).";
  if (typeof code === "string" && /^E[A-Z]+$/.test(code)) {
    const { problem, remedy } = describeSystemError(error);
    return `${problem}. ${remedy}`;
  }
  if (message.includes("does not provide an export")) return `it imports what is not there: ${message}. ${HOW_TO}`;
  const place = error instanceof SyntaxError ? /^file:\/\/\S*?:(\d+)/.exec(error.stack ?? "")?.[1] : undefined;
  if (error instanceof SyntaxError)
    return `it is no JavaScript module${place === undefined ? "" : ` (line ${place})`}: ${message}. ${HOW_TO}`;
  return `it failed as it was loaded: ${message}. ${HOW_TO}`;
}
