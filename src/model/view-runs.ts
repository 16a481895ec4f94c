/** What the page and the HTTP API show of runs: the grid of processes by date, one run on a time axis, watermarks. */
import * as z from "zod";
import { HealthState } from "./process-health.ts";
import { WatermarkHistoryItem } from "./run-answer.ts";

const text = z.string().nullable();
const count = z.int();

/**
 * States of a cell, one letter a day, so that 400 days are one text: `.` nothing, `d` done, `l` done late, `o` done
 * but for optional tasks, `r` running, `w` waiting, `f` failed, `x` lost, `c` cancelled, `s` skipped.
 */
const CellStates = z.string().regex(/^[.dlorwfxcs]*$/);

/** Attempts where they were more than one: place of the day, attempts; place, attempts; … */
const Attempts = z.array(count);

/** A process in the grid. */
export const GridProcess = z.object({
  projectCode: z.string(),
  processLoad: z.string(),
  name: text,
  owner: text,
  timezone: z.string(),
  mode: z.enum(["live", "historic", "bulk"]),
  verdict: HealthState,
  sentence: z.string(),
  /** The day that verdict and sentence are about. */
  day: z.string(),
  /** Nobody declared it: it was seen running. */
  discovered: z.boolean(),
  tasks: count,
  /** The worst task of each day. */
  states: CellStates,
  attempts: Attempts,
});
export type GridProcess = z.infer<typeof GridProcess>;

/** GET /runs/grid. */
export const RunsGridView = z.object({
  /** UTC text. */
  asOf: z.string(),
  /** First and last day of every `states`. */
  from: z.string(),
  to: z.string(),
  /** Processes that fit. */
  count,
  /** Of all processes, by verdict. */
  verdicts: z.record(z.string(), count),
  items: z.array(GridProcess),
  next: text,
});
export type RunsGridView = z.infer<typeof RunsGridView>;

/** GET /runs/grid/{projectCode}/{processLoad}: its tasks, in the order in which they run. */
export const RunsGridTasksView = z.object({
  from: z.string(),
  to: z.string(),
  tasks: z.array(
    z.object({
      workflowId: count,
      taskId: count,
      name: z.string(),
      mandatory: z.boolean(),
      states: CellStates,
      attempts: Attempts,
    }),
  ),
});
export type RunsGridTasksView = z.infer<typeof RunsGridTasksView>;

/** State of a task or of one attempt of it, in one word. */
export const TaskState = z.enum(["done", "running", "waiting", "failed", "lost", "cancelled", "skipped"]);
export type TaskState = z.infer<typeof TaskState>;

/** One attempt of a task. */
export const AttemptView = z.object({
  /** 0 = first. */
  attempt: count,
  state: TaskState,
  queuedAt: text,
  startedAt: text,
  endedAt: text,
  message: text,
  code: text,
  /** Run of the platform, and where it can be looked at. */
  sourceRunId: text,
  url: text,
  clusterId: text,
  /** Nobody told of its start: it is a guess. */
  startInferred: z.boolean(),
});
export type AttemptView = z.infer<typeof AttemptView>;

/** A task of a run. */
export const RunTaskView = z.object({
  workflowId: count,
  taskId: count,
  name: z.string(),
  mandatory: z.boolean(),
  state: TaskState,
  /** How long it should take; declared, or the median of former runs. */
  expectedMs: z.number().nullable(),
  /** Runs of which the median is; 0 where it is declared or unknown. */
  expectedOf: count,
  /** From when to when it is expected to run; null where that is not known, or it has ended. */
  forecast: z.object({ from: z.string(), to: z.string() }).nullable(),
  /** Oldest first. */
  attempts: z.array(AttemptView),
  /** What it told of itself last. */
  metrics: z.record(z.string(), z.unknown()).nullable(),
  sourceType: text,
  sourceIdentifier: text,
  /** Name of its watermark. */
  watermark: text,
  file: text,
});
export type RunTaskView = z.infer<typeof RunTaskView>;

/** Tasks that run in parallel. */
export const RunStageView = z.object({
  workflowId: count,
  sequenceId: count,
  name: z.string(),
  tasks: z.array(RunTaskView),
});
export type RunStageView = z.infer<typeof RunStageView>;

/** Something that keeps a run from being whole. */
export const RunCause = z.object({
  kind: z.enum(["failed", "lost", "running", "waits", "table"]),
  workflowId: count,
  taskId: count,
  /** One sentence for people. */
  sentence: z.string(),
});
export type RunCause = z.infer<typeof RunCause>;

/** What keeps one run from being whole, as answers about many runs have it. */
export const CausesOfRun = z.object({
  projectCode: z.string(),
  processLoad: z.string(),
  processingDate: z.string(),
  executionId: z.string(),
  causes: z.array(RunCause),
});
export type CausesOfRun = z.infer<typeof CausesOfRun>;

/** GET /runs/timeline. */
export const RunTimelineView = z.object({
  projectCode: z.string(),
  processLoad: z.string(),
  name: text,
  owner: text,
  timezone: z.string(),
  mode: z.enum(["live", "historic", "bulk"]),
  processingDate: z.string(),
  /** Null where the day has no run. */
  executionId: text,
  runNumber: count.nullable(),
  /** All runs of the day, newest first. */
  runs: z.array(z.object({ executionId: z.string(), runNumber: count })),
  /** UTC text: the server's now. */
  asOf: z.string(),
  /** How the process stands on that day. */
  verdict: HealthState,
  sentence: z.string(),
  deadlineAt: text,
  startedAt: text,
  /** When its last task ended; null while something is open. */
  endedAt: text,
  /** When it should be whole; null where it is, or something stands still. */
  readyAt: text,
  /** Mandatory tasks before that of which nobody knows how long they take, or still take. */
  unknown: count,
  stages: z.array(RunStageView),
  causes: z.array(RunCause),
  /** Names of the parameters that it keeps as watermarks. */
  watermarks: z.array(z.string()),
});
export type RunTimelineView = z.infer<typeof RunTimelineView>;

/** A watermark of a process. */
export const WatermarkView = z.object({
  name: z.string(),
  type: z.enum(["DELTA_DATE", "DELTA_ID", "FLAG", "SYSTEM"]),
  description: text,
  /** As it is kept; null reads everything. */
  value: text,
  /** As a task gets it: lookback subtracted, never empty. */
  activeValue: z.string(),
  lookbackSeconds: z.number(),
  /** How far behind now it is, milliseconds; null where it is no time or empty. */
  lagMs: z.number().nullable(),
  /** Median of how far behind it was whenever a run moved it. */
  usualLagMs: z.number().nullable(),
  /** Tasks that read from it and move it. */
  tasks: z.array(z.object({ workflowId: count, taskId: count, name: z.string() })),
  /** Newest first. */
  history: z.array(WatermarkHistoryItem),
});
export type WatermarkView = z.infer<typeof WatermarkView>;

/** GET /runs/watermarks. */
export const WatermarksView = z.object({
  projectCode: z.string(),
  processLoad: z.string(),
  timezone: z.string(),
  asOf: z.string(),
  items: z.array(WatermarkView),
});
export type WatermarksView = z.infer<typeof WatermarksView>;

/** GET /runs/watermarks/rollback: what a rollback would do; nothing is done. */
export const RollbackView = z.object({
  name: z.string(),
  before: text,
  after: text,
  moved: z.boolean(),
  sentence: z.string(),
  /** What the next run reads again, milliseconds of data time; null where it is no time, or everything. */
  againMs: z.number().nullable(),
  /** Changes that would be taken back, newest first. */
  undone: z.array(WatermarkHistoryItem),
  /** Names of the tasks that would read it again. */
  tasks: z.array(z.string()),
});
export type RollbackView = z.infer<typeof RollbackView>;
