import { describe, expect, it } from "vitest";
import { scheduleView, startsOf } from "./schedule.ts";

const NOW = "2026-11-21T06:00:00.000Z";
const quartz = (quartz_cron_expression: string, more: object = {}) => ({
  schedule: { quartz_cron_expression, timezone_id: "UTC", ...more },
});

describe("startsOf", () => {
  it("gives the next starts, in UTC, by the schedule's own zone", () => {
    expect(startsOf(quartz("0 30 2 * * ?"), NOW, 2)).toEqual(["2026-11-22T02:30:00.000Z", "2026-11-23T02:30:00.000Z"]);
    expect(startsOf(quartz("0 30 2 * * ?", { timezone_id: "Asia/Tokyo" }), NOW, 1)).toEqual([
      "2026-11-21T17:30:00.000Z",
    ]);
  });

  it.each([
    ["paused", quartz("0 30 2 * * ?", { pause_status: "PAUSED" })],
    ["no schedule", {}],
    ["triggered", { trigger: { file_arrival: { url: "x" } } }],
    ["a wrong expression", quartz("0 61 2 * * ?")],
    ["an unknown zone", quartz("0 30 2 * * ?", { timezone_id: "Moon/Base" })],
    ["no text at all", { schedule: { quartz_cron_expression: 5 } }],
  ])("gives none where there is none: %s", (_case, settings) =>
    expect(startsOf(settings as never, NOW, 3)).toEqual([]),
  );
});

describe("scheduleView", () => {
  it.each([
    [{ trigger: { periodic: { interval: 2, unit: "DAYS" } } }, "every 2 days"],
    [{ trigger: { periodic: { interval: 1, unit: "HOURS" } } }, "every hour"],
    [{ trigger: { file_arrival: { url: "x" } } }, "on file arrival"],
    [{ trigger: { table_update: { table_names: ["a"] } } }, "on table update"],
    [{ trigger: { table: { table_names: ["a"] } } }, "on table update"],
    [{ trigger: { model: { condition: "MODEL_CREATED" } } }, "on model change"],
    [{ trigger: { novel: {} } }, "triggered"],
    [{ continuous: {} }, "continuous"],
  ])("%j: %s", (settings, text) =>
    expect(scheduleView(settings as never, NOW)).toEqual({
      text,
      expression: null,
      timezone: null,
      paused: false,
      nextStart: null,
    }),
  );

  it("says a schedule in words, with its zone and next start; a wrong one as it is written", () => {
    expect(scheduleView(quartz("0 30 2 * * ?"), NOW)).toMatchObject({
      expression: "0 30 2 * * ?",
      timezone: "UTC",
      paused: false,
      nextStart: "2026-11-22T02:30:00.000Z",
    });
    expect(scheduleView(quartz("0 30 2 * * ?", { pause_status: "PAUSED" }), NOW)).toMatchObject({
      paused: true,
      nextStart: null,
    });
    expect(scheduleView(quartz("nonsense"), NOW)).toMatchObject({ text: "nonsense", nextStart: null });
    expect(scheduleView({}, NOW)).toBeNull();
  });
});
