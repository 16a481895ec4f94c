import { describe, expect, it } from "vitest";
import { absolute, city, clock, fullTime, longNear, near, relative, span } from "./time.ts";

const now = new Date("2026-11-20T06:31:00.000Z");

describe("times in words", () => {
  it("names a time by as little as tells it apart", () => {
    expect(near("2026-11-20T06:45:00.000Z", now, "Europe/London")).toBe("06:45");
    expect(near("2026-11-23T02:00:00.000Z", now, "Europe/London")).toBe("Mon 02:00");
    expect(near("2026-12-02T02:00:00.000Z", now, "Europe/London")).toBe("2 Dec 02:00");
    expect(near("2027-01-02T02:00:00.000Z", now, "Europe/London")).toBe("2 Jan 2027 02:00");
  });

  it("calls a time today only where it is today in the zone", () => {
    expect(near("2026-11-20T23:30:00.000Z", now, "Europe/London")).toBe("23:30");
    expect(near("2026-11-20T23:30:00.000Z", now, "Europe/Berlin")).toBe("Sat 00:30");
  });

  it("writes midnight as 00:00, and summer time as the zone has it", () => {
    expect(clock("2026-11-20T00:00:00.000Z", "Europe/London")).toBe("00:00");
    expect(clock("2026-07-20T02:30:00.000Z", "Europe/London")).toBe("03:30");
  });

  it("says the absolute time with its zone on hover", () => {
    expect(fullTime("2026-11-20T06:45:00.000Z", now, "Europe/London")).toBe(
      "Fri 20 Nov 2026, 06:45:00 Europe/London\nin 14 min",
    );
    expect(absolute("2026-11-20T06:31:00.000Z", "Europe/London")).toBe("Fri 20 Nov 2026, 06:31");
    expect(longNear("2026-11-21T02:30:00.000Z", now, "Europe/London")).toBe("Sat 21 Nov 02:30 London");
    expect(city("America/Argentina/Buenos_Aires")).toBe("Buenos Aires");
  });

  it("gives durations and distances their two or one largest units", () => {
    expect([999, 40_000, 18 * 60_000, 64 * 60_000, 67 * 3_600_000].map(span)).toEqual([
      "0 s",
      "40 s",
      "18 min",
      "1 h 04 m",
      "2 d 19 h",
    ]);
    expect(relative("2026-11-20T06:30:58.000Z", now)).toBe("2 s ago");
    expect(relative("2026-11-20T09:31:00.000Z", now)).toBe("in 3 h");
    expect(relative("2026-11-20T06:31:00.200Z", now)).toBe("now");
  });
});
