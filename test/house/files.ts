/** The project's own files, as the checks of the house read them. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Paths below `folder`, from the project's root, with `/` on every system. */
export function filesIn(folder: string, extension = ""): string[] {
  return readdirSync(`${root}${folder}`, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length).replaceAll("\\", "/"))
    .sort();
}

export function read(path: string): string {
  return readFileSync(`${root}${path}`, "utf8");
}
