/** Tests by what they need: `unit` nothing, `built` the built program, `page` that and a browser. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    pool: "threads",
    isolate: false,
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
        },
      },
    ],
  },
});
