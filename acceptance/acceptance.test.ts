/** Every case under acceptance/ gives what its expected files say; `npm run acceptance -- --update` rewrites them. */
import { describe, expect, it } from "vitest";
import { expectedOf, findCases } from "./harness/case.ts";
import { runCase } from "./harness/run-case.ts";

describe("acceptance", () => {
  for (const item of findCases()) {
    it.concurrent(item.name, async (context) => {
      if (item.settings.skip !== undefined) context.skip(item.settings.skip);
      context.expect(await runCase(item)).toEqual(expectedOf(item));
    }, 180_000);
  }

  it("has cases", () => {
    expect(findCases().length).toBeGreaterThan(0);
  });
});
