/** Tests by what they need: `unit` nothing, `repository` the built program, `page` a browser. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    pool: "threads",
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["src/**/*.{test,contract}.ts", "fakes/**/*.test.ts", "simulator/**/*.test.ts", "web/**/*.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "repository",
          include: ["test/*.test.ts", "acceptance/**/*.test.ts"],
          globalSetup: "test/build-first.ts",
        },
      },
      {
        extends: true,
        test: { name: "page", include: ["test/page/**/*.test.ts"], globalSetup: "test/build-first.ts" },
      },
    ],
  },
});
