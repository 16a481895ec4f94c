import { describe, expect, it } from "vitest";
import type { Run } from "../model/run.ts";
import type { RunMark } from "../model/view.ts";
import { healthOf, markOf, usualDuration } from "./health.ts";

const NOW = Date.UTC(2026, 10, 21, 6, 30);
const DAILY = { schedule: { quartz_cron_expression: "0 30 2 * * ?", timezone_id: "UTC" } };
const at = (day: number, hour: number, minute = 0) => new Date(Date.UTC(2026, 10, day, hour, minute)).toISOString();
const mark = (state: RunMark["state"], startedAt: string | null, minutes = 10): RunMark => ({
  runId: "1",
  state,
  startedAt,
  endedAt: startedAt && new Date(Date.parse(startedAt) + minutes * 60_000).toISOString(),
  durationMs: minutes * 60_000,
  url: null,
  message: null,
});
const judge = (
  runs: RunMark[],
  settings: object = {},
  more: { deployed?: boolean; since?: string; now?: number } = {},
) => healthOf({ deployed: true, now: NOW, timezone: "UTC", settings, runs, ...more });

describe("healthOf", () => {
  it.each([
    ["not deployed", judge([mark("done", at(21, 4))], {}, { deployed: false }), "not_deployed", "Not deployed"],
    ["never ran", judge([]), "unknown", "Never ran"],
    ["done today", judge([mark("done", at(21, 5))]), "ok", "Done 05:10"],
    ["done this week", judge([mark("done", at(18, 5))]), "ok", "Done Wed 05:10"],
    ["failed", judge([mark("done", at(20, 4)), mark("failed", at(21, 4, 8))]), "failed", "Failed 04:18"],
    ["cancelled", judge([mark("cancelled", at(21, 4))]), "failed", "Cancelled 04:10"],
    ["skipped", judge([mark("skipped", at(21, 4))]), "unknown", "Skipped 04:10"],
    ["a state nobody knows", judge([mark("unknown", at(21, 4))]), "unknown", "Unknown state"],
    ["running", judge([mark("running", at(21, 6, 20))]), "running", "Running, 10 m 00 s"],
    ["queued", judge([mark("queued", null)]), "running", "Queued"],
    ["late", judge([mark("done", at(20, 2, 30))], DAILY), "late", "Late, expected 02:30"],
    [
      "late though the last one failed",
      judge([mark("failed", at(19, 2, 30))], DAILY),
      "late",
      "Late, expected Fri 02:30",
    ],
    ["on time", judge([mark("done", at(21, 2, 30))], DAILY), "ok", "Done 02:40"],
    [
      "paused, so nothing is due",
      judge([mark("done", at(19, 2, 30))], { schedule: { ...DAILY.schedule, pause_status: "PAUSED" } }),
      "ok",
      "Done Thu 02:40",
    ],
    [
      "a minute late is not late",
      judge([mark("done", at(20, 2, 30))], DAILY, { now: Date.UTC(2026, 10, 21, 2, 34) }),
      "ok",
      "Done Fri 02:40",
    ],
  ])("%s", (_case, verdict, state, text) => expect(verdict).toEqual({ state, text }));

  it("counts no start as missed from before the job was as it is", () => {
    expect(judge([mark("done", at(10, 2, 30))], DAILY, { since: at(21, 5) }).state).toBe("ok");
    expect(judge([], DAILY, { since: at(21, 5) }).state).toBe("unknown");
    expect(judge([], DAILY, { since: at(20, 5) })).toEqual({ state: "late", text: "Late, expected 02:30" });
  });

  it("calls a run stuck when it takes three times as long as usual, and ten minutes more", () => {
    const before = [10, 12, 11].map((minutes) => mark("done", at(20, 4), minutes));
    expect(judge([...before, mark("running", at(21, 5, 50))])).toEqual({
      state: "stuck",
      text: "Stuck, 40 m 00 s instead of 11 m 00 s",
    });
    expect(judge([...before, mark("running", at(21, 6))]).state).toBe("running");
    const short = [mark("done", at(20, 4), 1)];
    expect(judge([...short, mark("running", at(21, 6, 22))]).state).toBe("running");
  });
});

it("takes the middle of what succeeded as the usual duration", () => {
  expect(usualDuration([mark("done", at(1, 1), 1), mark("done", at(1, 1), 9), mark("done", at(1, 1), 2)])).toBe(
    120_000,
  );
  expect(usualDuration([mark("failed", at(1, 1), 1)])).toBeUndefined();
});

describe("markOf", () => {
  const run = (more: Partial<Run>): Run => ({
    runId: "7",
    jobId: "1",
    name: "J",
    trigger: "PERIODIC",
    state: "failed",
    platformState: "TERMINATED/FAILED",
    code: "RUN_EXECUTION_ERROR",
    message: "Task load failed",
    startedAt: at(21, 4),
    endedAt: undefined,
    durationMs: 5,
    url: undefined,
    creator: undefined,
    tasks: [],
    ...more,
  });
  const task = (taskKey: string, state: Run["state"], message: string | undefined) =>
    ({ taskKey, state, message }) as Run["tasks"][number];

  it("says why it is red: the task that failed, else the run, else the code", () => {
    expect(markOf(run({ tasks: [task("a", "done", "fine"), task("b", "failed", "no rows")] })).message).toBe(
      "b: no rows",
    );
    expect(markOf(run({})).message).toBe("Task load failed");
    expect(markOf(run({ message: undefined })).message).toBe("RUN_EXECUTION_ERROR");
    expect(markOf(run({ state: "cancelled", message: undefined, code: undefined })).message).toBeNull();
    expect(markOf(run({ state: "done" })).message).toBeNull();
  });
});
