/** Runs as a program tells them: short names report and never throw, the room's own names ask the server and throw. */
import { randomUUID } from "node:crypto";
import type { GenerateAnswer, HeartbeatAnswer, StartAnswer, StepAnswer, WatermarkAnswer } from "../model/run-answer.ts";
import type {
  AdvanceRequest,
  EndRequest,
  FailRequest,
  GenerateRequest,
  HeartbeatRequest,
  ProgressRequest,
  StartRequest,
} from "../model/run-request.ts";
import type { Call } from "./http.ts";
import { type RemoteRuns, remoteRuns } from "./remote-runs.ts";
import { createReporter, type Report, type ReportOptions } from "./report.ts";
import { restAfterFailure } from "./rest-after-failure.ts";
import type { Drained } from "./spool.ts";
import { type ClientTask, type ClientTaskOptions, type ClientTaskRef, runTask } from "./task.ts";

/** Options of the part about runs. */
export interface RunsOptions {
  /** File for events that cannot be delivered; default: `HEADGATE_SPOOL`. */
  spool?: string | undefined;
  /** Most that one call about runs may take, milliseconds; default 5 s. */
  reportTimeoutMs?: number | undefined;
  /** Told in one line what is wrong with the monitoring; default: the process's warnings. */
  onWarning?: ((message: string) => void) | undefined;
  /** Reports throw instead of keeping events for later: for programs that want to fail with the monitor. */
  strict?: boolean | undefined;
}

type Repeatable = Pick<ReportOptions, "idempotencyKey">;

/** What is reported; none of these throws unless `strict` is set. */
export interface RunReports {
  /** Makes the steps of a run. An execution id that is missing is `HEADGATE_EXECUTION`, else made here. */
  generate(
    request: Omit<GenerateRequest, "executionId"> & { executionId?: string | undefined },
    repeat?: Repeatable,
  ): Promise<Report<GenerateAnswer> & { executionId: string }>;
  start(request: StartRequest, repeat?: Repeatable): Promise<Report<StartAnswer>>;
  /** Never kept for later: a heartbeat that comes late says nothing. */
  heartbeat(request: HeartbeatRequest): Promise<Report<HeartbeatAnswer>>;
  /** Never kept for later: say it again with the end. */
  progress(request: ProgressRequest): Promise<Report<StepAnswer>>;
  end(request: EndRequest, repeat?: Repeatable): Promise<Report<StepAnswer>>;
  fail(request: FailRequest, repeat?: Repeatable): Promise<Report<StepAnswer>>;
  advanceWatermark(request: AdvanceRequest, repeat?: Repeatable): Promise<Report<WatermarkAnswer>>;
  /**
   * Starts the task, does `work`, ends or fails it; heartbeats meanwhile. What `work` throws is thrown on, unchanged.
   * @returns what `work` returns; undefined where an operator skipped the task, and nothing was done
   */
  task<T>(
    ref: ClientTaskRef,
    work: (task: ClientTask) => T | Promise<T>,
    options?: ClientTaskOptions,
  ): Promise<T | undefined>;
  /** Delivers what waits in the spool, for at most the time of one report. Every report does so too. */
  flush(): Promise<Drained>;
}

/** The runs of a server, from inside a program. */
export type ClientRuns = Omit<RemoteRuns, keyof RunReports> & RunReports;

const USUAL_MS = 5_000;

/** Today by the machine's own zone. */
function today(): string {
  const now = new Date();
  const two = (number: number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** The runs that a call reaches. */
export function clientRuns(call: Call, options: RunsOptions = {}): ClientRuns {
  const { reportTimeoutMs = USUAL_MS, strict } = options;
  const limited = restAfterFailure((method, path, more = {}) =>
    call(method, path, { timeoutMs: reportTimeoutMs, ...more }),
  );
  const remote = remoteRuns(limited);
  const { report, flush } = createReporter({
    call: limited,
    spool: options.spool ?? process.env.HEADGATE_SPOOL,
    timeoutMs: reportTimeoutMs,
    onWarning: options.onWarning ?? ((message) => process.emitWarning(message, "HeadgateWarning")),
    strict,
  });
  const executionOf = (given: string | undefined) => given ?? process.env.HEADGATE_EXECUTION ?? randomUUID();
  /** An event that waited says so, and when it happened: the server takes it however late. */
  const waited = (timestamp: string | undefined) => (at: string) => ({ spooled: true, timestamp: timestamp ?? at });

  const reports: RunReports = {
    async generate(request, repeat) {
      const body = { ...request, executionId: executionOf(request.executionId) };
      // Later, today would be another day.
      const whenSpooled = () => ({ processingDate: request.processingDate ?? today() });
      const told = await report<GenerateAnswer>("/runs/generate", body, { ...repeat, whenSpooled });
      return { ...told, executionId: body.executionId };
    },
    start: (request, repeat) => report("/runs/start", request, { ...repeat, whenSpooled: waited(request.timestamp) }),
    heartbeat: (request) => report("/runs/heartbeat", request, { keep: false }),
    progress: (request) => report("/runs/progress", request, { keep: false }),
    end: (request, repeat) => report("/runs/end", request, { ...repeat, whenSpooled: waited(request.timestamp) }),
    fail: (request, repeat) => report("/runs/fail", request, { ...repeat, whenSpooled: waited(request.timestamp) }),
    advanceWatermark: (request, repeat) => report("/runs/watermark/advance", request, repeat),
    task: (ref, work, wish) => runTask(reports, { ...ref, executionId: executionOf(ref.executionId) }, work, wish),
    flush,
  };
  return { ...remote, ...reports };
}
