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
  /** Termination code (`RUN_EXECUTION_ERROR`, …). */
  code?: string | undefined;
  /** The result in the platform's old words, which tell more of what never ran (`UPSTREAM_FAILED`, `EXCLUDED`). */
  result?: string | undefined;
  /** What it runs; of a for-each task, what its iterations run. */
  work?: TaskWork | undefined;
  /** The job cluster of the run that it shares with others, by its key; of a for-each task, that of its iterations. */
  clusterKey?: string | undefined;
  /** Of a for-each task whose iterations have a cluster each: only the task's own run tells which. */
  clusterEach?: boolean | undefined;
  /** Of a for-each task. */
  iterations?: { total: number; succeeded: number; failed: number } | undefined;
}

/** What a task runs. */
export interface TaskWork {
  /** Key of the Jobs API: `notebook_task`, `run_job_task`, … */
  kind: string;
  /** Path of a notebook, id of a job or pipeline: what it is called by, where that is one name. */
  name: string | undefined;
  /** Named parameters as they were declared: references (`{{…}}`) are not filled in. */
  parameters: Record<string, string>;
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
  /** Submitted once, without a job that lasts: its job id is new each time. */
  oneOff?: boolean | undefined;
  /** Job parameters of this run. */
  parameters?: Record<string, string> | undefined;
  tasks: TaskRun[];
  /** Where this is the run of a for-each task: one a value. */
  iterations?: TaskRun[] | undefined;
}
