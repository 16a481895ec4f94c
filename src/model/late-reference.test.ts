import { describe, expect, it } from "vitest";
import { fillLate, lateReferences } from "./late-reference.ts";

const D = "$";

describe("late references", () => {
  it("are found and filled, with their type where they stand alone", () => {
    const settings = { a: `${D}{resources.jobs.j.id}`, b: [`x ${D}{env:A}`], c: `${D}${D}{env:A}`, d: `${D}{other}` };
    expect(fillLate(settings, (reference) => (reference.kind === "job" ? 7n : "secret"))).toEqual({
      a: 7n,
      b: ["x secret"],
      c: `${D}{env:A}`,
      d: `${D}{other}`,
    });
    expect(lateReferences(`${D}{env:A} ${D}${D}{env:B} ${D}{var.x}`).map((reference) => reference.raw)).toEqual([
      `${D}{env:A}`,
    ]);
  });
});
