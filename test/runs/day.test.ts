/** A day of a process as people look at it: the six views with the original's columns, blockers, status and verdicts. */
import { expect, it } from "vitest";
import { onBothStores } from "../stores.ts";
import { at, declareHr, minutes, RUN, world } from "./world.ts";

/** The columns of databricks-etl-monitor, in its order; ours come after them. */
const COLUMNS: Record<string, string> = {
  v_processStatus:
    "ProcessingDate ProjectCode ProcessLoad ProcessName ProcessOwner LatestAttempt TotalRuns Done Failed Pending RunStart RunEnd WallClockSeconds OverallStatus",
  v_runSummary:
    "ProcessingDate ProjectCode ProcessLoad ExecutionID Attempts TotalTasks Done Failed Pending RunStart RunEnd TotalDurationSeconds WallClockSeconds OverallStatus LastActivity",
  v_taskDetail:
    "ProcessingDate ProjectCode ProcessLoad ExecutionID Attempts WorkFlowID SequenceCode SequenceID TaskName TaskID TaskMandatory SourceSystemCode Status StartTime EndTime DurationSeconds ExpectedDurationSeconds SLABreached SourceType SourceRunID LogType LogMessage LastUpdatedBy",
  v_mandatoryBlockers:
    "ProcessingDate ProjectCode ProcessLoad ExecutionID WorkFlowID SequenceCode TaskName TaskID Attempts Status StartTime LogType LogMessage SourceType SourceSystemCode",
  v_currentFailures:
    "ProcessingDate ProjectCode ProcessLoad ExecutionID WorkFlowID SequenceCode TaskName TaskID TaskMandatory Attempts Status StartTime LogType LogMessage SourceType SourceRunID",
  v_watermarks:
    "ProjectCode ProcessLoad ParameterName ParameterType ParameterDescription ValueINT ValueDateTime ValueBIT ActiveValue WatermarkState LinkedTaskName LastUpdatedOn LastUpdatedBy",
};

await onBothStores("a day", (setting) => {
  it("is told by the six views, the blockers, the status and the verdict", async () => {
    const { runs, clock } = await world(setting);
    await declareHr(runs);
    const verdict = async () => {
      const [health] = await runs.processes();
      return `${health?.verdict}: ${health?.sentence}`;
    };
    expect(await verdict()).toBe("unknown: No run on 2026-11-20 yet, due by 06:30");
    await runs.generateExecutionSteps("r1", "CORP", "HR", "2026-11-20");
    expect(await verdict()).toBe("ok: Generated, 5 tasks wait, due by 06:30");
    await runs.startTask(at(1));
    clock.turn(minutes(12));
    expect(await verdict()).toBe(
      "at_risk: Load 1 (1/1) runs for 12 m 00 s, expected are 10 m 00 s; 0 of 5 tasks done, due by 06:30",
    );
    await runs.endTask(at(1));
    await runs.startTask({ ...at(2), sourceRunId: "501" });
    await runs.startTask(at(3));
    clock.turn(minutes(5));
    await runs.failTask({ ...at(2), logMessage: "connection timeout\nat line 3", logCode: "TIMEOUT" });
    await runs.failTask({ ...at(3), logMessage: "no file" });
    expect(await verdict()).toBe("blocked: Load 2 (1/2) failed: connection timeout; 2 tasks wait, due by 06:30");

    for (const [name, columns] of Object.entries(COLUMNS)) {
      const rows = await runs.views[name as keyof typeof runs.views]({ projectCode: "CORP" });
      expect(rows.length, name).toBeGreaterThan(0);
      expect(Object.keys(rows[0] ?? {}), name).toEqual(expect.arrayContaining(columns.split(" ")));
    }
    expect(await runs.getStatus({ ...RUN, taskId: 2 })).toMatchObject([
      {
        Status: "FAIL",
        LogCode: "TIMEOUT",
        SourceRunID: "501",
        DurationSeconds: 300,
        LogMessage: "connection timeout\nat line 3",
      },
    ]);
    expect(await runs.getStatus({ projectCode: "CORP", summaryMode: true })).toMatchObject([
      { OverallStatus: "NQUE", RunState: "BLOCKED", Done: 1, Failed: 2, Pending: 2 },
    ]);
    expect(await runs.canAdvance({ ...RUN, workflowId: 1, sequenceId: 2 })).toMatchObject({
      advance: false,
      blockers: [{ taskId: 2, reason: "FAILED", sentence: "Load 2 (1/2) failed: connection timeout" }],
      warnings: [{ taskId: 3, reason: "FAILED" }],
    });
    expect((await runs.getPendingTasks(RUN)).items).toEqual([]);
    const all = await runs.getPendingTasks({ ...RUN, all: true });
    expect(all.items.map(({ taskId, waitsFor }) => [taskId, waitsFor])).toEqual([
      [2, "failed: reset it"],
      [3, "failed: reset it"],
      [4, "stage 1/2: Load 2 (1/2) failed: connection timeout"],
      [5, "stage 1/2: Load 2 (1/2) failed: connection timeout"],
    ]);

    expect(await runs.statusReset({ ...RUN, workflowId: 1, taskId: 2 })).toMatchObject({ count: 1 });
    await runs.startTask(at(2));
    clock.turn(minutes(5));
    await runs.endTask(at(2));
    for (const task of [at(4), at(5, 2)]) {
      await runs.startTask(task);
      clock.turn(minutes(4));
      await runs.endTask(task);
    }
    expect(await verdict()).toBe(
      "ok: Complete at 05:30, 1 h 00 m before it was due; 1 optional task failed: Load 3 (1/3)",
    );
    expect(await runs.views.v_currentFailures({})).toMatchObject([{ TaskID: 3 }]);
    expect(await runs.views.v_mandatoryBlockers({})).toEqual([]);
    expect(await runs.check()).toMatchObject({ differing: [], verdicts: [] });
  });

  it("that went wrong stays the verdict until there is another run", async () => {
    const { runs, clock } = await world(setting);
    await declareHr(runs);
    const stands = async () => {
      const [health] = await runs.processes();
      return [health?.processingDate, health?.verdict, health?.runState];
    };
    await runs.startTask(at(1));
    await runs.failTask({ ...at(1), logMessage: "no rows" });
    clock.turn(minutes(24 * 60));
    expect(await stands()).toEqual(["2026-11-20", "failed", "FAILED"]);
    expect((await runs.processes({ processingDate: "2026-11-21" }))[0]).toMatchObject({
      verdict: "unknown",
      processingDate: "2026-11-21",
    });
    await runs.startTask({ ...at(1), executionId: "next", processingDate: "2026-11-21" });
    expect(await stands()).toEqual(["2026-11-21", "ok", "RUNNING"]);
    clock.turn(minutes(60 * 24 * 40));
    expect((await stands())[1]).toBe("unknown");
  });
});
