import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nextStarts, parseQuartz, QuartzError } from "./quartz.ts";
import { describeQuartz } from "./quartz-words.ts";

interface Case {
  expression: string;
  timezone?: string;
  after?: string;
  next?: string[];
  error?: string;
}

const shared = new URL("../../../shared/data/quartz-cron.json", import.meta.url);
const present = existsSync(shared);
if (!present) console.log("skipped: no shared/data/quartz-cron.json beside the repository");

describe("against Java Quartz", () => {
  it.skipIf(!present)("gives every recorded answer", () => {
    const cases = JSON.parse(readFileSync(shared, "utf8")) as Case[];
    const wrong: unknown[] = [];
    for (const { expression, timezone, after = "", next, error } of cases) {
      let got: string[] | string;
      try {
        got = nextStarts(expression, { timezone, after: error ? 0 : after, count: 5 }).map((t) =>
          t.replace(".000Z", "Z"),
        );
      } catch (thrown) {
        if (!(thrown instanceof QuartzError)) throw thrown;
        got = thrown.message;
      }
      const right = error ? typeof got === "string" : JSON.stringify(got) === JSON.stringify(next);
      if (!right) wrong.push({ expression, timezone, after, next, error, got });
    }
    expect(wrong).toEqual([]);
    expect(cases.length).toBeGreaterThanOrEqual(177);
  });
});

describe("next starts", () => {
  const next = (expression: string, timezone: string, after: string, count = 2) =>
    nextStarts(expression, { timezone, after, count });

  it("skips a wall time that the clocks leave out", () => {
    expect(next("0 30 2 * * ?", "Europe/Berlin", "2027-03-27T12:00:00Z")).toEqual([
      "2027-03-29T00:30:00.000Z",
      "2027-03-30T00:30:00.000Z",
    ]);
  });

  it("fires once, at the later instant, where the clocks go back", () => {
    expect(next("0 30 2 * * ?", "Europe/Berlin", "2026-10-24T12:00:00Z")).toEqual([
      "2026-10-25T01:30:00.000Z",
      "2026-10-26T01:30:00.000Z",
    ]);
  });

  it("is strictly after, to the second", () => {
    expect(next("0 0 12 * * ?", "UTC", "2026-01-01T12:00:00Z", 1)).toEqual(["2026-01-02T12:00:00.000Z"]);
    expect(next("0 0 12 * * ?", "UTC", "2026-01-01T11:59:59.999Z", 1)).toEqual(["2026-01-01T12:00:00.000Z"]);
  });

  it("ends with the years, and knows days that never come", () => {
    expect(next("0 0 12 * * ? 2025", "UTC", "2026-01-01T00:00:00Z")).toEqual([]);
    expect(next("0 0 12 30 2 ?", "UTC", "2026-01-01T00:00:00Z")).toEqual([]);
  });

  it("reads W beside other days, and steps of 0 as Java does", () => {
    expect(next("0 0 6 1,15W * ?", "UTC", "2026-08-01T07:00:00Z", 2)).toEqual([
      "2026-08-14T06:00:00.000Z",
      "2026-09-01T06:00:00.000Z",
    ]);
    expect([...parseQuartz("0 5/0 * * * ?").minutes]).toEqual([5]);
    expect(parseQuartz("0 */0 * * * ?").minutes.size).toBe(60);
  });

  it("reads names as Java does: by three letters, steps behind them not looked at", () => {
    const days = (text: string) => {
      const { weekDays } = parseQuartz(`0 0 6 ? * ${text}`);
      return weekDays.kind === "days" ? [...weekDays.days] : weekDays;
    };
    expect(days("Monday")).toEqual([2]);
    expect(days("MON-FRI/2")).toEqual([2, 3, 4, 5, 6]);
    expect(days("MON/2")).toEqual([2]);
    expect(days("2-6/2")).toEqual([2, 4, 6]);
    expect(days("FRIL")).toEqual({ kind: "last", day: 6 });
    expect([...parseQuartz("0 0 6 1 april ?").months]).toEqual([4]);
  });

  it("knows Java's zones and refuses others", () => {
    expect(next("0 0 12 * * ?", "PST", "2026-01-01T00:00:00Z", 1)).toEqual(["2026-01-01T20:00:00.000Z"]);
    expect(next("0 0 12 * * ?", "GMT+05:30", "2026-01-01T00:00:00Z", 1)).toEqual(["2026-01-01T06:30:00.000Z"]);
    expect(() => next("0 0 12 * * ?", "Europe/Lundon", "2026-01-01T00:00:00Z")).toThrow(RangeError);
  });
});

describe("faults", () => {
  const fault = (expression: string) => {
    try {
      parseQuartz(expression);
    } catch (error) {
      if (error instanceof QuartzError) return [error.position, error.message];
    }
    return undefined;
  };

  it.each([
    ["0 61 2 * * ?", 2, "minute must be between 0 and 59, found 61"],
    ["0 0 2 * FOO ?", 8, "'FOO' is no month"],
    ["0 0 2 * * FRI", 10, "exactly one of day of month and day of week"],
    ["0 2 * * *", 9, "5 fields are Unix cron"],
    ["0 0 2 ? * MON,,FRI", 14, "missing between two commas"],
    ["0 0 2 1,L * ?", 8, "L stands alone"],
    ["", 0, "6 or 7 fields"],
    ["0 0 0 ? * 2#0", 12, "from 1 to 5"],
    ["0 0 0 1 1 ? 2030-2028", 12, "backwards"],
    ["0 0 0 1 1 ? 2030 x", 17, "found 8"],
    ["0 0 0 ? * MON-6", 10, "two numbers or two names"],
    ["0 0/ 0 ? * MON", 4, "a step must follow"],
    ["0 0 0 5L * ?", 7, "L stands alone"],
    ["0 0 W * * ?", 4, "'W' is no hour"],
  ])("names the place in %s", (expression, position, message) => {
    expect(fault(expression)).toEqual([position, expect.stringContaining(message)]);
  });
});

describe("words", () => {
  it.each([
    ["0 30 2 * * ?", "daily 02:30"],
    ["0 0 2 ? * MON-FRI", "weekdays 02:00"],
    ["0 0/15 * * * ?", "every 15 min"],
    ["0 * * * * ?", "every min"],
    ["0 0 5 ? * MON", "Mon 05:00"],
    ["0 0 * * * ?", "hourly, :00"],
    ["0 20 */6 * * ?", "every 6 h, :20"],
    ["0 0 6,18 * * ?", "daily 06:00, 18:00"],
    ["0 0 6 1 * ?", "1st 06:00"],
    ["0 0 6 L * ?", "last day of the month 06:00"],
    ["0 0 6 LW * ?", "last weekday of the month 06:00"],
    ["0 0 6 15W * ?", "weekday nearest the 15th 06:00"],
    ["0 0 6 ? * 6#3", "third Fri of the month 06:00"],
    ["0 0 6 ? * FRIL", "last Fri of the month 06:00"],
    ["0 0 6 1 1,7 ?", "1st 06:00, Jan, Jul"],
    ["0 0/10 8-17 ? * MON-FRI", "every 10 min, 08-17 h, weekdays"],
    ["0 0 0 ? * SAT,SUN 2027", "weekends 00:00, 2027"],
    ["0 5/20 8-17 * * ?", "every 20 min from :05, 08-17 h"],
    ["0 5-1 12 * * ?", "at :00 :01 :05-:59, 12 h"],
    [
      "0 0 12 * * ? 2027/9",
      "daily 12:00, 2027, 2036, 2045, 2054, 2063, 2072, 2081, 2090, 2099, 2108, 2117, 2126, 2135, 2144, …, 2297",
    ],
    ["30 0 7 * * ?", "daily 07:00:30"],
  ])("%s is %s", (expression, text) => {
    expect(describeQuartz(expression)).toBe(text);
  });

  it("names the zone unless it is UTC", () => {
    expect(describeQuartz("0 30 2 * * ?", "Europe/London")).toBe("daily 02:30 Europe/London");
    expect(describeQuartz("0 30 2 * * ?", "UTC")).toBe("daily 02:30");
  });
});
