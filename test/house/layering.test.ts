import { describe, expect, it } from "vitest";
import { filesIn, read } from "./files.ts";
import { forbiddenImports, type Packages } from "./imports.ts";

const packages: Packages = {
  installed: Object.keys(JSON.parse(read("package.json")).dependencies),
  pure: ["seedrandom", "zod", "@noble/hashes"],
};

describe("imports run downwards only", () => {
  it.each(["sim", "src", "viz"])("in %s", (part) => {
    const files = filesIn(part, ".ts");
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap((path) => forbiddenImports(path, read(path), packages))).toEqual([]);
  });
});

describe("the check itself", () => {
  it.each([
    ["sim/kernel/streams.ts", `import { volume } from "../storage/volume.ts";`],
    ["sim/kernel/streams.ts", `import type { Volume } from "../storage/volume.ts";`],
    ["sim/kernel/streams.ts", `export * from "../storage/volume.ts";`],
    ["sim/kernel/streams.ts", `const volume = await import("../storage/volume.ts");`],
    ["sim/kernel/streams.ts", `let volume: import("../storage/volume.ts").Volume;`],
    ["sim/memory/classes.ts", `import { link } from "../network/link.ts";`],
    ["sim/scenario/build.ts", `import { simulate } from "../simulate.ts";`],
    ["sim/scenario/build.ts", `import { simulate } from "../index.ts";`],
    ["sim/tools/build.ts", `import { heap } from "../kernel/heap.ts";`],
    ["sim/scenario/build.ts", `import { run } from "../../src/commands/run.ts";`],
    ["sim/scenario/build.ts", `import { readFileSync } from "node:fs";`],
    ["sim/scenario/build.ts", `import { parse } from "yaml";`],
    ["src/cli.ts", `import { heap } from "../sim/kernel/heap.ts";`],
    ["src/cli.ts", `import { draw } from "../viz/main.ts";`],
    ["src/cli.ts", `import { chromium } from "playwright-core";`],
    ["viz/main.ts", `import { heap } from "../sim/kernel/heap.ts";`],
    ["src/cli.ts", `import example from "../examples/idle-guest.yaml";`],
    ["viz/main.ts", `import { run } from "../src/commands/run.ts";`],
    ["viz/main.ts", `import { readFileSync } from "node:fs";`],
  ])("finds the fault planted in %s: %s", (path, source) => {
    expect(forbiddenImports(path, source, packages)).toHaveLength(1);
  });

  it.each([
    [
      "sim/storage/volume.ts",
      `import type { TraceEvent } from "../trace/events.ts"; import { alea } from "seedrandom";`,
    ],
    ["sim/migration/rounds/first.ts", `import { x } from "../policy.ts"; import { heap } from "../../kernel/heap.ts";`],
    ["sim/simulate.ts", `import { build } from "./scenario/build.ts";`],
    ["sim/index.ts", `export { simulate } from "./simulate.ts";`],
    [
      "src/commands/run.ts",
      `import { simulate } from "../../sim/index.ts"; import { join } from "node:path"; import "zod/v4";`,
    ],
    ["viz/main.ts", `import example from "../examples/idle-guest.yaml?scenario";`],
    ["viz/main.ts", `import * as d3 from "d3"; import Simulator from "./worker/simulator.ts?worker&inline";`],
  ])("lets %s pass: %s", (path, source) => {
    expect(forbiddenImports(path, source, packages)).toEqual([]);
  });
});
