import { describe, expect, it } from "vitest";
import type { DayMark, DayTally } from "../store/runs.ts";
import { dayAfter, dayState, daysBetween, processLine, taskLines, taskState } from "./grid.ts";

const process = { timezone: "Europe/London", deadline: { by: "06:30", days: "all" } };
const at = (text: string) => Date.parse(text);

const tally = (processingDate: string, more: Partial<DayTally> = {}): DayTally => ({
  processingDate,
  total: 3,
  done: 3,
  failed: 0,
  lost: 0,
  cancelled: 0,
  running: 0,
  waiting: 0,
  skipped: 0,
  optional: 0,
  mostAttempts: 1,
  endMs: at(`${processingDate}T05:00:00Z`),
  ...more,
});

const mark = (processingDate: string, taskId: number, more: Partial<DayMark> = {}): DayMark => ({
  processingDate,
  workflowId: 1,
  taskId,
  attempt: 0,
  status: "DONE",
  phase: "ENDED",
  logCode: null,
  taskName: `Load ${taskId}`,
  taskMandatory: true,
  sequenceId: 2,
  sortOrder: 2,
  startMs: at(`${processingDate}T04:00:00Z`),
  endMs: at(`${processingDate}T05:00:00Z`),
  ...more,
});

describe("days", () => {
  it("are counted with both ends, over months and clock changes", () => {
    expect(daysBetween("2026-11-20", "2026-11-20")).toBe(1);
    expect(daysBetween("2026-10-24", "2026-11-20")).toBe(28);
    expect(dayAfter("2026-11-20", -27)).toBe("2026-10-24");
    expect(dayAfter("2024-02-28", 1)).toBe("2024-02-29");
  });
});

describe("a day of a process", () => {
  it.each<[string, string, Partial<DayTally>]>([
    ["is done", "d", {}],
    ["is late where it ended after the deadline of its own zone", "l", { endMs: at("2026-07-01T05:31:00Z") }],
    ["is in time at the same hour in winter time", "d", { endMs: at("2026-07-01T05:29:00Z") }],
    ["has only lost an optional task", "o", { done: 2, failed: 1, optional: 1 }],
    ["failed, whatever still runs", "f", { done: 0, failed: 1, running: 1, waiting: 1 }],
    ["was lost", "x", { done: 2, lost: 1 }],
    ["was cancelled", "c", { done: 1, cancelled: 2 }],
    ["runs", "r", { done: 1, running: 1, waiting: 1 }],
    ["runs although an optional task failed", "r", { done: 1, running: 1, failed: 1, optional: 1 }],
    ["waits", "w", { done: 0, waiting: 3 }],
    ["was left out", "s", { done: 0, skipped: 3, endMs: null }],
  ])("%s", (_name, letter, more) => {
    expect(dayState(process, tally("2026-07-01", more))).toBe(letter);
  });

  it("makes one text with those of other days", () => {
    const found = [tally("2026-11-18"), tally("2026-11-20", { failed: 1, mostAttempts: 3 }), tally("2026-11-25")];
    expect(processLine(process, found, "2026-11-17", "2026-11-20")).toEqual({ states: ".d.f", attempts: [3, 3] });
  });
});

describe("a task by date", () => {
  it.each<[string, Partial<DayMark>]>([
    ["d", {}],
    ["l", { endMs: at("2026-11-20T06:31:00Z") }],
    ["f", { status: "FAIL" }],
    ["x", { status: "FAIL", logCode: "LOST" }],
    ["c", { status: "FAIL", logCode: "CANCELLED" }],
    ["s", { status: "NQUE", phase: "SKIPPED" }],
    ["r", { status: "NQUE", phase: "RUNNING" }],
    ["w", { status: "NQUE", phase: "QUEUED" }],
  ])("is %s", (letter, more) => {
    expect(taskState(process, mark("2026-11-20", 1, more))).toBe(letter);
  });

  it("is called as it was last, and stands where it runs", () => {
    const marks = [
      mark("2026-11-18", 7, { taskName: "Old name", sortOrder: 9 }),
      mark("2026-11-18", 8),
      mark("2026-11-19", 7, { taskName: "New name", sortOrder: 1, attempt: 1 }),
      mark("2026-11-19", 9, { taskName: null, taskMandatory: false }),
    ];
    expect(taskLines(process, marks, "2026-11-18", "2026-11-19")).toEqual([
      { workflowId: 1, taskId: 7, name: "New name", mandatory: true, states: "dd", attempts: [1, 2] },
      { workflowId: 1, taskId: 8, name: "Load 8", mandatory: true, states: "d.", attempts: [] },
      { workflowId: 1, taskId: 9, name: "Task 1/9", mandatory: false, states: ".d", attempts: [] },
    ]);
  });
});
