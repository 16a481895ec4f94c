/** The runs room of a server: one call a verb, by the names of the room. Every call throws `HeadgateServerError`. */
import type { ProcessHealth } from "../model/process-health.ts";
import type {
  DeclaredItem,
  RegisterParameterRequest,
  RegisterProcessRequest,
  RegisterTaskRequest,
  SequenceDetails,
} from "../model/registration.ts";
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
import type { ProcessRef } from "../model/run-ref.ts";
import type {
  AdvanceRequest,
  AmendRequest,
  CanAdvanceRequest,
  CancelRequest,
  EndRequest,
  FailRequest,
  GenerateRequest,
  HeartbeatRequest,
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
import type { RunKey } from "../model/step.ts";
import type { CausesOfRun, RunCause } from "../model/view-runs.ts";
import { type Call, queryOf } from "./http.ts";

/** What goes with a write. */
export interface WriteContext {
  /** A repeat with the same key is answered as the first was. */
  idempotencyKey?: string | undefined;
}

/** A row of a view, by the original's column names. */
export type RemoteRow = Record<string, unknown>;

type Declared = Pick<DeclaredItem, "key" | "outcome"> & {
  changes: { field: string; before: unknown; after: unknown }[];
};

/** A line of ETLsysLogs. */
export interface RemoteLogLine {
  processingDate: string | null;
  projectCode: string | null;
  processLoad: string | null;
  executionId: string | null;
  sourceType: string | null;
  runId: string | null;
  pipelineName: string | null;
  activityName: string | null;
  operationName: string | null;
  /** 0 DEBUG, 1 INFO, 2 WARN, 3 ERROR. */
  level: number;
  logTime: string;
  message: string;
}

/** Which rows of a view, or lines of the log. */
export interface RemoteFilter {
  projectCode?: string | undefined;
  processLoad?: string | undefined;
  processingDate?: string | undefined;
  /** Both ends included. */
  from?: string | undefined;
  to?: string | undefined;
  executionId?: string | undefined;
  workflowId?: number | undefined;
  taskId?: number | undefined;
  attempt?: number | undefined;
  limit?: number | undefined;
}

/** Verbs that are sent as they are: path and shapes. */
interface Writes {
  startTask(request: StartRequest, context?: WriteContext): Promise<StartAnswer>;
  heartbeat(request: HeartbeatRequest, context?: WriteContext): Promise<HeartbeatAnswer>;
  progress(request: ProgressRequest, context?: WriteContext): Promise<StepAnswer>;
  endTask(request: EndRequest, context?: WriteContext): Promise<StepAnswer>;
  failTask(request: FailRequest, context?: WriteContext): Promise<StepAnswer>;
  skip(request: SkipRequest, context?: WriteContext): Promise<StepAnswer>;
  unskip(request: SkipRequest, context?: WriteContext): Promise<StepAnswer>;
  cancel(request: CancelRequest, context?: WriteContext): Promise<CancelAnswer>;
  amend(request: AmendRequest, context?: WriteContext): Promise<StepAnswer>;
  statusReset(request: ResetRequest, context?: WriteContext): Promise<ResetAnswer>;
  setProcessingMode(request: ModeRequest, context?: WriteContext): Promise<ModeAnswer>;
  setWatermark(request: WatermarkRequest, context?: WriteContext): Promise<WatermarkAnswer>;
  advanceWatermark(request: AdvanceRequest, context?: WriteContext): Promise<WatermarkAnswer>;
  rollbackWatermark(request: RollbackRequest, context?: WriteContext): Promise<WatermarkAnswer>;
}

/** The runs of a server. */
export interface RemoteRuns extends Writes {
  setup(): Promise<Declared[]>;
  /** A stage of your own. */
  registerSequence(details: SequenceDetails): Promise<Declared>;
  registerProcess(
    projectCode: string,
    processLoad: string,
    details?: Omit<RegisterProcessRequest, keyof ProcessRef | "insertOnly">,
    options?: { insertOnly?: boolean | undefined },
  ): Promise<Declared>;
  registerTask(
    projectCode: string,
    processLoad: string,
    details: Omit<RegisterTaskRequest, keyof ProcessRef | "insertOnly">,
    options?: { insertOnly?: boolean | undefined },
  ): Promise<Declared>;
  registerParameter(
    projectCode: string,
    processLoad: string,
    details: Omit<RegisterParameterRequest, keyof ProcessRef | "insertOnly">,
    options?: { insertOnly?: boolean | undefined },
  ): Promise<Declared>;
  /** A new id, made here: the server need not be asked. */
  generateExecutionId(): string;
  generateExecutionSteps(
    executionId: string,
    projectCode: string,
    processLoad: string,
    processingDate?: string,
    options?: Pick<GenerateRequest, "carryForward" | "force">,
    context?: WriteContext,
  ): Promise<GenerateAnswer>;
  getPendingTasks(request: PendingRequest): Promise<PendingAnswer>;
  getMode(process: ProcessRef): Promise<ModeAnswer>;
  getActiveWatermark(request: ProcessRef & { parameterName: string }): Promise<ActiveWatermark>;
  watermarkHistory(
    request: ProcessRef & { parameterName?: string | undefined; limit?: number | undefined },
  ): Promise<WatermarkHistoryItem[]>;
  /** Rows of v_taskDetail, or with `summaryMode` of v_processStatus. */
  getStatus(request?: StatusRequest): Promise<RemoteRow[]>;
  /** `causes` of the runs that block, where whoever answers knows them already. */
  getBlockers(
    request?: StatusRequest,
  ): Promise<{ items: RemoteRow[]; sentences: string[]; causes?: CausesOfRun[] | undefined }>;
  /** Why a run is red, or waits: first what stands still by itself, then what waits for it. */
  causes(run: RunKey): Promise<RunCause[]>;
  canAdvance(request: CanAdvanceRequest): Promise<CanAdvanceAnswer>;
  /** Every process with its verdict on a day, worst first. */
  processes(filter?: Partial<ProcessRef> & { processingDate?: string | undefined }): Promise<ProcessHealth[]>;
  /** Rows of a view of the original (`v_taskDetail`, …). */
  view(name: string, filter?: RemoteFilter): Promise<RemoteRow[]>;
  logs(filter?: RemoteFilter & { contains?: string | undefined }): Promise<RemoteLogLine[]>;
}

/** Path of each verb below `/runs/`. */
const WRITES: Record<keyof Writes, string> = {
  startTask: "start",
  heartbeat: "heartbeat",
  progress: "progress",
  endTask: "end",
  failTask: "fail",
  skip: "skip",
  unskip: "unskip",
  cancel: "cancel",
  amend: "amend",
  statusReset: "reset",
  setProcessingMode: "mode",
  setWatermark: "watermark",
  advanceWatermark: "watermark/advance",
  rollbackWatermark: "watermark/rollback",
};

/** The runs that a call reaches. */
export function remoteRuns(call: Call): RemoteRuns {
  const post = <T>(verb: string, body: object, context: WriteContext = {}) =>
    call<T>("POST", `/runs/${verb}`, { body, idempotencyKey: context.idempotencyKey });
  const get = <T>(question: string, filter: object = {}) => call<T>("GET", `/runs/${question}${queryOf(filter)}`);
  const items = async <T>(answer: Promise<{ items: T[] }>) => (await answer).items;
  const writes = Object.fromEntries(
    Object.entries(WRITES).map(([name, verb]) => [
      name,
      (request: object, context?: WriteContext) => post(verb, request, context),
    ]),
  ) as unknown as Writes;
  return {
    ...writes,
    setup: () => items(post("setup", {})),
    registerSequence: (details) => post("sequences", details),
    registerProcess: (projectCode, processLoad, details = {}, options = {}) =>
      post("processes", { projectCode, processLoad, ...details, ...options }),
    registerTask: (projectCode, processLoad, details, options = {}) =>
      post("tasks", { projectCode, processLoad, ...details, ...options }),
    registerParameter: (projectCode, processLoad, details, options = {}) =>
      post("parameters", { projectCode, processLoad, ...details, ...options }),
    generateExecutionId: () => crypto.randomUUID(),
    generateExecutionSteps: (executionId, projectCode, processLoad, processingDate, options = {}, context = {}) =>
      post("generate", { executionId, projectCode, processLoad, processingDate, ...options }, context),
    getPendingTasks: (request) => get("pending", request),
    getMode: (process) => get("mode", process),
    getActiveWatermark: (request) => get("watermark", request),
    watermarkHistory: (request) => items(get("watermark/history", request)),
    getStatus: (request = {}) => items(get("status", request)),
    async getBlockers(request = {}) {
      const {
        items: rows,
        sentences,
        causes,
      } = await get<{
        items: RemoteRow[];
        sentences: string[];
        /** A server of an older version gives none. */
        causes?: CausesOfRun[];
      }>("blockers", request);
      return { items: rows, sentences, causes };
    },
    async causes({ projectCode, processLoad, processingDate, executionId }) {
      const of = { projectCode, processLoad, processingDate, executionId };
      const answer = await get<{ causes?: CausesOfRun[] }>("status", of);
      return answer.causes?.flatMap(({ causes }) => causes) ?? [];
    },
    canAdvance: (request) => get("can-advance", request),
    processes: (filter = {}) => items(get("processes", filter)),
    view: (name, filter = {}) => items(get(`views/${encodeURIComponent(name)}`, filter)),
    logs: (filter = {}) => items(get("logs", filter)),
  };
}
