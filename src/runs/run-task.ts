/** Works on a task between its start and its end: heartbeats meanwhile, DONE or FAIL by how the work ends. */
import { HeadgateError } from "../errors.ts";
import type { TaskRef } from "../model/run-ref.ts";
import type { Metrics } from "../model/run-request.ts";
import { executionIdOf } from "./execution-id.ts";
import type { TaskHandle, TaskOptions } from "./room.ts";
import type { RoomDeps } from "./room-deps.ts";
import type { StepCalls } from "./step-calls.ts";
import { cutMessage } from "./transition/steps.ts";

/** What an error says of itself. */
function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** As `RunsRoom.task`. */
export async function runTask<T>(
  deps: RoomDeps,
  calls: StepCalls,
  ref: TaskRef,
  work: (task: TaskHandle) => T | Promise<T>,
  options: TaskOptions = {},
): Promise<T | undefined> {
  const context = { actor: options.actor };
  // A run id of our own tells two callers of one task apart.
  const sourceRunId = options.sourceRunId ?? `task-${executionIdOf(deps.random(16))}`;
  const { sourceUrl } = options;
  const started = await calls
    .startTask({ ...ref, sourceRunId, ...(sourceUrl === undefined ? {} : { sourceUrl }) }, options)
    .catch((error: unknown) => {
      if (error instanceof HeadgateError && error.code === "skipped") return undefined;
      throw error;
    });
  if (!started) return undefined;
  const { workflowId, taskId, attempt, executionId, processingDate, projectCode, processLoad } = started;
  const step = { projectCode, processLoad, executionId, processingDate, workflowId, taskId, attempt };

  const stopped = new AbortController();
  const over = new AbortController();
  let metrics: Metrics = {};
  let untold = false;
  let watermark: string | undefined;
  const beating = beat();

  /** Tells that the task lives, three times a lease, until it is over. */
  async function beat(): Promise<void> {
    while (!over.signal.aborted) {
      try {
        await deps.clock.sleep(Math.max(1, Math.floor(deps.leaseMs / 3)), over.signal);
      } catch (error) {
        if (over.signal.aborted) return;
        throw error;
      }
      try {
        const told = untold ? { metrics } : {};
        untold = false;
        const { alive } = await calls.heartbeat({ ...step, ...told }, context);
        if (!alive) stopped.abort(new Error(`attempt ${attempt} of ${workflowId}/${taskId} does not run any more`));
      } catch (error) {
        deps.warn(`the heartbeat of ${workflowId}/${taskId} was not heard`, error);
      }
    }
  }

  /** What goes wrong here must not change what the work did. */
  async function tell(how: string, call: () => Promise<unknown>): Promise<void> {
    over.abort();
    await beating;
    try {
      await call();
    } catch (error) {
      deps.warn(`${workflowId}/${taskId} ${how}, and this could not be noted`, error);
    }
  }

  const handle: TaskHandle = {
    ref: { workflowId, taskId, attempt, executionId, processingDate },
    watermark: started.watermark,
    fullFileName: started.fullFileName,
    lastMetrics: started.lastMetrics,
    signal: options.signal ? AbortSignal.any([options.signal, stopped.signal]) : stopped.signal,
    progress(more) {
      metrics = { ...metrics, ...more };
      untold = true;
    },
    setWatermark(value) {
      watermark = value;
    },
  };
  let value: T;
  try {
    value = await work(handle);
  } catch (error) {
    const logMessage = cutMessage(messageOf(error)) ?? "";
    await tell("failed", () => calls.failTask({ ...step, logMessage, metrics }, context));
    throw error;
  }
  await tell("is done", () =>
    calls.endTask({ ...step, metrics, ...(watermark === undefined ? {} : { watermark }) }, context),
  );
  return value;
}
