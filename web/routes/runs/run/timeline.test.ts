import { describe, expect, it } from "vitest";
import type { AttemptView, RunTaskView, RunTimelineView } from "../../../../src/model/view-runs.ts";
import { axisOf, placeOf } from "./axis.ts";
import { barsOf, overBy } from "./bars.ts";
import { linesOf, pieces } from "./log-lines.ts";
import { runTitle } from "./run-title.ts";

const NOW = Date.parse("2026-11-20T06:00:00.000Z");
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();

const attempt = (more: Partial<AttemptView> = {}): AttemptView => ({
  attempt: 0,
  state: "done",
  queuedAt: at(-90),
  startedAt: at(-60),
  endedAt: at(-30),
  message: null,
  code: null,
  sourceRunId: null,
  url: null,
  clusterId: null,
  startInferred: false,
  ...more,
});
const task = (more: Partial<RunTaskView> = {}): RunTaskView => ({
  workflowId: 1,
  taskId: 1,
  name: "load_orders",
  mandatory: true,
  state: "done",
  expectedMs: null,
  expectedOf: 0,
  forecast: null,
  attempts: [attempt()],
  metrics: null,
  sourceType: null,
  sourceIdentifier: null,
  watermark: null,
  file: null,
  ...more,
});
const run = (tasks: RunTaskView[], more: Partial<RunTimelineView> = {}): RunTimelineView => ({
  projectCode: "RETAIL",
  processLoad: "SALES",
  name: null,
  owner: null,
  timezone: "UTC",
  mode: "live",
  processingDate: "2026-11-20",
  executionId: "r1",
  runNumber: 1,
  runs: [],
  asOf: at(0),
  verdict: "ok",
  sentence: "",
  deadlineAt: null,
  startedAt: at(-60),
  endedAt: at(-30),
  readyAt: null,
  unknown: 0,
  stages: [{ workflowId: 1, sequenceId: 2, name: "Load", tasks }],
  causes: [],
  watermarks: [],
  ...more,
});
const kinds = (of: RunTaskView) =>
  barsOf(of, NOW).map(({ kind, from, to }) => [kind, (from - NOW) / 60_000, (to - NOW) / 60_000]);

describe("bars of a task", () => {
  it("are what ran, over what was expected of it, and what went over", () => {
    expect(kinds(task({ expectedMs: 20 * 60_000 }))).toEqual([
      ["ghost", -60, -40],
      ["ok", -60, -40],
      ["over", -40, -30],
    ]);
    expect(overBy(task({ expectedMs: 20 * 60_000 }), NOW)).toBe(10 * 60_000);
    expect(overBy(task({ expectedMs: 28 * 60_000 }), NOW)).toBe(0);
  });

  it("show each attempt, what runs until now, and what is to come", () => {
    const attempts = [
      attempt({ state: "failed" }),
      attempt({ attempt: 1, state: "running", startedAt: at(-10), endedAt: null }),
    ];
    expect(kinds(task({ state: "running", attempts, forecast: { from: at(0), to: at(5) } }))).toEqual([
      ["fail", -60, -30],
      ["run", -10, 0],
      ["forecast", 0, 5],
    ]);
  });
});

describe("the time axis", () => {
  it("holds what happened, what is expected, and a deadline that is near", () => {
    const near = axisOf(run([task()], { deadlineAt: at(-20) }), NOW);
    expect(near.from).toBeLessThan(NOW - 60 * 60_000);
    expect(near.to).toBeGreaterThan(NOW - 20 * 60_000);
    const far = axisOf(run([task()], { deadlineAt: at(600) }), NOW);
    expect(far.to).toBeLessThan(NOW);
    expect(far.marks.length).toBeGreaterThan(2);
    expect(far.marks.length).toBeLessThan(10);
    expect(placeOf(far, far.from)).toBe(0);
    expect(placeOf(far, NOW + 1e9)).toBe(100);
  });

  it("holds now while something runs, and is there although nothing has begun", () => {
    const open = task({ state: "running", attempts: [attempt({ state: "running", endedAt: null })] });
    expect(axisOf(run([open]), NOW).to).toBeGreaterThan(NOW);
    const none = axisOf(
      run([task({ state: "waiting", attempts: [attempt({ state: "waiting", startedAt: null, endedAt: null })] })]),
      NOW,
    );
    expect(none.to).toBeGreaterThan(none.from);
  });
});

describe("the log of a task", () => {
  const line = (message: string, more: object = {}) => ({
    runId: "77",
    activityName: "load_orders",
    level: 1,
    logTime: at(-31),
    message,
    ...more,
  });

  it("is what the platform told of it and its attempts' messages, once each, by time", () => {
    const of = task({ attempts: [attempt({ state: "failed", message: "boom", sourceRunId: "77" })] });
    const lines = [line("started", { logTime: at(-60) }), line("of another", { activityName: "x", runId: "78" })];
    expect(linesOf(of, lines).map(({ text, level }) => [text, level])).toEqual([
      ["started", 1],
      ["boom", 3],
    ]);
    expect(linesOf(of, [line("load_orders failed: boom", { level: 3 })]).map(({ text }) => text)).toEqual([
      "load_orders failed: boom",
    ]);
  });

  it("is searched in either case", () => {
    expect(pieces("Spill to disk, spill", "spill").map(({ text, hit }) => [text, hit])).toEqual([
      ["Spill", true],
      [" to disk, ", false],
      ["spill", true],
    ]);
  });
});

describe("the title of a run", () => {
  const title = (more: Partial<RunTimelineView>) => runTitle(run([], more), new Date(NOW), "UTC");
  it("says when it is whole, and when it should be", () => {
    expect(title({})).toBe("OK: ended 05:30");
    expect(title({ verdict: "late", endedAt: null, readyAt: at(72), deadlineAt: at(30) })).toBe(
      "Late: ready at 07:12, due 06:30",
    );
    expect(title({ verdict: "at_risk", endedAt: null, readyAt: at(72), unknown: 2 })).toBe("At risk: not before 07:12");
    expect(title({ verdict: "blocked", endedAt: null })).toBe("Blocked: stands still");
    expect(title({ verdict: "unknown", executionId: null })).toBe("Unknown: no run on this day");
  });
});
