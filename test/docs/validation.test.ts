/** docs/validation.md and its plots are what the simulator says of the measured runs now. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { validationDocs } from "../../scripts/validation-docs.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("tables and plots are current: after a wanted change run npm run validation", async () => {
  const docs = await validationDocs();
  expect(docs.size).toBeGreaterThan(5);
  for (const [path, content] of docs) expect(readFileSync(join(root, path), "utf8"), path).toBe(content);
});
