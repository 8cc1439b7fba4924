import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ENGINE_VERSION } from "../../sim/index.ts";
import { filesIn, read, root } from "./files.ts";

const manifest = JSON.parse(read("package.json"));

describe("what is published stands by itself", () => {
  it("has every file that package.json names", () => {
    // The program is published as a bundle of what src/cli.ts leads to.
    const built = (path: string) =>
      path
        .replace(/^(\.\/)?dist\//, "")
        .replace("cli/precopy.js", "src/cli.js")
        .replace(/(\.d\.ts|\.js)$/, ".ts");
    const named = [
      ...manifest.files.filter((path: string) => !path.includes("dist")),
      ...Object.values<string>(manifest.bin).map(built),
      ...Object.values<string | object>(manifest.exports).flatMap((target) =>
        Object.values<string>(typeof target === "string" ? { target } : (target as Record<string, string>)).map(built),
      ),
    ];
    expect(named.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
  });

  it("says in every result the version that is published", () => {
    expect(ENGINE_VERSION).toBe(manifest.version);
  });

  it("names no path of one machine, and nothing outside the project", () => {
    const foreign = /(^|[^\w.])\/(work|tmp|root|home|Users)\/|\.\.\/shared\b/;
    const found = ["sim", "src", "viz", "examples", "docs", "benchmarks", "schema"]
      .flatMap((folder) => filesIn(folder))
      .flatMap((path) =>
        read(path)
          .split("\n")
          .flatMap((line, i) => (foreign.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
      );
    expect(found).toEqual([]);
  });
});
