import { describe, expect, it } from "vitest";
import { dayAfter, daysBetween, fullDay, isDay, today, weekdayOf } from "./day.ts";

describe("calendar days", () => {
  it("are counted without clocks: months, leap years, the night when clocks go back", () => {
    expect(dayAfter("2026-10-24", 27)).toBe("2026-11-20");
    expect(dayAfter("2024-03-01", -1)).toBe("2024-02-29");
    expect(daysBetween("2026-10-24", "2026-10-26")).toBe(3);
  });

  it("are today where somebody is", () => {
    const now = new Date("2026-11-20T23:30:00Z");
    expect(today(now, "Europe/London")).toBe("2026-11-20");
    expect(today(now, "Asia/Tokyo")).toBe("2026-11-21");
  });

  it("have names", () => {
    expect([weekdayOf("2026-11-20"), fullDay("2026-11-20")]).toEqual(["Fri 20 Nov", "20 Nov 2026"]);
  });

  it("are told from what is none", () => {
    expect(["2026-11-20", "2026-13-01", "20.11.2026", null].map(isDay)).toEqual([true, false, false, false]);
  });
});
