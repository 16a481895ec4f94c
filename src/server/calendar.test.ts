/** The calendar of starts: zones, clock changes, paused jobs, density, runs at once, pages. */
import { describe, expect, it } from "vitest";
import type { JobRow, RunMark } from "../model/view.ts";
import { CalendarQuery } from "./api/jobs-page.ts";
import { calendarOf } from "./calendar.ts";
import { fleetOf, row } from "./testing/plain-jobs.ts";

const NOW = Date.parse("2026-11-20T06:31:00.000Z");

function scheduled(
  resource: string,
  expression: string,
  more: Partial<JobRow> & { timezone?: string; paused?: boolean } = {},
): JobRow {
  const { timezone = "UTC", paused = false, ...rest } = more;
  return row(resource, {
    schedule: { text: expression, expression, timezone, paused, nextStart: null },
    ...rest,
  });
}

const run = (durationMs: number): RunMark => ({
  ...{ runId: "1", state: "done", startedAt: null, endedAt: null, durationMs, url: null, message: null },
});
const ask = (rows: JobRow[], query: Record<string, unknown> = {}, zone = "UTC") =>
  calendarOf(fleetOf(rows), CalendarQuery.parse(query), zone, NOW);
const times = (answer: ReturnType<typeof ask>, resource: string) =>
  answer.items
    .find((job) => job.resource === resource)
    ?.starts.map((second) => new Date(Date.parse(answer.begins) + second * 1_000).toISOString());

describe("calendar", () => {
  it("begins today at midnight of the project's zone and places each job by its own zone", () => {
    const answer = ask(
      [scheduled("ny", "0 0 2 * * ?", { timezone: "America/New_York" }), scheduled("utc", "0 30 23 * * ?")],
      { days: 2 },
      "Asia/Tokyo",
    );
    expect([answer.begins, answer.ends]).toEqual(["2026-11-19T15:00:00.000Z", "2026-11-21T15:00:00.000Z"]);
    expect(times(answer, "ny")).toEqual(["2026-11-20T07:00:00.000Z", "2026-11-21T07:00:00.000Z"]);
    expect(answer.days.map(({ date }) => date)).toEqual(["2026-11-20", "2026-11-21"]);
    // 07:00 UTC is 16:00 in Tokyo, 23:30 UTC is 08:30 the next day.
    expect(answer.days.map(({ starts }) => [starts[16], starts[8]])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(answer.items.map(({ resource }) => resource)).toEqual(["utc", "ny"]);
  });

  it("counts the hours of a day whose clock changes", () => {
    const hourly = [scheduled("hourly", "0 0 * * * ?")];
    const back = ask(hourly, { from: "2026-10-25", days: 1 }, "Europe/London");
    expect(Date.parse(back.ends) - Date.parse(back.begins)).toBe(25 * 3_600_000);
    expect(back.days[0]?.starts.slice(0, 4)).toEqual([1, 2, 1, 1]);
    const forward = ask(hourly, { from: "2026-03-29", days: 2 }, "Europe/London");
    expect(forward.days[0]?.starts.slice(0, 4)).toEqual([1, 0, 1, 1]);
    expect(forward.days.map(({ offset }) => offset)).toEqual([0, 23 * 3_600]);
  });

  it("shows paused jobs, and counts them apart", () => {
    const answer = ask([scheduled("on", "0 0 3 * * ?"), scheduled("off", "0 0 3 * * ?", { paused: true })], {
      days: 1,
    });
    expect([answer.days[0]?.starts[3], answer.days[0]?.paused[3], answer.days[0]?.atOnce[3]]).toEqual([1, 1, 1]);
    expect(answer.items.map(({ resource, paused }) => [resource, paused])).toEqual([
      ["off", true],
      ["on", false],
    ]);
  });

  it("says how many are expected to run at once, also in hours in which nothing starts", () => {
    const answer = ask(
      [
        scheduled("long", "0 50 1 * * ?", { runs: [run(1), run(2 * 3_600_000), run(3 * 3_600_000)] }),
        scheduled("short", "0 0 2 * * ?", { runs: [run(600_000)] }),
        scheduled("never-ran", "0 0 2 * * ?"),
      ],
      { days: 1 },
    );
    expect(answer.days[0]?.atOnce.slice(0, 5)).toEqual([0, 1, 3, 1, 0]);
    expect(answer.items.find(({ resource }) => resource === "long")?.runMs).toBe(2 * 3_600_000);
  });

  it("cuts what starts more than once a minute, and says so", () => {
    const answer = ask([scheduled("busy", "*/10 * * * * ?"), scheduled("minute", "0 * * * * ?")], { days: 1 });
    expect(answer.items.map(({ cut, starts }) => [cut, starts.length])).toEqual([
      [true, 1_440],
      [false, 1_440],
    ]);
  });

  it("leaves out what has no clock or a wrong one, and counts the former", () => {
    const other = (text: string) => ({ text, expression: null, timezone: null, paused: false, nextStart: null });
    const answer = ask(
      [
        row("told"),
        row("always", { schedule: other("continuous") }),
        row("files", { schedule: other("on file arrival") }),
        scheduled("wrong", "0 0 25 * * ?"),
        scheduled("nowhere", "0 0 2 * * ?", { timezone: "Mars/Olympus" }),
        scheduled("yearly", "0 0 2 1 1 ?"),
      ],
      { days: 7 },
    );
    expect([answer.count, answer.without]).toEqual([0, { continuous: 1, event: 1, none: 1 }]);
  });

  it("pages through jobs, by words and by an hour", () => {
    const rows = Array.from({ length: 25 }, (_, n) =>
      scheduled(`job_${String(n).padStart(2, "0")}`, `0 ${n} 0/12 * * ?`),
    );
    const first = ask(rows, { days: 1, limit: 10 });
    expect([first.count, first.items.length, first.next]).toEqual([25, 10, 10]);
    const seen = [first, ask(rows, { days: 1, limit: 10, after: 10 }), ask(rows, { days: 1, limit: 10, after: 20 })];
    expect(seen.flatMap(({ items }) => items.map(({ resource }) => resource))).toEqual(rows.map((one) => one.resource));
    expect(seen[2]?.next).toBeNull();
    expect(ask(rows, { days: 1, q: "JOB_1" }).count).toBe(10);
    const noon = ask(rows, { days: 1, hour: 12, limit: 1 });
    expect([noon.count, noon.items[0]?.starts]).toEqual([25, [12 * 3_600]]);
    expect(ask(rows, { days: 1, hour: 11 }).count).toBe(0);
  });

  it("refuses a day that is none", () => {
    expect(() => ask([], { from: "2026-02-30" })).toThrow("There is no day 2026-02-30");
  });
});
