import { defineConfig } from "vitest/config";

/** Tests of the built program and of the page: they need dist/, and the page's a browser. */
const ofTheBuild = ["test/src/**/*.test.ts", "test/page/**/*.test.ts", "test/golden/**/*.test.ts"];

export default defineConfig({
  test: {
    reporters: ["default", "./test/support/count-reporter.ts"],
    projects: [
      {
        extends: true,
        test: { name: "in-process", include: ["test/**/*.test.ts"], exclude: ofTheBuild },
      },
      {
        extends: true,
        test: {
          name: "built",
          include: ofTheBuild,
          globalSetup: ["test/support/build-setup.ts", "test/support/browser-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
