/** Who may import whom: the floors of the simulator, and its one public entry. */
import { posix } from "node:path";
import ts from "typescript";

/** The floors of sim/. A file sees its own folder and the floors below; sim's own top, simulate.ts and index.ts, sees all. */
const floors = new Map([
  ["trace", 1],
  ["kernel", 2],
  ["memory", 3],
  ["network", 3],
  ["event-log", 3],
  ["storage", 4],
  ["cluster", 5],
  ["migration", 6],
  ["hypervisors", 7],
  ["orchestration", 7],
  ["scenario", 8],
  ["world", 9],
  ["lesson", 9],
]);
const topFloor = 10;

/** What the package, once installed, may need: nothing else would be there. */
export interface Packages {
  /** Packages that installing precopy brings. */
  installed: readonly string[];
  /** Those of them that run alike in Node and in the page, and so may be used by the simulator. */
  pure: readonly string[];
}

/** One sentence for each import in a file of sim/, src/ or viz/ that the house does not allow. */
export function forbiddenImports(path: string, source: string, packages: Packages): string[] {
  return ts
    .preProcessFile(source, true, true)
    .importedFiles.map(({ fileName }) => fileName.replace(/\?.*$/, ""))
    .flatMap((imported) => {
      const reason = imported.startsWith(".")
        ? reasonAgainstFile(path, posix.join(posix.dirname(path), imported))
        : reasonAgainstPackage(path, imported, packages);
      return reason ? [`${path} imports ${imported}: ${reason}`] : [];
    });
}

function reasonAgainstFile(from: string, to: string): string | undefined {
  const [fromPart, toPart] = [from.split("/")[0], to.split("/")[0]];
  if (fromPart !== "sim") {
    if (toPart === "sim") return to === "sim/index.ts" ? undefined : "the simulator is seen through sim/index.ts only";
    // The page opens with an example, which its build reads and checks.
    if (fromPart === "viz" && /^examples\/.*\.yaml$/.test(to)) return undefined;
    return toPart === fromPart ? undefined : `${fromPart} does not depend on ${toPart}`;
  }
  if (toPart !== "sim") return "the simulator imports nothing from outside sim/";
  const [fromFloor, toFloor] = [floorOf(from), floorOf(to)];
  if (fromFloor === undefined || toFloor === undefined) return "a folder of sim/ without a floor";
  if (posix.dirname(from) === posix.dirname(to) || folderOf(from) === folderOf(to)) return undefined;
  return toFloor < fromFloor ? undefined : `floor ${fromFloor} does not see floor ${toFloor}`;
}

function reasonAgainstPackage(from: string, specifier: string, packages: Packages): string | undefined {
  const part = from.split("/")[0];
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  if (part === "sim")
    return packages.pure.includes(name) ? undefined : "not known to run alike in Node and in the page";
  if (specifier.startsWith("node:")) return part === "src" ? undefined : "the page runs in a browser";
  // The page is bundled, so what it uses need not be there once the package is installed; its build says what is missing.
  return part === "viz" || packages.installed.includes(name) ? undefined : "not among the dependencies in package.json";
}

function folderOf(path: string): string | undefined {
  const [, folder, file] = path.split("/");
  return file === undefined ? undefined : folder;
}

function floorOf(path: string): number | undefined {
  const folder = folderOf(path);
  return folder === undefined ? topFloor : floors.get(folder);
}
