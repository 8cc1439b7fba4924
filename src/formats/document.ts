/** YAML and JSON documents (JSON is a part of YAML), read so that a problem in them can be traced to its line. */
import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
} from "yaml";
import { type Attempt, badInput, succeeded } from "../failure.ts";

export type DocumentPath = readonly (string | number)[];

export interface PositionedDocument {
  /** Plain data. */
  content: unknown;
  /** Where a path leads, or the nearest existing thing on the way there; lines and columns count from 1. */
  locate(path: DocumentPath): { line: number; column: number };
}

/**
 * Aliases may stand for so many nodes in all and no more: a few lines of aliases of aliases would otherwise grow to
 * gigabytes.
 */
const MOST_ALIASED_NODES = 1000;

/**
 * Levels of lists and mappings. The composer is recursive and a document of tens of thousands of brackets would take
 * the process down, so the depth is checked on its tokens first.
 */
const MOST_LEVELS = 100;

/** @param source what messages call the text */
export function readDocument(text: string, source: string): Attempt<PositionedDocument> {
  const lineCounter = new LineCounter();
  const tokens = [...new Parser(lineCounter.addNewLine).parse(text)];
  if (tokens.some(isTooDeep)) {
    return badInput(`${source}: its lists and mappings are nested too deeply. A scenario needs fewer than ten levels.`);
  }
  const documents = [...new Composer({ stringKeys: true }).compose(tokens)];
  const document = documents[0];
  if (document === undefined) return badInput(`${source} is empty. ${EXAMPLES_REMEDY}`);
  const second = documents[1];
  if (second !== undefined) {
    const { line } = lineCounter.linePos(second.range[0]);
    return badInput(`${source}:${line}: a second document starts here. Give one scenario a file.`);
  }
  try {
    const complaint = document.errors[0] ?? document.warnings[0];
    if (complaint !== undefined) {
      const { line, col } = lineCounter.linePos(complaint.pos[0]);
      return badInput(`${source}:${line}:${col}: not valid YAML: ${describe(complaint.code, complaint.message)}`);
    }
    if (document.contents === null) {
      return badInput(`${source} is empty. ${EXAMPLES_REMEDY}`);
    }
    const content: unknown = document.toJS({ maxAliasCount: MOST_ALIASED_NODES });
    return succeeded({
      content,
      locate(path) {
        const { line, col } = lineCounter.linePos(offsetOf(document, path));
        return { line, column: col };
      },
    });
  } catch (error) {
    // What the aliases stand for is followed only on the way to plain data.
    if (error instanceof ReferenceError && error.message.startsWith("Excessive alias count")) {
      return badInput(
        `${source}: its aliases (*name) stand for too much. Write out what they stand for, or use templates.`,
      );
    }
    if (error instanceof ReferenceError) {
      return badInput(`${source}: an alias has no anchor: ${error.message}. Define it (&name) further up.`);
    }
    throw error;
  }
}

const EXAMPLES_REMEDY = "Start from one of the files in examples/.";

const PLAIN_DESCRIPTIONS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "a key is given twice in one mapping. Keep one of them.",
  TAB_AS_INDENT: "a line is indented by a tab. Use spaces.",
  TAG_RESOLVE_FAILED: "it has a tag (!name) without meaning here. Remove the tag.",
};

function describe(code: string, message: string): string {
  const plain = PLAIN_DESCRIPTIONS[code];
  if (plain !== undefined) return plain;
  const firstLine = (message.split("\n", 1)[0] as string).trim();
  return `${firstLine}${/[.!?]$/.test(firstLine) ? "" : "."} Mend the line, or check its indentation.`;
}

/** Offset in the text of what `path` leads to: of its key where it is in a mapping, for that is what a reader looks for. */
function offsetOf(document: Document, path: DocumentPath): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document as Document<Node>);
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(step)];
      if (!isNode(item)) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else {
      return offset;
    }
  }
  return offset;
}

function isTooDeep(token: CST.Token): boolean {
  const waiting: { token: CST.Token; level: number }[] = [{ token, level: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.level > MOST_LEVELS) return true;
    if (next.token.type === "document" && next.token.value !== undefined) {
      waiting.push({ token: next.token.value, level: next.level });
    }
    if (!("items" in next.token)) continue;
    for (const { key, value } of next.token.items) {
      if (key !== undefined && key !== null) waiting.push({ token: key, level: next.level + 1 });
      if (value !== undefined) waiting.push({ token: value, level: next.level + 1 });
    }
  }
  return false;
}
