/** Cases as tests: each gives what its expected files say. */
import { describe, it } from "vitest";
import { type Case, expectedOf } from "./case.ts";
import { runCase } from "./run-case.ts";

/** Makes a test of each case, two of them at once. */
export function playCases(name: string, cases: readonly Case[]): void {
  // a suite must not be empty
  if (cases.length === 0) return;
  describe(name, () => {
    for (const item of cases) {
      it.concurrent(item.name, async (context) => {
        if (item.settings.skip !== undefined) context.skip(item.settings.skip);
        context.expect(await runCase(item)).toEqual(expectedOf(item));
      }, 180_000);
    }
  });
}
