/** Routes of the runs room: one a verb of the monitor. Bodies and answers are those of the model. */
import * as z from "zod";
import { ProcessHealth } from "../../model/process-health.ts";
import {
  DeclaredItem as DeclaredInModel,
  RegisterParameterRequest,
  RegisterProcessRequest,
  RegisterTaskRequest,
  SequenceDetails,
} from "../../model/registration.ts";
import {
  ActiveWatermark,
  CanAdvanceAnswer,
  CancelAnswer,
  GenerateAnswer,
  HeartbeatAnswer,
  ModeAnswer,
  PendingAnswer,
  ResetAnswer,
  StartAnswer,
  StepAnswer,
  WatermarkAnswer,
  WatermarkHistoryItem,
} from "../../model/run-answer.ts";
import { ProcessRef } from "../../model/run-ref.ts";
import {
  AdvanceRequest,
  AmendRequest,
  CancelRequest,
  EndRequest,
  FailRequest,
  GenerateRequest,
  HeartbeatRequest,
  ModeRequest,
  ProgressRequest,
  ResetRequest,
  RollbackRequest,
  SkipRequest,
  StartRequest,
  WatermarkRequest,
} from "../../model/run-request.ts";
import { CausesOfRun } from "../../model/view-runs.ts";
import { type Route, route } from "./route.ts";
import {
  CanAdvanceQuery,
  LogsQuery,
  ParameterQuery,
  PendingQuery,
  ProcessesQuery,
  StatusQuery,
  ViewQuery,
  WatermarkHistoryQuery,
} from "./runs-query.ts";

/** Several things: how many, the things, where the next page begins. */
const list = <Item>(item: z.ZodType<Item>) =>
  z.object({ count: z.number().int(), items: z.array(item), next: z.string().nullable() });

/** What declaring one thing did; values as the declaration has them. */
const DeclaredItem = DeclaredInModel.extend({
  changes: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
});

/** A row of a view, by the original's column names. */
const ViewRow = z.record(z.string(), z.unknown());

/** A line of ETLsysLogs. */
const LogLine = z.object({
  processingDate: z.string().nullable(),
  projectCode: z.string().nullable(),
  processLoad: z.string().nullable(),
  sourceType: z.string().nullable(),
  runId: z.string().nullable(),
  executionId: z.string().nullable(),
  correlationId: z.string().nullable(),
  pipelineName: z.string().nullable(),
  activityName: z.string().nullable(),
  operationName: z.string().nullable(),
  /** 0 DEBUG, 1 INFO, 2 WARN, 3 ERROR. */
  level: z.number(),
  logTime: z.string(),
  message: z.string(),
});

const GIVEN = ["unknown_process", "unknown_task", "run_closed"];

/** A verb that changes something. Who did it is in the log of commands, so that no audit row is written beside it. */
const write = <Body, Answer>(
  verb: string,
  summary: string,
  body: z.ZodType<Body>,
  answer: z.ZodType<Answer>,
  problems: string[] = GIVEN,
): Route<Record<string, never>, Record<string, never>, Body, Answer> =>
  route({
    method: "post",
    path: `/runs/${verb}`,
    scope: "write",
    tag: "runs",
    summary,
    body,
    answer,
    problems,
    audited: false,
  });

/** A question. */
const read = <Query, Answer>(
  verb: string,
  summary: string,
  query: z.ZodType<Query>,
  answer: z.ZodType<Answer>,
  problems: string[] = ["unknown_process"],
): Route<Record<string, never>, Query, Record<string, never>, Answer> =>
  route({ method: "get", path: `/runs/${verb}`, scope: "read", tag: "runs", summary, query, answer, problems });

/** Routes of runs. */
export const RUNS_ROUTES = {
  setupRuns: write(
    "setup",
    "Declare the built-in stages; touches nothing that exists",
    z.strictObject({}),
    list(DeclaredItem),
    [],
  ),
  registerSequence: write("sequences", "Declare a stage of your own", SequenceDetails, DeclaredItem, []),
  registerProcess: write("processes", "Declare a process", RegisterProcessRequest, DeclaredItem, []),
  registerTask: write("tasks", "Declare a task of a process", RegisterTaskRequest, DeclaredItem, [
    "unknown_process",
    "not_found",
  ]),
  registerParameter: write("parameters", "Declare a parameter of a process", RegisterParameterRequest, DeclaredItem, [
    "unknown_process",
  ]),
  generateRun: write("generate", "Make the steps of a run", GenerateRequest, GenerateAnswer, [
    "unknown_process",
    "nothing_to_run",
  ]),
  startTask: write("start", "Start a task", StartRequest, StartAnswer, [
    ...GIVEN,
    "already_running",
    "already_done",
    "already_failed",
    "skipped",
  ]),
  heartbeat: write("heartbeat", "Tell that a task still runs", HeartbeatRequest, HeartbeatAnswer, [
    "unknown_process",
    "unknown_task",
  ]),
  reportProgress: write("progress", "Tell what a running task has done so far", ProgressRequest, StepAnswer),
  endTask: write("end", "End a task", EndRequest, StepAnswer, [...GIVEN, "already_failed", "skipped"]),
  failTask: write("fail", "End a task as failed", FailRequest, StepAnswer, [...GIVEN, "already_done", "skipped"]),
  skipTask: write("skip", "Leave a task out of a run", SkipRequest, StepAnswer, [
    ...GIVEN,
    "already_running",
    "already_done",
  ]),
  unskipTask: write("unskip", "Take a task back into a run", SkipRequest, StepAnswer),
  cancelRun: write("cancel", "End what of a run has not ended", CancelRequest, CancelAnswer),
  amendTask: write("amend", "Give an attempt that ended another end", AmendRequest, StepAnswer, [
    ...GIVEN,
    "not_ended",
  ]),
  resetTasks: write(
    "reset",
    "Give failed tasks a new attempt; with replay also those that are done",
    ResetRequest,
    ResetAnswer,
  ),
  setMode: write("mode", "Run a process live, for a past date, or for everything", ModeRequest, ModeAnswer, [
    "unknown_process",
    "unknown_parameter",
  ]),
  setWatermark: write("watermark", "Set a watermark, backwards too", WatermarkRequest, WatermarkAnswer, [
    "unknown_process",
    "unknown_parameter",
  ]),
  advanceWatermark: write("watermark/advance", "Move a watermark forwards", AdvanceRequest, WatermarkAnswer, [
    "unknown_parameter",
    "not_forward",
  ]),
  rollbackWatermark: write(
    "watermark/rollback",
    "Set a watermark to its value before a run or a change",
    RollbackRequest,
    WatermarkAnswer,
    ["unknown_parameter", "not_found"],
  ),

  newExecutionId: read(
    "execution-id",
    "A new execution id",
    z.strictObject({}),
    z.object({ executionId: z.string() }),
    [],
  ),
  getPendingTasks: read(
    "pending",
    "Tasks that may be started now, by stage; generates the run where nobody did",
    PendingQuery,
    PendingAnswer,
  ),
  getRunStatus: read(
    "status",
    "How tasks stand, or with summaryMode whole processes; causes says of each run that is red or waits why",
    StatusQuery,
    list(ViewRow).extend({ causes: z.array(CausesOfRun) }),
    [],
  ),
  getBlockers: read(
    "blockers",
    "What keeps the next stage from beginning",
    StatusQuery,
    list(ViewRow).extend({ sentences: z.array(z.string()), causes: z.array(CausesOfRun) }),
    [],
  ),
  canAdvance: read("can-advance", "Whether what comes after a stage may begin", CanAdvanceQuery, CanAdvanceAnswer),
  getWatermark: read("watermark", "The value a task is to read from", ParameterQuery, ActiveWatermark, [
    "unknown_parameter",
  ]),
  getWatermarkHistory: read(
    "watermark/history",
    "Changes of watermarks, newest first",
    WatermarkHistoryQuery,
    list(WatermarkHistoryItem),
  ),
  getMode: read("mode", "What a process is run for now", ProcessRef, ModeAnswer),
  listProcesses: read(
    "processes",
    "Every process with its verdict on a day, worst first",
    ProcessesQuery,
    list(ProcessHealth),
    [],
  ),
  getRunLogs: read("logs", "Lines of ETLsysLogs", LogsQuery, list(LogLine), []),
  getRunView: route({
    method: "get",
    path: "/runs/views/{view}",
    scope: "read",
    tag: "runs",
    summary: "Rows of a view, by the original's names and columns",
    params: z.object({ view: z.string().max(100) }),
    query: ViewQuery,
    answer: list(ViewRow),
    problems: ["not_found"],
  }),
};
