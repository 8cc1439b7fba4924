import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Builds dist/ unless it was built from these very files: no test ever meets a stale build. */
export default function buildOnce(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL("../../scripts/build.mjs", import.meta.url)), "--if-changed"], {
    stdio: ["ignore", "inherit", "inherit"],
  });
}
