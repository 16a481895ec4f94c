/** Runs and task runs as the fake holds them. Times are milliseconds on the workspace's clock, 0 = not yet. */

import type { AccessList } from "../jobs/rights.ts";
import type { JsonObject } from "../json.ts";
import type { TaskBehaviour } from "../options.ts";

export type Phase = "QUEUED" | "BLOCKED" | "PENDING" | "RUNNING" | "TERMINATING" | "WAITING_FOR_RETRY" | "DONE";

export type Result =
  | "SUCCESS"
  | "SUCCESS_WITH_FAILURES"
  | "FAILED"
  | "INTERNAL_ERROR"
  | "TIMEDOUT"
  | "CANCELED"
  | "UPSTREAM_FAILED"
  | "UPSTREAM_CANCELED"
  | "EXCLUDED"
  | "DISABLED"
  | "SKIPPED";

/** One attempt of one task, or one iteration of a for-each task. */
export interface TaskRun {
  runId: string;
  key: string;
  /** The task as the job defines it. */
  task: JsonObject;
  attempt: number;
  phase: Phase;
  result: Result | undefined;
  message: string;
  code: string | undefined;
  startTime: number;
  /** When compute was there. */
  readyTime: number;
  endTime: number;
  clusterId: string | undefined;
  behaviour: TaskBehaviour | undefined;
  /** Run started by a run-job task. */
  childRunId: string | undefined;
  conditionOutcome: "true" | "false" | undefined;
  /** Of a for-each task. */
  iterations: TaskRun[] | undefined;
  /** Of an iteration: its for-each task, and its input. */
  parent: TaskRun | undefined;
  input: string | undefined;
}

/** The original run, or one repair of it. */
export interface Repair {
  id: string;
  type: "ORIGINAL" | "REPAIR";
  startTime: number;
  endTime: number;
  result: Result | undefined;
  message: string;
  code: string | undefined;
  taskRunIds: string[];
}

/** One run of a job, or a one-off run. */
export interface Run {
  runId: string;
  /** Order of creation, to tell runs of one start time apart. */
  sequence: number;
  /** Of a one-off run too, where no such job exists. */
  jobId: string;
  /** How many runs the job had, with this one. */
  number: number;
  type: "JOB_RUN" | "SUBMIT_RUN";
  trigger: string;
  /** The run that caused this one. */
  triggerRunId: string | undefined;
  settings: JsonObject;
  name: string;
  creator: string;
  runAs: string;
  /** Of a one-off run; a job's run is guarded by its job. */
  access: AccessList | undefined;
  startTime: number;
  /** When it left the queue. */
  begunTime: number;
  endTime: number;
  phase: Phase;
  result: Result | undefined;
  message: string;
  code: string | undefined;
  parameters: { name: string; default: string; value: string }[];
  overriding: JsonObject | undefined;
  queueing: boolean;
  /** All attempts, in the order of the job's tasks, later attempts at the end. */
  tasks: TaskRun[];
  /** The last attempt of each task. */
  latest: Map<string, TaskRun>;
  repairs: Repair[];
  /** Job clusters of this run: key → cluster and when it is up. */
  clusters: Map<string, { id: string; readyAt: number }>;
  /** Behaviour of this run's tasks by key; `*` = all. */
  behaviours: Record<string, TaskBehaviour>;
  /** Why it is being stopped. */
  stopping: "CANCELED" | "TIMEDOUT" | undefined;
  /** The run-job task that waits for it. */
  caller: { run: Run; task: TaskRun } | undefined;
}

/** Whether a run or task has come to its end. */
export function isDone(item: { phase: Phase }): boolean {
  return item.phase === "DONE";
}

/** A task run that waits for its turn. */
export function blankTask(runId: string, key: string, task: JsonObject, attempt: number): TaskRun {
  return {
    runId,
    key,
    task,
    attempt,
    phase: "BLOCKED",
    result: undefined,
    message: "",
    code: undefined,
    startTime: 0,
    readyTime: 0,
    endTime: 0,
    clusterId: undefined,
    behaviour: undefined,
    childRunId: undefined,
    conditionOutcome: undefined,
    iterations: undefined,
    parent: undefined,
    input: undefined,
  };
}
