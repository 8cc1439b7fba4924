import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Tests of sim/ and viz/ by their sources, and of the house. All others may use dist/ or a browser, and wait for both. */
const inProcess = [
  "test/{benchmarks,cluster,event-log,house,hypervisors,kernel,lesson,memory,migration,network,orchestration,property,scenario,storage,trace,viz,world}/**/*.test.ts",
];

export default defineConfig({
  test: {
    // Generous: a time limit is for what hangs, not for a busy machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Vitest would leave a core free: on two, half of the time.
    maxWorkers: availableParallelism(),
    reporters: ["default", "./test/support/count-reporter.ts"],
    projects: [
      {
        extends: true,
        test: { name: "in-process", include: inProcess },
      },
      {
        extends: true,
        test: {
          name: "built",
          include: ["test/**/*.test.ts"],
          exclude: inProcess,
          globalSetup: ["test/support/build-setup.ts", "test/support/browser-setup.ts"],
        },
      },
    ],
  },
});
