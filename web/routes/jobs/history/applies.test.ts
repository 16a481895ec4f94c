import { describe, expect, it } from "vitest";
import { appliesOf } from "./applies.ts";

const change = (resource: string, at: string, more: { actor?: string; commit?: string | null } = {}) => ({
  ...{ resource, jobId: "1", serial: 1, action: "update", at: `2026-11-20T${at}:00.000Z`, actor: "anna" },
  ...{ commit: "c1", ...more },
});

describe("appliesOf", () => {
  it("puts together what one person sent from one commit without a long pause", () => {
    const applies = appliesOf([
      change("a", "06:30"),
      change("b", "06:25"),
      change("c", "06:15"),
      change("d", "06:04"),
      change("e", "06:03", { actor: "ben" }),
      change("f", "06:02", { actor: "ben", commit: null }),
    ]);
    expect(applies.map(({ changes }) => changes.map(({ resource }) => resource))).toEqual([
      ["a", "b", "c"],
      ["d"],
      ["e"],
      ["f"],
    ]);
    expect(applies[0]).toMatchObject({ actor: "anna", commit: "c1", at: "2026-11-20T06:30:00.000Z" });
  });

  it("is empty without changes", () => expect(appliesOf([])).toEqual([]));
});
