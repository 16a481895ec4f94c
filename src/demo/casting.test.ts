import { describe, expect, it } from "vitest";
import { castWeek, type Starts } from "./casting.ts";
import { startsBetween } from "./schedule.ts";

const MINUTE = 60_000;
const WEEK = 7 * 24 * 60 * MINUTE;
const CRON: Record<string, string> = {
  "gl post": "0 0 2 ? * MON-FRI",
  "hr daily": "0 30 3 ? * MON-FRI",
  "inventory snapshot": "0 45 4 * * ?",
  "nightly sales": "0 30 2 * * ?",
};
const startsUntil =
  (end: number): Starts =>
  (job) =>
    startsBetween(
      { schedule: { quartz_cron_expression: CRON[job] ?? "", timezone_id: "Europe/London" } },
      end - WEEK,
      end,
    );

describe("castWeek", () => {
  it.each([
    ["in winter", "2026-11-16T00:00:00Z"],
    ["when clocks go forward", "2026-03-26T00:00:00Z"],
    ["when clocks go back", "2026-10-22T00:00:00Z"],
  ])("has its three parts played at any time of a week %s", (_when, from) => {
    for (let end = Date.parse(from); end < Date.parse(from) + WEEK; end += 37 * MINUTE) {
      const starts = startsUntil(end);
      const { failing, hanging, missing } = castWeek(starts, end);
      const at = new Date(end).toISOString();
      expect(failing.start, at).toBe(starts("gl post").at(-1));
      expect(hanging.start, at).toBe(starts(hanging.job).at(-1));
      expect(end - hanging.start, at).toBeGreaterThanOrEqual(60 * MINUTE);
      expect(end - missing.start, at).toBeGreaterThanOrEqual(10 * MINUTE);
      expect(starts("nightly sales").filter((time) => time < missing.start).length, at).toBeGreaterThan(0);
    }
  });

  it("refuses jobs that cannot play", () => {
    expect(() => castWeek(() => [], 0)).toThrow("does not start in the week");
  });
});
