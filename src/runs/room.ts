/**
 * The runs room as command line, server and library see it: one method a verb, by the original's names in camelCase.
 *
 * Whatever a call is refused for is a HeadgateError: `unknown_process`, `unknown_task`, `unknown_parameter` for what is
 * not declared; `input_invalid` and `nothing_to_run` for what cannot be; and for what the state does not allow (409 over
 * HTTP) `already_running` (`data.holder` says who), `already_done`, `already_failed`, `skipped`, `not_ended`,
 * `run_closed`, `not_forward`.
 */

import type { Problem } from "../model/problem.ts";
import type { ProcessHealth } from "../model/process-health.ts";
import type { ParameterDetails, ProcessDetails, SequenceDetails, TaskDetails } from "../model/registration.ts";
import type {
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
} from "../model/run-answer.ts";
import type { ProcessRef, TaskRef } from "../model/run-ref.ts";
import type {
  AdvanceRequest,
  AmendRequest,
  CanAdvanceRequest,
  CancelRequest,
  EndRequest,
  FailRequest,
  GenerateRequest,
  HeartbeatRequest,
  Metrics,
  ModeRequest,
  PendingRequest,
  ProgressRequest,
  ResetRequest,
  RollbackRequest,
  SkipRequest,
  StartRequest,
  StatusRequest,
  WatermarkRequest,
} from "../model/run-request.ts";
import type { RecordedCommand, StoredStep } from "../model/step.ts";
import type {
  RollbackView,
  RunsGridTasksView,
  RunsGridView,
  RunTimelineView,
  WatermarksView,
} from "../model/view-runs.ts";
import type { Declared, ReplayReport, RunFilter, RunStore, SysLogLine, ViewRow } from "../store/runs.ts";

/** Who calls, and whether it is a repeat. */
export interface CallContext {
  /** Who does it, where that is not the room's own actor: the principal of a token. */
  actor?: string | undefined;
  /** A repeat with the same key is answered with the first answer, and nothing is done. Scoped to verb and task. */
  idempotencyKey?: string | undefined;
}

/** How something is registered. */
export interface RegisterContext extends Pick<CallContext, "actor"> {
  /** Leave what exists as it is, as the original does. */
  insertOnly?: boolean | undefined;
}

/** What registering the files of a project did. */
export interface RegisterReport {
  /** What was declared, in the order of the files. Empty where there are errors: then nothing was registered. */
  declared: Declared[];
  /** Faults with their places, and warnings. */
  problems: Problem[];
}

/** What a task works with in {@link RunsRoom.task}. */
export interface TaskHandle {
  readonly ref: Required<Pick<TaskRef, "workflowId" | "taskId" | "attempt" | "executionId" | "processingDate">>;
  readonly watermark: ActiveWatermark | null;
  readonly fullFileName: string | null;
  /** What the attempt before told last. */
  readonly lastMetrics: Record<string, unknown> | null;
  /** Aborted when the attempt does not run any more: cancelled, lost, ended by somebody. */
  readonly signal: AbortSignal;
  /** Tells of progress; kept with the next heartbeat and at the end. */
  progress(metrics: Metrics): void;
  /** Value that the task's watermark gets when it is done, instead of the automatic one. */
  setWatermark(value: string): void;
}

/** Options of {@link RunsRoom.task}. */
export interface TaskOptions extends CallContext {
  sourceRunId?: string | undefined;
  sourceUrl?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** What one sweep did. */
export interface SweepReport {
  /** Leases that were over. */
  expired: number;
  /** Steps that are lost now. */
  lost: StepAnswer[];
  /** False: this server has not lived long enough without a gap to judge anybody. */
  judged: boolean;
}

/** The room. */
export interface RunsRoom {
  /** Declares the seven built-in stages; touches nothing that exists. Harmless to call at every start. */
  setup(context?: Pick<CallContext, "actor">): Promise<Declared[]>;
  registerSequence(details: SequenceDetails, context?: RegisterContext): Promise<Declared>;
  registerProcess(
    projectCode: string,
    processLoad: string,
    details?: ProcessDetails,
    context?: RegisterContext,
  ): Promise<Declared>;
  /** @throws HeadgateError `unknown_process`, `not_found` for an unknown sequence */
  registerTask(
    projectCode: string,
    processLoad: string,
    details: TaskDetails,
    context?: RegisterContext,
  ): Promise<Declared>;
  /** @throws HeadgateError `unknown_process`, `input_invalid` for a value that does not fit, or a change of type */
  registerParameter(
    projectCode: string,
    processLoad: string,
    details: ParameterDetails,
    context?: RegisterContext,
  ): Promise<Declared>;
  /** Registers `processes/*.yml` (the config's pattern, or the files given): all or nothing, and again without effect. */
  registerFiles(files?: readonly string[], context?: RegisterContext): Promise<RegisterReport>;

  /** A new execution id (UUID). */
  generateExecutionId(): string;
  /**
   * Makes the steps of a run: the active tasks that are due, as the catalogue has them now. Again: nothing, `replayed`.
   * @throws HeadgateError `unknown_process`, `nothing_to_run`
   */
  generateExecutionSteps(
    executionId: string,
    projectCode: string,
    processLoad: string,
    processingDate?: string,
    options?: Pick<GenerateRequest, "carryForward" | "force">,
    context?: CallContext,
  ): Promise<GenerateAnswer>;
  /** The tasks that may be started now, by stage; generates the run where nobody did. */
  getPendingTasks(request: PendingRequest, context?: CallContext): Promise<PendingAnswer>;
  /** @throws HeadgateError `already_running` (`data.holder` says who), `already_done`, `already_failed`, `skipped`, `run_closed` */
  startTask(request: StartRequest, context?: CallContext): Promise<StartAnswer>;
  /** Prolongs the lease. Never refused: `alive: false` says that the attempt does not run. */
  heartbeat(request: HeartbeatRequest, context?: CallContext): Promise<HeartbeatAnswer>;
  progress(request: ProgressRequest, context?: CallContext): Promise<StepAnswer>;
  /** Ends an attempt, started or not. @throws HeadgateError `already_failed`, `skipped`, `run_closed` */
  endTask(request: EndRequest, context?: CallContext): Promise<StepAnswer>;
  failTask(request: FailRequest, context?: CallContext): Promise<StepAnswer>;
  skip(request: SkipRequest, context?: CallContext): Promise<StepAnswer>;
  unskip(request: SkipRequest, context?: CallContext): Promise<StepAnswer>;
  cancel(request: CancelRequest, context?: CallContext): Promise<CancelAnswer>;
  amend(request: AmendRequest, context?: CallContext): Promise<StepAnswer>;
  statusReset(request: ResetRequest, context?: CallContext): Promise<ResetAnswer>;
  /**
   * Starts the task, does `work`, ends or fails it; heartbeats meanwhile. What `work` throws is thrown on, unchanged; a
   * monitor that cannot be reached at the end never changes the outcome. A skipped task is not worked on: undefined.
   * @throws HeadgateError as {@link startTask}
   */
  task<T>(ref: TaskRef, work: (task: TaskHandle) => T | Promise<T>, options?: TaskOptions): Promise<T | undefined>;

  setProcessingMode(request: ModeRequest, context?: CallContext): Promise<ModeAnswer>;
  getMode(process: ProcessRef): Promise<ModeAnswer>;
  /** @throws HeadgateError `unknown_parameter` */
  getActiveWatermark(request: ProcessRef & { parameterName: string }): Promise<ActiveWatermark>;
  setWatermark(request: WatermarkRequest, context?: CallContext): Promise<WatermarkAnswer>;
  /** @throws HeadgateError `not_forward` where the value lies before the current one */
  advanceWatermark(request: AdvanceRequest, context?: CallContext): Promise<WatermarkAnswer>;
  rollbackWatermark(request: RollbackRequest, context?: CallContext): Promise<WatermarkAnswer>;
  /** Newest first. */
  watermarkHistory(
    request: ProcessRef & { parameterName?: string | undefined; limit?: number | undefined },
  ): Promise<WatermarkHistoryItem[]>;

  /** Rows of v_taskDetail, or with `summaryMode` of v_processStatus. */
  getStatus(request: StatusRequest): Promise<ViewRow[]>;
  /** Rows of v_mandatoryBlockers, and what they mean in one sentence each. */
  getBlockers(request: StatusRequest): Promise<{ items: ViewRow[]; sentences: string[] }>;
  canAdvance(request: CanAdvanceRequest): Promise<CanAdvanceAnswer>;
  /**
   * Every process with its verdict on a day, worst first. Without a day it is its own today; where nothing runs today, a
   * former day of the last five weeks that has not been put right.
   */
  processes(
    filter?: Partial<ProcessRef> & { processingDate?: string | undefined; project?: string | undefined },
  ): Promise<ProcessHealth[]>;
  /**
   * Processes by date, worst first. Without days: the last 28; without a last day, each is judged on its own today.
   * @throws HeadgateError `input_invalid` for more than 1,100 days
   */
  grid(request?: {
    from?: string | undefined;
    to?: string | undefined;
    /** Words that name, owner or sentence must hold. */
    q?: string | undefined;
    verdict?: readonly string[] | undefined;
    /** Processes to pass over. */
    cursor?: number | undefined;
    limit?: number | undefined;
  }): Promise<RunsGridView>;
  /** The tasks of one of them. @throws HeadgateError `unknown_process`, `input_invalid` */
  gridTasks(request: ProcessRef & { from?: string | undefined; to?: string | undefined }): Promise<RunsGridTasksView>;
  /** One run on a time axis: the newest of the day where none is named. @throws HeadgateError `unknown_process`, `not_found` */
  timeline(
    request: ProcessRef & { processingDate?: string | undefined; executionId?: string | undefined },
  ): Promise<RunTimelineView>;
  /** The watermarks of a process with their last changes. @throws HeadgateError `unknown_process` */
  watermarks(request: ProcessRef): Promise<WatermarksView>;
  /** What a rollback to before a change would do; nothing is done. @throws HeadgateError `unknown_parameter`, `not_found` */
  previewRollback(request: ProcessRef & { parameterName: string; beforeSeq: number }): Promise<RollbackView>;
  /** Steps as the store holds them. */
  steps(filter: RunFilter): Promise<StoredStep[]>;
  /** The original's views, by their names, with its columns. */
  readonly views: RunStore["views"];
  logs(filter: RunFilter & { contains?: string | undefined }): Promise<SysLogLine[]>;
  /** Commands after a number, in the order of their commits. */
  eventsAfter(seq: number, limit: number): Promise<RecordedCommand[]>;

  /** Declares what has had no heartbeat for too long to be lost; for the one server that leads. */
  sweepOnce(server: string): Promise<SweepReport>;
  /** Folds all commands again and compares with the stored steps. */
  check(): Promise<ReplayReport>;
  /** The same, and writes what differs. */
  rebuild(): Promise<ReplayReport>;
  /** Writes a small sample project (processes, notebooks that call us) into a folder; returns the files. */
  sampleUsage(directory: string): Promise<string[]>;
}
