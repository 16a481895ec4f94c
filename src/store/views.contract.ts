/** What every store must do about the original's tables and views, watermarks and modes. */
import { describe, expect, it } from "vitest";
import { BY, parameter, process, task } from "../../test/catalogue.ts";
import { onBothStores } from "../../test/stores.ts";
import { tinyCommand, tinyTransition } from "../../test/tiny-transition.ts";
import type { Command } from "../model/step.ts";
import type { Store } from "./transaction.ts";

const DAY = "2026-11-21";

/** The tables and views with the columns that the original has, in its order. */
const ORIGINAL: Record<string, string> = {
  ETLconfigSequence:
    "SequenceID SequenceCode SequenceName SequenceDescription SortOrder IsActive CreatedOn CreatedBy LastUpdatedOn LastUpdatedBy",
  ETLconfigProcess:
    "ProjectCode ProcessLoad ProcessName ProcessDescription ProcessOwner LoadFrequency IsActive CreatedOn CreatedBy LastUpdatedOn LastUpdatedBy",
  ETLconfigTasks:
    "TaskID ProjectCode ProcessLoad WorkFlowID SequenceID TaskName TaskDescription SourceType SourceIdentifier SourceSystemCode ExpectedDurationSeconds FileNameMask FileExtension InFilePath OutFilePath LoadFrequency TaskMandatory IsActive CreatedOn CreatedBy LastUpdatedOn LastUpdatedBy",
  ETLconfigParameters:
    "ProjectCode ProcessLoad ParameterName ParameterDescription ParameterType ValueINT ValueDateTime ValueBIT CreatedOn CreatedBy LastUpdatedOn LastUpdatedBy",
  ETLProcessingSteps:
    "ProcessingDate ProjectCode ProcessLoad ExecutionID WorkFlowID TaskID SequenceID Attempts Status TaskName SequenceCode TaskMandatory SourceSystemCode FullFileName InFilePath OutFilePath ForceSkip StartTime EndTime DurationSeconds LogMessage LogType LogCode SourceType SourceRunID ClusterID LastUpdatedOn LastUpdatedBy",
  ETLsysLogs:
    "_ID ProcessingDate ProjectCode ProcessLoad SourceType RunID ExecutionID CorrelationID PipelineName ActivityName OperationName Level LogTimeUTC Message",
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

await onBothStores("views", (setting, store) => {
  const send = (at: Store, ...commands: Command[]) =>
    at.runs.append(commands, tinyTransition, (command) => ({
      steps: command.taskId === null ? "run" : "step",
      parameters: true,
    }));
  const command = (
    type: string,
    processLoad: string,
    executionId: string,
    at?: [number, number],
    more: Partial<Command> = {},
  ) => tinyCommand(type, { processLoad, executionId, workflowId: at?.[0] ?? null, taskId: at?.[1] ?? null, ...more });

  it("have the names and columns of the original, and lower-case ones where names fold", async () => {
    const target = await setting.target();
    await (await setting.open(target)).ping();
    for (const [table, columns] of Object.entries(ORIGINAL)) {
      const names = columns.split(" ");
      const quoted = names.map((name) => `"${name}"`).join(", ");
      await setting.query(target, `select ${quoted} from "${table}"`);
      // As people and tools write it: unquoted, in the original's spelling.
      await setting.query(target, `select ${names.join(", ")} from ${table}`);
    }
  });

  describe("watermarks", () => {
    it("show a value for every parameter, in bulk and live mode too, one row each", async () => {
      const clock = { now: () => Date.parse("2026-11-21T23:30:00.000Z"), sleep: async () => {} };
      const own = await setting.open(await setting.target(), { clock });
      const { catalogue } = own.runs;
      await catalogue.declareProcesses([process("HR", { timezone: "Europe/Berlin" })], BY);
      await catalogue.declareTasks(
        [2, 1].map((id) => task("HR", 1, id, { sourceSystemCode: "since" })),
        BY,
      );
      await catalogue.declareParameters(
        [
          { ...parameter("HR", "since", "DELTA_DATE", "2026-11-20T06:30:00.125Z"), lookbackSeconds: 90 },
          parameter("HR", "bulk", "DELTA_DATE"),
          parameter("HR", "id", "DELTA_ID", "9223372036854775807"),
          parameter("HR", "bulkId", "DELTA_ID"),
          parameter("HR", "flag", "FLAG", "true"),
          parameter("HR", "noflag", "FLAG"),
        ],
        BY,
      );
      const rows = await own.runs.views.v_watermarks({ processLoad: "HR" });
      const brief = Object.fromEntries(
        rows.map((row) => [row.ParameterName, [row.ActiveValue, row.WatermarkState, row.IsBulk, row.LinkedTaskName]]),
      );
      expect(brief).toEqual({
        since: ["2026-11-20 06:28:30.125", "DELTA: 2026-11-20 06:30:00.125", false, "Load 1, Load 2"],
        bulk: ["1900-01-01 00:00:00.000", "BULK MODE", true, null],
        id: ["9223372036854775807", "DELTA: 9223372036854775807", false, null],
        bulkId: ["0", "BULK MODE", true, null],
        flag: ["true", "true", false, null],
        noflag: ["false", "false", false, null],
        SYSDT: ["2026-11-22", "LIVE DATE", false, null],
      });
      expect(rows.find((row) => row.ParameterName === "id")?.ValueINT).toBe("9223372036854775807");

      await send(
        own,
        tinyCommand("WATERMARK", {
          processLoad: "HR",
          processingDate: null,
          executionId: null,
          payload: { name: "SYSDT", value: "2026-01-01T00:00:00.000Z" },
        }),
      );
      const historic = (await own.runs.views.v_watermarks()).find((row) => row.ParameterName === "SYSDT");
      expect(historic).toMatchObject({ ActiveValue: "2026-01-01", WatermarkState: "HISTORIC: 2026-01-01" });
    });

    it("say in raw SQL too when a historic mode has run out", async () => {
      const target = await setting.target();
      const own = await setting.open(target);
      await own.runs.catalogue.declareProcesses([process("UNTIL"), process("OPEN"), process("AHEAD")], BY);
      const dated = `update "ETLconfigParameters" set "ValueDateTime" = '2026-01-01T00:00:00.000Z'
        where "ParameterName" = 'SYSDT' and "ProcessLoad" in ('UNTIL', 'OPEN', 'AHEAD')`;
      await setting.query(target, dated);
      const mode = (load: string, until: string): string =>
        `insert into process_mode (project_code, process_load, mode, historic_date, since, until_at, actor)
        values ('CORP', '${load}', 'historic', '2026-01-01', '2025-12-31T00:00:00.000Z', ${until}, 'me')`;
      await setting.query(target, mode("UNTIL", "'2026-01-02T00:00:00.000Z'"));
      await setting.query(target, mode("OPEN", "null"));
      await setting.query(target, mode("AHEAD", "'9999-01-01T00:00:00.000Z'"));
      const states = await setting.query(
        target,
        `select ProcessLoad as load, WatermarkState as state, ActiveValue as value from v_watermarks
        where ParameterName = 'SYSDT' and ProcessLoad in ('UNTIL', 'OPEN', 'AHEAD') order by ProcessLoad`,
      );
      expect(states).toEqual([
        { load: "AHEAD", state: "HISTORIC: 2026-01-01", value: "2026-01-01" },
        { load: "OPEN", state: "HISTORIC: 2026-01-01", value: "2026-01-01" },
        { load: "UNTIL", state: "LIVE DATE", value: expect.stringMatching(/^20[2-9]\d-\d\d-\d\d$/) },
      ]);
      expect(states[2]?.value).not.toBe("2026-01-01");
    });

    it("keep every change with its cause, and the mode of the process", async () => {
      const { runs } = store();
      await runs.catalogue.declareProcesses([process("MARK")], BY);
      await runs.catalogue.declareParameters([parameter("MARK", "since", "DELTA_DATE")], BY);
      const end = { payload: { watermark: ["since", "2026-11-21T06:30:00.000Z"] } };
      await send(
        store(),
        command("GENERATE", "MARK", "m1", undefined, { payload: { tasks: [{ workflowId: 1, taskId: 1 }] } }),
        command("START", "MARK", "m1", [1, 1]),
        command("END", "MARK", "m1", [1, 1], end),
      );
      const byHand = { processingDate: null, payload: { name: "since", value: null } };
      const [reply] = await send(store(), {
        ...command("WATERMARK", "MARK", "m1", undefined, byHand),
        executionId: null,
      });
      expect(reply?.answer).toEqual({ before: "2026-11-21T06:30:00.000Z" });
      expect(await runs.watermarkHistory({ projectCode: "CORP", processLoad: "MARK" })).toMatchObject([
        {
          name: "since",
          before: "2026-11-21T06:30:00.000Z",
          value: null,
          cause: "manual",
          executionId: null,
          actor: "anna",
        },
        { name: "since", before: null, value: "2026-11-21T06:30:00.000Z", cause: "auto", executionId: "m1", taskId: 1 },
      ]);
      expect(await runs.mode("CORP", "MARK")).toBeUndefined();
      await send(store(), command("MODE", "MARK", "m1", undefined, { payload: { saved: { since: null } } }));
      expect(await runs.mode("CORP", "MARK")).toMatchObject({
        mode: "historic",
        historicDate: "2026-01-01",
        saved: { since: null },
      });
    });
  });

  describe("of runs", () => {
    /** 1/1 config, then 1/2 and 1/3 (optional) side by side, then 2/4. */
    const TASKS = [
      { workflowId: 0, taskId: 0, sequenceId: 0, sortOrder: 0, taskName: "Initiation" },
      { workflowId: 1, taskId: 1, sequenceId: 1, sortOrder: 1, sequenceCode: "LOAD_DB_CONFIG", expectedSeconds: 60 },
      { workflowId: 1, taskId: 2, sequenceId: 2, sortOrder: 2, sequenceCode: "LOAD_DB_TRAN" },
      { workflowId: 1, taskId: 3, sequenceId: 2, sortOrder: 2, sequenceCode: "LOAD_DB_TRAN", taskMandatory: false },
      { workflowId: 2, taskId: 4, sequenceId: 6, sortOrder: 6, sequenceCode: "PROCESS_DATA" },
    ];
    const at = (minute: string) => ({ occurredAt: `2026-11-21T06:${minute}:00.000Z` });

    async function story(own: Store) {
      const on = (type: string, id: [number, number], more: Partial<Command> = {}, run = "r1") =>
        command(type, "HR", run, id, more);
      await own.runs.catalogue.declareProcesses([process("HR")], BY);
      await send(
        own,
        command("GENERATE", "HR", "r1", undefined, { payload: { tasks: TASKS } as never }),
        on("START", [1, 1], at("00")),
        on("END", [1, 1], at("02")),
        on("START", [1, 2], at("02")),
        on("FAIL", [1, 2], { ...at("03"), payload: { message: "connection timeout" } }),
        on("START", [1, 3], at("02")),
        on("FAIL", [1, 3], { ...at("04"), payload: { message: "no file" } }),
      );
      return on;
    }
    const blockers = async (own: Store) =>
      (await own.runs.views.v_mandatoryBlockers({ processLoad: "HR" })).map((row) => [
        row.TaskID,
        row.Attempts,
        row.BlockReason,
        row.BlocksFrom,
      ]);
    const status = async (own: Store) => {
      const rows = await own.runs.views.v_processStatus({ processingDate: DAY });
      expect(rows).toHaveLength(1);
      return rows[0];
    };

    it("tell a blocked run, its failures and blockers", async () => {
      const own = await setting.open(await setting.target());
      await story(own);
      expect(await status(own)).toMatchObject({
        ProcessName: "HR daily load",
        ProcessOwner: "HR team",
        LatestAttempt: 0,
        TotalRuns: 1,
        TotalTasks: 4,
        Done: 1,
        Failed: 2,
        Pending: 1,
        RunStart: "2026-11-21T06:00:00.000Z",
        RunEnd: "2026-11-21T06:04:00.000Z",
        WallClockSeconds: 240,
        OverallStatus: "NQUE",
        RunState: "BLOCKED",
        ExecutionID: "r1",
      });
      expect(await blockers(own)).toEqual([[2, 0, "FAILED", "2/6"]]);
      const failures = await own.runs.views.v_currentFailures({ processingDate: DAY });
      expect(failures.map((row) => [row.TaskID, row.TaskMandatory, row.LogMessage])).toEqual([
        [2, true, "connection timeout"],
        [3, false, "no file"],
      ]);
      expect(await own.runs.views.v_runSummary({ executionId: "r1" })).toMatchObject([
        {
          Attempts: 0,
          TotalTasks: 4,
          Done: 1,
          Failed: 2,
          Pending: 1,
          TotalDurationSeconds: 300,
          OverallStatus: "RUNNING",
          RunState: "BLOCKED",
          RunNumber: 1,
        },
      ]);
      const detail = await own.runs.views.v_taskDetail({ executionId: "r1" });
      expect(detail.map((row) => [row.TaskID, row.DurationSeconds, row.SLABreached, row.SLAState])).toEqual([
        [0, null, false, "OK"],
        [1, 120, true, "BREACHED"],
        [2, 60, false, "OK"],
        [3, 120, false, "OK"],
        [4, null, false, "OK"],
      ]);
    });

    it("clear a failure by a new attempt, and by a new run", async () => {
      const own = await setting.open(await setting.target());
      const on = await story(own);
      await send(own, on("RESET", [1, 2]));
      expect(await blockers(own)).toEqual([[2, 1, "PENDING", "2/6"]]);
      await send(own, on("START", [1, 2], at("10")));
      expect(await blockers(own)).toEqual([[2, 1, "RUNNING", "2/6"]]);
      expect(await status(own)).toMatchObject({
        RunState: "RUNNING",
        LatestAttempt: 1,
        Failed: 1,
        Pending: 2,
        TotalTasks: 4,
      });
      await send(own, on("FAIL", [1, 2], { ...at("11"), payload: { code: "LOST" } }));
      expect(await blockers(own)).toEqual([[2, 1, "LOST", "2/6"]]);
      expect(await status(own)).toMatchObject({ RunState: "LOST" });

      const again = [TASKS[0], TASKS[2], TASKS[4]];
      await send(
        own,
        command("GENERATE", "HR", "r2", undefined, { payload: { tasks: again } as never }),
        on("START", [1, 2], at("20"), "r2"),
        on("END", [1, 2], at("21"), "r2"),
      );
      expect(await blockers(own)).toEqual([[4, 0, "PENDING", null]]);
      expect((await own.runs.views.v_currentFailures()).map((row) => row.TaskID)).toEqual([3]);
      expect(await status(own)).toMatchObject({
        TotalRuns: 2,
        ExecutionID: "r2",
        RunState: "RUNNING",
        TotalTasks: 4,
        Done: 2,
        Failed: 1,
        RunStart: "2026-11-21T06:20:00.000Z",
      });
      await send(
        own,
        on("START", [2, 4], at("22"), "r2"),
        on("END", [2, 4], { ...at("23"), payload: { logType: "WARN" } }, "r2"),
      );
      expect(await blockers(own)).toEqual([]);
      expect(await status(own)).toMatchObject({ RunState: "COMPLETE_WITH_WARNINGS", Done: 3 });
      expect(
        (await own.runs.views.v_runSummary()).map((row) => [
          row.ExecutionID,
          row.Attempts,
          row.OverallStatus,
          row.RunState,
        ]),
      ).toEqual([
        ["r1", 0, "RUNNING", "LOST"],
        ["r1", 1, "FAILED", "LOST"],
        ["r2", 0, "COMPLETE", "COMPLETE_WITH_WARNINGS"],
      ]);
      expect(await own.runs.views.v_processAttempts()).toMatchObject([
        { Attempts: 0, TotalRuns: 2 },
        { Attempts: 1, Failed: 1 },
      ]);
    });

    it("count neither the initiation row nor a skipped task as pending, and show a running task's time", async () => {
      const own = await setting.open(await setting.target());
      const on = await story(own);
      await send(
        own,
        on("SKIP", [2, 4]),
        on("RESET", [1, 2]),
        on("START", [1, 2], { occurredAt: "2020-01-01T00:00:00.000Z" }),
      );
      expect(await status(own)).toMatchObject({ Pending: 1, Skipped: 1, TotalTasks: 4 });
      const running = (await own.runs.views.v_taskDetail({ taskId: 2, attempt: 1 }))[0];
      expect(running).toMatchObject({ Phase: "RUNNING", DurationSeconds: null, SLABreached: false });
      expect(running?.ElapsedSeconds).toBeGreaterThan(5 * 365 * 86_400);
    });

    it("are filtered by what people ask for", async () => {
      const own = await setting.open(await setting.target());
      await story(own);
      const { views } = own.runs;
      expect(await views.v_processStatus({ from: "2026-11-22" })).toEqual([]);
      expect(
        await views.v_taskDetail({ projectCode: "CORP", processLoad: "HR", workflowId: 1, limit: 2 }),
      ).toHaveLength(2);
      expect(await views.v_taskDetail({ project: "elsewhere" })).toEqual([]);
    });
  });
});
