/** Tests by what they need: `unit` nothing, `built` the built program, `page` that and a browser. */
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    pool: "threads",
    isolate: false,
    // vitest would keep one of two cores free
    maxWorkers: Math.max(2, availableParallelism() - 1),
    maxConcurrency: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "src/**/*.{test,contract}.ts",
            "fakes/**/*.test.ts",
            "simulator/**/*.test.ts",
            "web/**/*.test.ts",
            "test/**/*.test.ts",
          ],
          exclude: ["test/built/**", "test/page/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "built",
          include: ["test/built/**/*.test.ts", "acceptance/**/*.test.ts"],
          globalSetup: "test/build-first.ts",
        },
      },
      {
        extends: true,
        test: {
          name: "page",
          include: ["test/page/**/*.test.ts"],
          globalSetup: ["test/build-first.ts", "test/page/build-page.ts"],
          // a browser has the machine to itself
          maxWorkers: 1,
        },
      },
    ],
  },
});
