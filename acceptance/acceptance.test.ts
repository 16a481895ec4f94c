/** Every case under acceptance/ gives what its expected files say; `npm run acceptance -- --update` rewrites them. */
import { expect, it } from "vitest";
import { findCases } from "./harness/case.ts";
import { playCases } from "./harness/play-cases.ts";

const cases = findCases().filter(({ settings }) => !settings.long);
playCases("acceptance", cases);

it("acceptance has cases", () => {
  expect(cases.length).toBeGreaterThan(0);
});
