/**
 * Everything that README.md and docs/ show is run. A `console` block holds commands (`$ npx precopy ...`), each followed by what
 * it prints; a line `...` stands for any number of lines. A `js` block is a program that must end well.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const PROGRAM = `"${process.execPath}" dist/cli/precopy.js`;
const documents = ["README.md", ...readdirSync(join(root, "docs")).map((name) => join("docs", name))].filter((name) =>
  name.endsWith(".md"),
);

/** Contents of the fenced blocks of one language. */
function blocksOf(document: string, language: string): string[] {
  const text = readFileSync(join(root, document), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    ([, block]) => block as string,
  );
}

interface Shown {
  command: string;
  output: string[];
}

function commandsOf(block: string): Shown[] {
  const shown: Shown[] = [];
  for (const line of block.trimEnd().split("\n")) {
    if (line.startsWith("$ ")) shown.push({ command: line.slice(2), output: [] });
    else shown.at(-1)?.output.push(line);
  }
  return shown;
}

function run(command: string): string[] {
  mkdirSync(join(root, "precopy-output"), { recursive: true });
  const done = spawnSync("sh", ["-c", command.replace(/^npx precopy\b/, PROGRAM)], {
    cwd: root,
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "" },
  });
  expect(done.stderr, command).not.toMatch(/error|problem/i);
  return done.stdout.trimEnd().split("\n");
}

/** Whether `actual` is `shown`, where a shown line `...` stands for any lines. */
function agrees(shown: readonly string[], actual: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return actual.length === 0;
  if (first === "...") return actual.some((_, index) => agrees(rest, actual.slice(index))) || rest.length === 0;
  return first === actual[0] && agrees(rest, actual.slice(1));
}

const shown = documents.flatMap((document) =>
  blocksOf(document, "console")
    .flatMap(commandsOf)
    .map((command) => ({ document, ...command })),
);
const programs = documents.flatMap((document) => blocksOf(document, "js").map((program) => ({ document, program })));

test("the documents show something", () => {
  expect(shown.length).toBeGreaterThanOrEqual(4);
  expect(programs.length).toBeGreaterThanOrEqual(1);
});

describe.each(shown)("$document: $command", ({ command, output }) => {
  test("prints what is shown", () => {
    const actual = run(command);
    if (!agrees(output, actual)) expect(actual).toEqual(output);
  });
});

describe.each(programs)("the program in $document", ({ program }) => {
  test("ends well", () => {
    const done = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: root,
      encoding: "utf8",
    });
    expect(done.stderr).toBe("");
    expect(done.status).toBe(0);
    expect(done.stdout).not.toContain("NaN");
  });
});
