/** A YAML or JSON file as plain data, and the lines that its parts stand on. */
import { type Document, isNode, LineCounter, parseDocument } from "yaml";

export type FileDocument =
  | { ok: true; content: unknown; lineOf(path: readonly (string | number)[]): number }
  | { ok: false; problem: string };

/** No lesson and no scenario written by hand comes near; larger ones come from a program, and belong to the command line. */
const MOST_CHARACTERS = 20e6;
/** Aliases may stand for so many nodes in all: a few lines of aliases of aliases would otherwise grow to gigabytes. */
const MOST_ALIASED_NODES = 1000;

export function readFileDocument(text: string): FileDocument {
  if (text.length > MOST_CHARACTERS) {
    return { ok: false, problem: "The file is too long for a lesson or a scenario. Run it with precopy run instead." };
  }
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, logLevel: "error", prettyErrors: false });
    const [fault] = document.errors;
    if (fault !== undefined) {
      const where = `line ${lines.linePos(fault.pos[0]).line}`;
      return { ok: false, problem: `This is neither YAML nor JSON: ${where}: ${firstSentence(fault.message)}` };
    }
    const content: unknown = document.toJS({ maxAliasCount: MOST_ALIASED_NODES });
    return { ok: true, content, lineOf: (path) => lines.linePos(offsetOf(document, path)).line };
  } catch (error) {
    // Nesting without end, or aliases that stand for too much.
    const said = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      problem: `The file cannot be read: ${firstSentence(said)} Write it with fewer levels and aliases.`,
    };
  }
}

function firstSentence(message: string): string {
  return (message.split("\n", 1)[0] as string).replace(/[:.]?\s*$/, ".");
}

/** Of what is there, or else of the nearest thing around it. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
