/** What the page and the HTTP API show of jobs: shapes with one name each, used by server (schema) and page (type). */
import * as z from "zod";

/** State of one run in a row of squares. */
export const RunMark = z.object({
  runId: z.string(),
  state: z.enum(["queued", "pending", "running", "done", "failed", "cancelled", "skipped", "unknown"]),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  durationMs: z.number(),
  url: z.string().nullable(),
  /** Why it is red, in one line. */
  message: z.string().nullable(),
});
export type RunMark = z.infer<typeof RunMark>;

/** The judged health of a job. */
export const JobVerdict = z.object({
  state: z.enum(["ok", "running", "late", "failed", "stuck", "unknown", "not_deployed"]),
  /** `Failed 04:18`, `Late, expected 02:30`, `Done Mon 05:20`. */
  text: z.string(),
});
export type JobVerdict = z.infer<typeof JobVerdict>;

export const ScheduleView = z.object({
  /** In words: `weekdays 02:00`, `every 15 min`, `on file arrival`, `continuous`. */
  text: z.string(),
  expression: z.string().nullable(),
  timezone: z.string().nullable(),
  paused: z.boolean(),
  /** UTC text. */
  nextStart: z.string().nullable(),
});
export type ScheduleView = z.infer<typeof ScheduleView>;

/** How declaration and workspace compare. */
export const Difference = z.object({
  kind: z.enum(["same", "create", "declared", "drift", "conflict", "delete", "refused", "recover", "recreate"]),
  fields: z.number().int(),
  /** `4 fields`, `drift: schedule paused`, `as declared`. */
  text: z.string(),
});
export type Difference = z.infer<typeof Difference>;

export const PlaceView = z.object({ file: z.string(), line: z.number(), column: z.number() });

/** A row of the fleet list. */
export const JobRow = z.object({
  resource: z.string(),
  jobId: z.string().nullable(),
  name: z.string(),
  url: z.string().nullable(),
  /** Newest last, at most 8. */
  runs: z.array(RunMark),
  verdict: JobVerdict,
  schedule: ScheduleView.nullable(),
  difference: Difference,
  place: PlaceView.nullable(),
  source: z.string(),
  owner: z.string().nullable(),
  tags: z.array(z.string()),
  tasks: z.number().int(),
});
export type JobRow = z.infer<typeof JobRow>;

/** A job in the workspace that nobody declared here. */
export const UnmanagedJob = z.object({
  jobId: z.string(),
  name: z.string(),
  creator: z.string().nullable(),
  /** Who seems to deploy it. */
  managedBy: z.enum(["headgate", "bundle", "terraform", "ui", "unknown"]),
  schedule: ScheduleView.nullable(),
  url: z.string().nullable(),
});
export type UnmanagedJob = z.infer<typeof UnmanagedJob>;

export const ProblemView = z.object({
  severity: z.enum(["error", "warning"]),
  code: z.string(),
  place: PlaceView.nullable(),
  path: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
});
export type ProblemView = z.infer<typeof ProblemView>;

/** GET /jobs. */
export const FleetView = z.object({
  project: z.string(),
  target: z.string(),
  workspace: z.string(),
  host: z.string(),
  /** UTC text: when the workspace was last read. */
  asOf: z.string(),
  count: z.number().int(),
  items: z.array(JobRow),
  next: z.string().nullable(),
  unmanaged: z.object({ count: z.number().int(), items: z.array(UnmanagedJob) }),
  problems: z.array(ProblemView),
  counts: z.object({ all: z.number(), needYou: z.number(), differ: z.number() }),
});
export type FleetView = z.infer<typeof FleetView>;

export const TaskNodeView = z.object({ key: z.string(), type: z.string(), dependsOn: z.array(z.string()) });

/** GET /jobs/{resource}. `change` is this job's row of a fresh plan (model/plan.ts Change). */
export const JobView = z.object({
  row: JobRow,
  /** Desired settings, secrets as references. */
  desired: z.record(z.string(), z.any()).nullable(),
  actual: z.record(z.string(), z.any()).nullable(),
  change: z.any(),
  graph: z.object({ before: z.array(TaskNodeView), after: z.array(TaskNodeView) }),
  runs: z.array(RunMark),
});
export type JobView = z.infer<typeof JobView>;

export const HistoryItem = z.object({
  serial: z.number().int(),
  at: z.string(),
  actor: z.string(),
  commit: z.string().nullable(),
  action: z.string(),
  /** Field changes to the entry before (model/plan.ts FieldChange). */
  fields: z.array(z.any()),
});
export type HistoryItem = z.infer<typeof HistoryItem>;

/** One job of an apply, live. */
export const ApplyItem = z.object({
  resource: z.string(),
  action: z.string(),
  state: z.enum(["waiting", "running", "done", "failed", "skipped"]),
  jobId: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
});
export type ApplyItem = z.infer<typeof ApplyItem>;

/** GET /applies/{id}. */
export const ApplyView = z.object({
  id: z.string(),
  planId: z.string(),
  state: z.enum(["running", "done", "failed", "interrupted"]),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  actor: z.string(),
  items: z.array(ApplyItem),
});
export type ApplyView = z.infer<typeof ApplyView>;

/** GET /status: the frame of the page. */
export const StatusView = z.object({
  version: z.string(),
  project: z.string(),
  target: z.string(),
  workspace: z.string(),
  host: z.string(),
  /** Whether applying over HTTP is allowed. */
  apply: z.boolean(),
  /** The store answers but takes no writes: nothing is observed, planned or applied. */
  storeReadOnly: z.boolean(),
  timezone: z.string(),
  workspaceReachable: z.boolean(),
  lastReadAt: z.string().nullable(),
  error: z.string().nullable(),
});
export type StatusView = z.infer<typeof StatusView>;
