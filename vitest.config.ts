import { defineConfig } from "vitest/config";

import { VitestReporter } from "./scripts/test/vitest-reporter.ts";

/** Nothing that a test started outlives a test run that is interrupted. */
const setupFiles = ["test/support/end-by-signal.ts"];

/** Stories start real chains, databases and processes, and wait for them more than they compute: minutes rather than seconds. */
const STORY = { setupFiles, testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    reporters: ["default", new VitestReporter()],
    projects: [
      {
        test: {
          name: "services",
          setupFiles,
          include: ["src/**/*.test.ts", "web/src/**/*.test.{ts,tsx}"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      { test: { name: "tooling", include: ["scripts/**/*.test.ts"], testTimeout: 120_000 } },
      { test: { name: "scenario", include: ["test/scenario/**/*.test.ts"], maxWorkers: 2, ...STORY } },
      { test: { name: "e2e", include: ["test/e2e/**/*.test.ts"], fileParallelism: false, ...STORY } },
    ],
  },
});
