/** Wraps the work of a task: start, heartbeats, end or fail. Whatever the monitor does, the work and its outcome stay. */
import type { ActiveWatermark, HeartbeatAnswer, StartAnswer, StepAnswer } from "../model/run-answer.ts";
import type { TaskRef } from "../model/run-ref.ts";
import type { EndRequest, FailRequest, HeartbeatRequest, Metrics, StartRequest } from "../model/run-request.ts";
import type { Report } from "./report.ts";

/** A task; without an execution: `HEADGATE_EXECUTION`, else a run of its own. */
export type ClientTaskRef = Omit<TaskRef, "executionId"> & { executionId?: string | undefined };

/** How a task is run. */
export interface ClientTaskOptions
  extends Pick<StartRequest, "sourceRunId" | "sourceUrl" | "sourceType" | "clusterId"> {
  /** Lost when nothing is heard for so long; the server's lease when absent. */
  leaseSeconds?: number | undefined;
}

/** What the work is given. */
export interface ClientTask {
  readonly executionId: string;
  /** The attempt that runs; undefined where the server could not say. */
  readonly attempt: number | undefined;
  /** False where the server does not watch this attempt: it is away, or it refused the start. */
  readonly monitored: boolean;
  /** What to read from; null for a full load, and where the server could not say. */
  readonly watermark: ActiveWatermark | null;
  readonly fullFileName: string | null;
  /** What the attempt before told last: a checkpoint to go on from. */
  readonly lastMetrics: Record<string, unknown> | null;
  /** Aborted when the attempt does not run any more: cancelled, lost, ended by somebody. */
  readonly signal: AbortSignal;
  /** Tells of progress; sent with the next heartbeat and at the end. Later values are laid over earlier ones. */
  progress(metrics: Metrics): void;
  /** Value that the task's watermark gets when it is done, instead of the automatic one. */
  setWatermark(value: string): void;
}

/** The reports that a task makes. */
export interface TaskReports {
  start(request: StartRequest): Promise<Report<StartAnswer>>;
  heartbeat(request: HeartbeatRequest): Promise<Report<HeartbeatAnswer>>;
  end(request: EndRequest): Promise<Report<StepAnswer>>;
  fail(request: FailRequest): Promise<Report<StepAnswer>>;
}

/** Heartbeats of a task whose lease nobody told. */
const USUAL_BEAT_MS = 30_000;
const LEAST_BEAT_MS = 200;
const MOST_BEAT_MS = 60_000;
const MOST_MESSAGE = 60_000;

/** A third of the lease: two heartbeats may be lost. */
export function beatEvery(leaseExpiresAt: string | null | undefined, now: number): number {
  const lease = leaseExpiresAt ? Date.parse(leaseExpiresAt) - now : Number.NaN;
  if (Number.isNaN(lease)) return USUAL_BEAT_MS;
  return Math.min(MOST_BEAT_MS, Math.max(LEAST_BEAT_MS, Math.floor(lease / 3)));
}

/** Sends heartbeats until it is stopped, one at a time; keeps no process alive. @returns stops it */
export function startBeating(everyMs: number, beat: () => Promise<void>): () => void {
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void beat().finally(() => {
      busy = false;
    });
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

function failureOf(error: unknown): Pick<FailRequest, "logMessage" | "logCode"> {
  if (!(error instanceof Error)) return { logMessage: String(error).slice(0, MOST_MESSAGE) };
  const { code } = error as { code?: unknown };
  return {
    logMessage: `${error.name}: ${error.message}`.slice(0, MOST_MESSAGE),
    logCode: (typeof code === "string" ? code : error.name).slice(0, 200),
  };
}

/**
 * Does `work` as a task. @returns what it returns; undefined where an operator skipped the task, and nothing was done
 * @throws what `work` throws, unchanged; in strict mode what the reports throw
 */
export async function runTask<T>(
  reports: TaskReports,
  ref: TaskRef,
  work: (task: ClientTask) => T | Promise<T>,
  options: ClientTaskOptions = {},
): Promise<T | undefined> {
  const started = await reports.start({ ...ref, ...options });
  const answer = started.outcome === "accepted" ? started.answer : undefined;
  if (started.outcome === "refused" && started.error.code === "skipped") return undefined;
  // A start that was refused is not ours to end: another run of the task is on, or it is over.
  const watched = started.outcome === "accepted" || started.outcome === "spooled";
  const mine = answer === undefined ? ref : { ...ref, attempt: answer.attempt, processingDate: answer.processingDate };

  let metrics: Metrics | undefined;
  let watermark: string | undefined;
  const gone = new AbortController();
  async function beat(): Promise<void> {
    try {
      const told = await reports.heartbeat({ ...mine, metrics, leaseSeconds: options.leaseSeconds });
      if (told.outcome === "accepted" && !told.answer.alive && answer !== undefined) {
        gone.abort(new Error("the attempt does not run any more"));
      }
    } catch (error) {
      gone.abort(error); // strict: whoever wants to fail with the monitor is told to stop
    }
  }
  const stop = watched ? startBeating(beatEvery(answer?.leaseExpiresAt, Date.now()), beat) : () => undefined;

  const task: ClientTask = {
    executionId: ref.executionId,
    attempt: answer?.attempt,
    monitored: answer !== undefined,
    watermark: answer?.watermark ?? null,
    fullFileName: answer?.fullFileName ?? null,
    lastMetrics: answer?.lastMetrics ?? null,
    signal: gone.signal,
    progress: (more) => {
      metrics = { ...metrics, ...more };
    },
    setWatermark: (value) => {
      watermark = value;
    },
  };
  const rest = { sourceRunId: options.sourceRunId, clusterId: options.clusterId };
  let result: T;
  try {
    result = await work(task);
  } catch (error) {
    stop();
    if (watched) await reports.fail({ ...mine, ...rest, ...failureOf(error), metrics });
    throw error;
  }
  stop();
  if (watched) await reports.end({ ...mine, ...rest, metrics, watermark });
  return result;
}
