import { describe, expect, it } from "vitest";
import type { Plan } from "../model/plan.ts";
import { count, dayName, goOnLines, planLine } from "./story.ts";

const plan = (summary: Partial<Plan["summary"]>) =>
  planLine({
    summary: {
      ...{ create: 0, update: 0, recreate: 0, recover: 0, delete: 0, noop: 0, conflict: 0, refused: 0, drift: 0 },
      ...summary,
    },
  } as Plan);

describe("the story", () => {
  it.each([
    [{ create: 12 }, "12 to create"],
    [{ noop: 12 }, "nothing to do, 12 as declared"],
    [{ update: 1, drift: 1, noop: 11 }, "1 to put back, 11 as declared"],
    [{ update: 2, drift: 1, delete: 1 }, "2 to update, 1 to delete"],
  ])("tells a plan: %j", (summary, text) => {
    expect(plan(summary)).toBe(text);
  });

  it("counts and names days as people do", () => {
    expect([count(1, "run"), count(0, "run"), count(1204, "run")]).toEqual(["1 run", "0 runs", "1 204 runs"]);
    expect(dayName(Date.parse("2026-11-20T23:30:00Z"), "Europe/London")).toBe("Fri 20 Nov");
  });

  it("writes commands that a shell takes, whatever the folder is called", () => {
    expect(goOnLines("headgate-demo", "").join("\n")).toContain("headgate -C headgate-demo jobs plan");
    expect(goOnLines("it's mine", "").join("\n")).toContain(`headgate -C 'it'\\''s mine' jobs plan`);
  });
});
