/** The cases that take their time, as `acceptance.test.ts` plays the others. */
import { expect, it } from "vitest";
import { sample } from "../test/sample.ts";
import { findCases } from "./harness/case.ts";
import { playCases } from "./harness/play-cases.ts";

const cases = findCases().filter(({ settings }) => settings.long);
playCases("acceptance", sample("long cases of acceptance", cases, 0));

it("acceptance has cases that take their time", () => {
  expect(cases.length).toBeGreaterThan(0);
});
