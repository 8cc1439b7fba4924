/** Where the program's own files are. It runs bundled or from its modules, which lie at different depths. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A file that is at the package's root and nowhere else; a package.json is beside the bundle too. */
const AT_ROOT = join("schema", "scenario.schema.json");

/** Absolute path of a file of this package, given from the package's root. */
export function installedFile(path: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, AT_ROOT))) folder = dirname(folder);
  return join(folder, path);
}
