import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.{test,contract}.ts", "fakes/**/*.test.ts", "simulator/**/*.test.ts", "test/**/*.test.ts", "acceptance/**/*.test.ts"],
    pool: "threads",
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
