/** What the runs room answers, one shape a verb. Times are UTC texts with milliseconds. */
import * as z from "zod";

const text = z.string().nullable();

const runKey = {
  projectCode: z.string(),
  processLoad: z.string(),
  processingDate: z.string(),
  executionId: z.string(),
};
const taskKey = { workflowId: z.int(), taskId: z.int() };

/** A watermark as a task is to use it. */
export const ActiveWatermark = z.object({
  name: z.string(),
  type: z.enum(["DELTA_DATE", "DELTA_ID", "FLAG", "SYSTEM"]),
  /** Never empty: `2026-11-20 06:28:30.125` (UTC, lookback subtracted), digits, `true`, a date; the floor in bulk mode. */
  activeValue: z.string(),
  /** As it is kept, without lookback; null in bulk and live mode. */
  value: text,
  isBulk: z.boolean(),
});
export type ActiveWatermark = z.infer<typeof ActiveWatermark>;

/** A watermark that moved. */
export const WatermarkMove = z.object({ name: z.string(), before: text, after: text });
export type WatermarkMove = z.infer<typeof WatermarkMove>;

/** A step after a call about it. */
export const StepAnswer = z.object({
  ...runKey,
  ...taskKey,
  attempt: z.int(),
  status: z.enum(["NQUE", "RQUE", "DONE", "FAIL"]),
  phase: z.enum(["QUEUED", "RUNNING", "ENDED", "SKIPPED"]),
  startTime: text,
  endTime: text,
  logCode: text,
  sourceRunId: text,
  startInferred: z.boolean(),
  recoveredFromLost: z.boolean(),
  /** Watermarks that this call moved. */
  watermarks: z.array(WatermarkMove),
  /** Nothing was left to do: it had happened before. */
  replayed: z.boolean(),
});
export type StepAnswer = z.infer<typeof StepAnswer>;

/** start: the step, and what the task needs to work. */
export const StartAnswer = StepAnswer.extend({
  /** Lost when nothing is heard until then. */
  leaseExpiresAt: text,
  /** Name of the parameter that is its watermark. */
  sourceSystemCode: text,
  watermark: ActiveWatermark.nullable(),
  fullFileName: text,
  inFilePath: text,
  outFilePath: text,
  /** What the attempt before told last: a checkpoint to go on from. */
  lastMetrics: z.record(z.string(), z.unknown()).nullable(),
});
export type StartAnswer = z.infer<typeof StartAnswer>;

/** heartbeat */
export const HeartbeatAnswer = z.object({
  ...runKey,
  ...taskKey,
  attempt: z.int(),
  /** False: the attempt does not run any more; stop. */
  alive: z.boolean(),
  leaseExpiresAt: text,
});
export type HeartbeatAnswer = z.infer<typeof HeartbeatAnswer>;

/** A task that a run leaves out. */
export const LeftOut = z.object({
  ...taskKey,
  taskName: text,
  why: z.enum(["not_due", "done_before", "only_when_asked"]),
  /** Where it was done. */
  doneOn: text,
  doneBy: text,
});
export type LeftOut = z.infer<typeof LeftOut>;

/** generate */
export const GenerateAnswer = z.object({
  ...runKey,
  runNumber: z.int(),
  /** Steps that were made now, without the initiation row. */
  generated: z.int(),
  /** Steps of the run. */
  total: z.int(),
  leftOut: z.array(LeftOut),
  replayed: z.boolean(),
});
export type GenerateAnswer = z.infer<typeof GenerateAnswer>;

/** A task that has not ended well. */
export const PendingTask = z.object({
  ...taskKey,
  sequenceId: z.int(),
  sequenceCode: text,
  taskName: text,
  attempt: z.int(),
  status: z.string(),
  phase: z.string(),
  mandatory: z.boolean(),
  /** It may be started now. */
  dispatchable: z.boolean(),
  /** Why it is not, in words. */
  waitsFor: text,
  sourceType: text,
  sourceIdentifier: text,
  sourceSystemCode: text,
  watermarkType: text,
  watermarkValue: text,
  fullFileName: text,
  inFilePath: text,
  outFilePath: text,
});
export type PendingTask = z.infer<typeof PendingTask>;

/** pending */
export const PendingAnswer = z.object({
  ...runKey,
  count: z.int(),
  items: z.array(PendingTask),
  /** The same by stage, for two loops: one after the other, each in parallel. */
  stages: z.array(z.array(PendingTask)),
});
export type PendingAnswer = z.infer<typeof PendingAnswer>;

/** Something that keeps the next stage from beginning. */
export const Blocker = z.object({
  ...taskKey,
  sequenceId: z.int(),
  taskName: text,
  attempt: z.int(),
  reason: z.enum(["FAILED", "LOST", "RUNNING", "PENDING"]),
  /** `Load UK (1/4) failed: connection timeout` */
  sentence: z.string(),
});
export type Blocker = z.infer<typeof Blocker>;

/** can-advance */
export const CanAdvanceAnswer = z.object({
  ...runKey,
  /** The stage that is asked about; null when all are satisfied. */
  workflowId: z.int().nullable(),
  sequenceId: z.int().nullable(),
  advance: z.boolean(),
  blockers: z.array(Blocker),
  /** Optional tasks that failed or still run. */
  warnings: z.array(Blocker),
  sentence: z.string(),
});
export type CanAdvanceAnswer = z.infer<typeof CanAdvanceAnswer>;

/** reset */
export const ResetAnswer = z.object({
  count: z.int(),
  items: z.array(z.object({ ...runKey, ...taskKey, attempt: z.int(), was: z.enum(["DONE", "FAIL"]) })),
  watermarks: z.array(WatermarkMove),
});
export type ResetAnswer = z.infer<typeof ResetAnswer>;

/** cancel */
export const CancelAnswer = z.object({ ...runKey, cancelled: z.int(), replayed: z.boolean() });
export type CancelAnswer = z.infer<typeof CancelAnswer>;

/** mode */
export const ModeAnswer = z.object({
  projectCode: z.string(),
  processLoad: z.string(),
  mode: z.enum(["live", "historic", "bulk"]),
  historicDate: text,
  since: text,
  until: text,
  actor: text,
  watermarks: z.array(WatermarkMove),
});
export type ModeAnswer = z.infer<typeof ModeAnswer>;

/** watermark set, advance, rollback */
export const WatermarkAnswer = z.object({
  projectCode: z.string(),
  processLoad: z.string(),
  name: z.string(),
  before: text,
  after: text,
  moved: z.boolean(),
  /** What follows, in words. */
  sentence: z.string(),
});
export type WatermarkAnswer = z.infer<typeof WatermarkAnswer>;

/** One change of a watermark. */
export const WatermarkHistoryItem = z.object({
  seq: z.int(),
  name: z.string(),
  before: text,
  after: text,
  cause: z.enum(["auto", "manual", "mode", "reset", "rollback", "import"]),
  reason: text,
  processingDate: text,
  executionId: text,
  workflowId: z.int().nullable(),
  taskId: z.int().nullable(),
  actor: z.string(),
  at: z.string(),
});
export type WatermarkHistoryItem = z.infer<typeof WatermarkHistoryItem>;
