/** Deadlines in their own zones, and verdicts at times when nothing happens. */
import { describe, expect, it } from "vitest";
import type { Process } from "../model/process.ts";
import type { StoredStep } from "../model/step.ts";
import { newStep } from "./transition/steps.ts";
import { deadlineOf, judge } from "./verdict.ts";

const PROCESS: Process = {
  projectCode: "CORP",
  processLoad: "HR",
  name: "HR",
  description: null,
  owner: null,
  loadFrequency: "D",
  timezone: "Europe/London",
  deadline: { by: "06:30", days: "business" },
  isActive: true,
};

const step = (taskId: number, more: Partial<StoredStep> = {}): StoredStep => ({
  ...newStep(
    { projectCode: "CORP", processLoad: "HR", processingDate: "2026-11-20", executionId: "r" } as never,
    { workflowId: 1, taskId, sequenceId: taskId, taskName: `Load ${taskId}`, taskMandatory: true },
    "2026-11-20T05:00:00.000Z",
  ),
  runNumber: 1,
  lastUpdatedOn: "2026-11-20T05:00:00.000Z",
  lastUpdatedBy: "anna",
  version: 1,
  ...more,
});

const at = (time: string, steps: StoredStep[], process = PROCESS, day = "2026-11-20") => {
  const { verdict, sentence } = judge({ process, mode: "live", day, steps, now: Date.parse(time) });
  return `${verdict}: ${sentence}`;
};

describe("a deadline", () => {
  it("is a time of day in the zone of its process, also where clocks are put forward", () => {
    const iso = (day: string, more: Partial<Process> = {}) => {
      const moment = deadlineOf({ ...PROCESS, ...more }, day);
      return moment === undefined ? undefined : new Date(moment).toISOString();
    };
    expect(iso("2026-11-20")).toBe("2026-11-20T06:30:00.000Z");
    expect(iso("2026-07-20")).toBe("2026-07-20T05:30:00.000Z");
    expect(iso("2026-11-21")).toBeUndefined();
    expect(iso("2026-11-21", { deadline: { by: "06:30", days: "all" } })).toBe("2026-11-21T06:30:00.000Z");
    // 01:30 does not exist on this Sunday: 02:30 summer time.
    expect(iso("2026-03-29", { deadline: { by: "01:30", days: "all" } })).toBe("2026-03-29T01:30:00.000Z");
    expect(iso("2026-11-20", { deadline: null })).toBeUndefined();
  });
});

describe("a verdict", () => {
  it("of a process that never started turns from unknown to late at its deadline", () => {
    expect(at("2026-11-20T06:29:00Z", [])).toBe("unknown: No run on 2026-11-20 yet, due by 06:30");
    expect(at("2026-11-20T06:31:00Z", [])).toBe("late: Never started: it was due by 06:30");
    expect(at("2026-11-21T09:00:00Z", [], PROCESS, "2026-11-21")).toBe("unknown: No run on 2026-11-21 yet");
  });

  it("says how late, before and after the end", () => {
    const running = step(1, { phase: "RUNNING", startTime: "2026-11-20T06:00:00.000Z" });
    expect(at("2026-11-20T06:45:00Z", [running, step(2)])).toBe(
      "late: Due by 06:30, 15 m 00 s ago: 0 of 2 tasks done; Load 1 (1/1) runs since 06:00",
    );
    const done = step(1, {
      status: "DONE",
      phase: "ENDED",
      startTime: "2026-11-20T06:00:00.000Z",
      endTime: "2026-11-20T06:41:00.000Z",
    });
    expect(at("2026-11-20T09:00:00Z", [done])).toBe("late: Complete at 06:41, 11 m 00 s after it was due");
  });

  it("is at risk when what is left takes longer than there is time", () => {
    const rest = [step(1, { expectedSeconds: 1_200 }), step(2, { expectedSeconds: 3_600 })];
    expect(at("2026-11-20T05:05:00Z", rest)).toMatch(/^ok: Generated, 2 tasks wait/);
    expect(at("2026-11-20T05:20:00Z", rest)).toBe(
      "at_risk: At this pace complete at 06:40, 10 m 00 s after it is due; 0 of 2 tasks done",
    );
  });

  it("is stuck when tasks wait and nothing runs, or a task was lost; failed when nothing waits", () => {
    const undated = { ...PROCESS, deadline: null };
    expect(at("2026-11-20T06:30:00Z", [step(1)], undated)).toBe("stuck: Generated at 05:00, and nothing has started");
    const done = step(1, { status: "DONE", phase: "ENDED", endTime: "2026-11-20T05:00:00.000Z" });
    expect(at("2026-11-20T06:30:00Z", [done, step(2)], undated)).toBe(
      "stuck: Nothing has run since 05:00; 1 of 2 tasks done",
    );
    const failed = { status: "FAIL", phase: "ENDED", endTime: "2026-11-20T05:00:00.000Z" } as const;
    const lost = step(1, { ...failed, logCode: "LOST", logMessage: "Nothing was heard" });
    expect(at("2026-11-20T05:30:00Z", [lost, step(2)], undated)).toBe(
      "stuck: Load 1 (1/1) was lost: Nothing was heard; 1 task waits",
    );
    expect(at("2026-11-20T05:30:00Z", [done, step(2, { ...failed, logMessage: "no" })], undated)).toBe(
      "failed: Load 2 (1/2) failed: no",
    );
  });
});
