import { describe, expect, it } from "vitest";
import type { Step } from "../model/step.ts";
import type { DayMark } from "../store/runs.ts";
import { medianOf, timelineOf, usualOf } from "./timeline.ts";

const NOW = Date.parse("2026-11-20T06:00:00.000Z");
const minute = (count: number) => new Date(NOW + count * 60_000).toISOString();

const step = (taskId: number, sequenceId: number, more: Partial<Step> = {}): Step => ({
  projectCode: "RETAIL",
  processLoad: "SALES",
  processingDate: "2026-11-20",
  executionId: "r1",
  workflowId: 1,
  taskId,
  sequenceId,
  sortOrder: sequenceId,
  sequenceCode: `S${sequenceId}`,
  taskName: `t${taskId}`,
  taskMandatory: true,
  sourceSystemCode: null,
  expectedSeconds: 600,
  sourceType: null,
  sourceIdentifier: null,
  loadFrequency: "D",
  taskOwner: null,
  catalogueVersion: 1,
  fullFileName: null,
  inFilePath: null,
  outFilePath: null,
  attempt: 0,
  status: "NQUE",
  phase: "QUEUED",
  forceSkip: false,
  queuedAt: minute(-60),
  startTime: null,
  endTime: null,
  durationMs: null,
  logMessage: null,
  logType: null,
  logCode: null,
  sourceRunId: null,
  sourceUrl: null,
  clusterId: null,
  startInferred: false,
  recoveredFromLost: false,
  metrics: null,
  ...more,
});
const done = (from: number, to: number): Partial<Step> => ({
  status: "DONE",
  phase: "ENDED",
  startTime: minute(from),
  endTime: minute(to),
});
const running = (since: number): Partial<Step> => ({ phase: "RUNNING", startTime: minute(since) });
const NO = new Map();
const forecasts = (found: ReturnType<typeof timelineOf>) =>
  found.stages.flatMap((stage) => stage.tasks.map((task) => task.forecast && [task.forecast.from, task.forecast.to]));

describe("a run on a time axis", () => {
  it("is forecast stage by stage: mandatory tasks hold the next one up, optional ones do not", () => {
    const found = timelineOf(
      [
        step(1, 1, done(-30, -20)),
        step(2, 2, running(-4)),
        step(3, 2, { ...running(-1), taskMandatory: false, expectedSeconds: 7_200 }),
        step(4, 3),
        step(5, 3, { expectedSeconds: 1_200 }),
        step(6, 4),
      ],
      NO,
      new Map([[2, "Load transactions"]]),
      NOW,
    );
    expect(found.stages.map((stage) => stage.name)).toEqual(["S1", "Load transactions", "S3", "S4"]);
    expect(forecasts(found)).toEqual([
      null,
      [minute(0), minute(6)],
      [minute(0), minute(119)],
      [minute(6), minute(16)],
      [minute(6), minute(26)],
      [minute(26), minute(36)],
    ]);
    expect(found).toMatchObject({ startedAt: minute(-30), endedAt: null, readyAt: minute(36), unknown: 0 });
  });

  it("knows no end where something stands still, nor what waits behind it", () => {
    const found = timelineOf([step(1, 1, { status: "FAIL", phase: "ENDED" }), step(2, 2)], NO, NO, NOW);
    expect(forecasts(found)).toEqual([null, null]);
    expect(found.readyAt).toBeNull();
    const optional = timelineOf(
      [step(1, 1, { status: "FAIL", phase: "ENDED", taskMandatory: false }), step(2, 2)],
      NO,
      NO,
      NOW,
    );
    expect(optional.readyAt).toBe(minute(10));
  });

  it("says of how many tasks nobody knows how long they take", () => {
    const found = timelineOf([step(1, 1, { ...running(-2), expectedSeconds: null }), step(2, 2)], NO, NO, NOW);
    expect(found).toMatchObject({ readyAt: minute(10), unknown: 1 });
  });

  it("has ended when its last task has", () => {
    const found = timelineOf(
      [step(1, 1, done(-30, -20)), step(2, 1, { phase: "SKIPPED" }), step(3, 2, done(-20, -5))],
      NO,
      NO,
      NOW,
    );
    expect(found).toMatchObject({ endedAt: minute(-5), readyAt: null });
  });

  it("shows every attempt, and takes metrics from the newest that told some", () => {
    const found = timelineOf(
      [
        step(1, 1, { attempt: 1, ...running(-3) }),
        step(1, 1, {
          attempt: 0,
          status: "FAIL",
          phase: "ENDED",
          logCode: "LOST",
          startTime: minute(-9),
          endTime: minute(-5),
          metrics: { rowsRead: 5 },
        }),
      ],
      NO,
      NO,
      NOW,
    );
    const [task] = found.stages[0]?.tasks ?? [];
    expect(task?.attempts.map((one) => [one.attempt, one.state])).toEqual([
      [0, "lost"],
      [1, "running"],
    ]);
    expect(task).toMatchObject({ state: "running", metrics: { rowsRead: 5 } });
  });
});

describe("how long a task usually takes", () => {
  const mark = (processingDate: string, minutes: number, more: Partial<DayMark> = {}): DayMark => ({
    processingDate,
    workflowId: 1,
    taskId: 1,
    attempt: 0,
    status: "DONE",
    phase: "ENDED",
    logCode: null,
    taskName: null,
    taskMandatory: true,
    sequenceId: 1,
    sortOrder: 1,
    startMs: 0,
    endMs: minutes * 60_000,
    ...more,
  });

  it("is the median of the runs that were done, without the one that is looked at", () => {
    const marks = [
      mark("2026-11-16", 10),
      mark("2026-11-17", 50),
      mark("2026-11-18", 20),
      mark("2026-11-19", 1, { status: "FAIL" }),
      mark("2026-11-20", 500),
    ];
    const usual = usualOf(marks, "2026-11-20");
    expect(usual.get("1/1")).toEqual({ medianMs: 20 * 60_000, runs: 3 });
    const found = timelineOf([step(1, 1, { expectedSeconds: null })], usual, NO, NOW);
    expect(found.stages[0]?.tasks[0]).toMatchObject({ expectedMs: 20 * 60_000, expectedOf: 3 });
  });

  it("has no median without values", () => {
    expect(medianOf([])).toBeUndefined();
    expect(medianOf([4, 1])).toBe(1);
  });
});
