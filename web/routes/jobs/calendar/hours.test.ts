import { describe, expect, it } from "vitest";
import { barsOf, type CalendarJob, hourOf, marksOf, selfOverlaps } from "./hours.ts";

const HOUR = 3_600;
const job = (starts: number[], runMs: number | null = null): CalendarJob => ({
  ...{ resource: "a", name: "a", text: "", expression: "", timezone: null, paused: false, cut: false, starts, runMs },
});

describe("hours of a day", () => {
  it("are found on the wall, also where the clock is set back or forward", () => {
    const utc = { from: 0, to: 24 * HOUR };
    expect(hourOf(utc, 5, "2026-11-21T00:00:00.000Z", "UTC")).toEqual({ from: 5 * HOUR, to: 6 * HOUR });
    // London, 25 October 2026: 01:00 to 02:00 twice.
    const back = hourOf({ from: 0, to: 25 * HOUR }, 1, "2026-10-24T23:00:00.000Z", "Europe/London");
    expect(back).toEqual({ from: HOUR, to: 3 * HOUR });
    const gone = hourOf({ from: 0, to: 23 * HOUR }, 1, "2026-03-29T00:00:00.000Z", "Europe/London");
    expect(gone.to - gone.from).toBe(0);
  });

  it("have marks with the time on the wall", () => {
    const marks = marksOf({ from: 0, to: 24 * HOUR }, "2026-11-21T00:00:00.000Z", "Asia/Kolkata");
    expect(marks.map(({ text }) => text).slice(0, 3)).toEqual(["05:30", "08:30", "11:30"]);
    expect(marksOf({ from: HOUR, to: 2 * HOUR }, "2026-11-21T00:00:00.000Z", "UTC")).toEqual([
      { at: 0, text: "01:00" },
      { at: 0.25, text: "01:15" },
      { at: 0.5, text: "01:30" },
      { at: 0.75, text: "01:45" },
    ]);
  });
});

describe("runs of a job", () => {
  it("that begin before the one before should be over are counted", () => {
    expect(selfOverlaps(job([0, 600, 1_200, 3_000], 700_000))).toBe(2);
    expect(selfOverlaps(job([0, 600]))).toBe(0);
  });

  it("are bars of their expected length, those that reach into the stretch among them", () => {
    const bars = barsOf(job([0, HOUR, 3 * HOUR], 2 * HOUR * 1_000), { from: HOUR, to: 2 * HOUR });
    expect(bars).toEqual([
      { at: -1, length: 2 },
      { at: 0, length: 2 },
    ]);
  });
});
