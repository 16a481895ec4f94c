/** A run: one execution of a job, as the platform tells it. */

/** State of a run or task run, on both of the platform's vocabularies. Unknown values count as not final and are shown as they are. */
export type RunState = "queued" | "pending" | "running" | "done" | "failed" | "cancelled" | "skipped" | "unknown";

/** One execution of one task. */
export interface TaskRun {
  runId: string;
  taskKey: string;
  attempt: number;
  state: RunState;
  /** The platform's words (`TERMINATED/FAILED`). */
  platformState: string;
  message: string | undefined;
  /** UTC texts. */
  startedAt: string | undefined;
  endedAt: string | undefined;
  clusterId: string | undefined;
  url: string | undefined;
  dependsOn: string[];
}

/** One execution of a job. */
export interface Run {
  runId: string;
  jobId: string | undefined;
  name: string;
  /** `PERIODIC`, `ONE_TIME`, `RETRY`, … */
  trigger: string | undefined;
  state: RunState;
  platformState: string;
  /** Termination code (`RUN_EXECUTION_ERROR`, …). */
  code: string | undefined;
  message: string | undefined;
  startedAt: string | undefined;
  endedAt: string | undefined;
  /** Milliseconds, 0 while it runs. */
  durationMs: number;
  url: string | undefined;
  creator: string | undefined;
  tasks: TaskRun[];
}
