import type { Reporter, TestModule, TestRunEndReason } from "vitest/node";

/** Ends the output with `N passed, N failed`, alone on a line, which every CI can read. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[], reason: TestRunEndReason): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      // A module that cannot be loaded has an error and no tests; a suite's hook fails without failing a test.
      count.failed += module.errors().length;
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length;
      for (const test of module.children.allTests()) count[test.result().state] += 1;
    }
    // A build that fails before the tests leaves nothing to count, and is no success.
    if (reason !== "passed" && count.failed === 0) count.failed = 1;
    const notRun = count.skipped + count.pending;
    console.log(`${count.passed} passed, ${count.failed} failed${notRun > 0 ? `, ${notRun} skipped` : ""}`);
  }
}
