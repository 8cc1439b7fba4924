/** Checks the queue against a real redis-server, which must be installed: the tests in test/redis. */
import { spawnSync } from "node:child_process";

const found = spawnSync("redis-server", ["--version"], { encoding: "utf8" });
if (found.status !== 0) {
  console.error("There is no redis-server here: the queue was not checked. Install one (Debian: redis-server).");
  process.exit(1);
}
console.log(found.stdout.trim());
const { status } = spawnSync("npx", ["vitest", "run", "--project", "built", "test/redis"], {
  stdio: "inherit",
  env: { ...process.env, PRECOPY_CHECK_REDIS: "1" },
});
process.exitCode = status ?? 1;
