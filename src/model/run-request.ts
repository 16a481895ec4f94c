/** What is asked of the runs room, one shape a verb: the bodies of HTTP, the library's arguments, the log's payloads. */
import * as z from "zod";
import { Day, ProcessRef, RunRef, TaskRef } from "./run-ref.ts";

const instant = z.iso.datetime({ offset: true });
/** Cut to 2,000 characters in the step; the whole text stays in the log. */
const logMessage = z.string().max(65_536);
const reason = z.string().min(1).max(2_000);
const runId = z.string().min(1).max(500);
const taskName = z.string().regex(/^\d+\/\d+$/, { error: "expected workflow/task, as in 1/7" });

/** What a task tells of itself: `rowsRead`, `rowsWritten`, a checkpoint. */
export const Metrics = z.record(z.string().min(1).max(200), z.union([z.number(), z.string().max(2_000), z.boolean()]));
export type Metrics = z.infer<typeof Metrics>;

/** When it happened by the caller's clock. Within a day of ours it is taken, else ours is. */
const timestamp = instant.optional();
/** It waited at the caller while we were away: it is taken however late. */
const spooled = z.boolean().optional();

/** generate: the steps of a run, before it starts. */
export const GenerateRequest = RunRef.extend({
  /** Leave out what an unfinished earlier run of the day has done already. Default true. */
  carryForward: z.boolean().optional(),
  /** Tasks (`1/7`) to run although they are not due, were done already, or run only when asked for (frequency A). */
  force: z.array(taskName).max(10_000).optional(),
});
export type GenerateRequest = z.infer<typeof GenerateRequest>;

/** start */
export const StartRequest = TaskRef.extend({
  sourceRunId: runId.optional(),
  sourceUrl: z.string().max(2_000).optional(),
  sourceType: z.string().max(100).optional(),
  clusterId: z.string().max(200).optional(),
  timestamp,
  spooled,
  /** Lost when nothing is heard for so long; the project's lease when absent. */
  leaseSeconds: z.number().positive().max(604_800).optional(),
});
export type StartRequest = z.infer<typeof StartRequest>;

/** heartbeat */
export const HeartbeatRequest = TaskRef.extend({
  leaseSeconds: z.number().positive().max(604_800).optional(),
  metrics: Metrics.optional(),
});
export type HeartbeatRequest = z.infer<typeof HeartbeatRequest>;

/** progress: metrics of a running task; later ones are laid over earlier ones. */
export const ProgressRequest = TaskRef.extend({ metrics: Metrics, timestamp });
export type ProgressRequest = z.infer<typeof ProgressRequest>;

/** end */
export const EndRequest = TaskRef.extend({
  status: z.enum(["DONE", "FAIL"]).default("DONE"),
  logMessage: logMessage.optional(),
  logType: z.enum(["INFO", "WARN", "ERROR"]).optional(),
  logCode: z.string().max(200).optional(),
  metrics: Metrics.optional(),
  /** New value of the task's watermark, instead of the automatic one. Ids are digits: they may exceed 2^53. */
  watermark: z.string().max(100).optional(),
  sourceRunId: runId.optional(),
  clusterId: z.string().max(200).optional(),
  timestamp,
  spooled,
});
export type EndRequest = z.input<typeof EndRequest>;

/** fail */
export const FailRequest = EndRequest.omit({ status: true, logType: true, watermark: true });
export type FailRequest = z.infer<typeof FailRequest>;

/** skip, unskip: one task in one run. */
export const SkipRequest = TaskRef.extend({ reason });
export type SkipRequest = z.infer<typeof SkipRequest>;

/** cancel: what of a run has not ended fails with code CANCELLED. */
export const CancelRequest = RunRef.extend({ reason });
export type CancelRequest = z.infer<typeof CancelRequest>;

/** amend: another end for an attempt that has ended. */
export const AmendRequest = TaskRef.extend({
  status: z.enum(["DONE", "FAIL"]),
  reason,
  logMessage: logMessage.optional(),
  logCode: z.string().max(200).optional(),
});
export type AmendRequest = z.infer<typeof AmendRequest>;

/** reset: failed tasks get a new attempt; with `replay` also those that are done. Without an execution: every run of the day. */
export const ResetRequest = ProcessRef.extend({
  processingDate: Day.optional(),
  executionId: z.string().min(1).max(128).optional(),
  workflowId: z.int().min(0).optional(),
  sequenceId: z.int().min(0).optional(),
  taskId: z.int().min(0).optional(),
  replay: z.boolean().optional(),
  /** With `replay`: set watermarks back to what they were before the attempts that are repeated. */
  rollbackWatermarks: z.boolean().optional(),
  /** Needed for a replay. */
  reason: reason.optional(),
});
export type ResetRequest = z.infer<typeof ResetRequest>;

/** mode: live without any of it. One parameter alone may be set by its name. */
export const ModeRequest = ProcessRef.extend({
  mode: z.enum(["live", "historic", "bulk"]).optional(),
  /** As the original says it. */
  isBulkMode: z.boolean().optional(),
  isHistoricMode: z.boolean().optional(),
  /** The date of historic mode; also by the original's name `processingDate`. */
  historicDate: Day.optional(),
  processingDate: Day.optional(),
  until: instant.optional(),
  /** Stay in historic or bulk mode after a run that completed. Default false. */
  stay: z.boolean().optional(),
  /** Leaving bulk mode: put back the watermarks that it cleared and nobody has moved since. */
  restore: z.boolean().optional(),
  parameterName: z.string().min(1).max(128).optional(),
  /** Of that parameter: a time, digits, `true`/`false`; null clears it. */
  value: z.string().max(100).nullable().optional(),
  reason: reason.optional(),
});
export type ModeRequest = z.infer<typeof ModeRequest>;

/** watermark set: any value, backwards too. */
export const WatermarkRequest = ProcessRef.extend({
  parameterName: z.string().min(1).max(128),
  /** A time, digits, `true`/`false`; null clears it (the next run reads everything). */
  value: z.string().max(100).nullable(),
  reason: reason.optional(),
});
export type WatermarkRequest = z.infer<typeof WatermarkRequest>;

/** watermark advance: only forwards. */
export const AdvanceRequest = ProcessRef.extend({
  parameterName: z.string().min(1).max(128),
  value: z.string().max(100),
  /** The run it comes from. */
  executionId: z.string().min(1).max(128).optional(),
  processingDate: Day.optional(),
  workflowId: z.int().min(0).optional(),
  taskId: z.int().min(0).optional(),
  reason: reason.optional(),
});
export type AdvanceRequest = z.infer<typeof AdvanceRequest>;

/** watermark rollback: to its value before a run, or before a change (`seq` of the history). */
export const RollbackRequest = ProcessRef.extend({
  parameterName: z.string().min(1).max(128),
  beforeExecutionId: z.string().min(1).max(128).optional(),
  beforeSeq: z.int().min(1).optional(),
  /** Say what would happen, and do nothing. */
  preview: z.boolean().optional(),
  reason: reason.optional(),
});
export type RollbackRequest = z.infer<typeof RollbackRequest>;

/** pending: which tasks may be dispatched. */
export const PendingRequest = RunRef.extend({
  workflowId: z.int().min(0).optional(),
  sequenceId: z.int().min(0).optional(),
  /** Also what waits for an earlier stage, runs, or failed. Default false. */
  all: z.boolean().optional(),
});
export type PendingRequest = z.infer<typeof PendingRequest>;

/** can-advance: may what comes after a stage begin? Without a stage: after the first one that is not satisfied. */
export const CanAdvanceRequest = RunRef.extend({
  workflowId: z.int().min(0).optional(),
  sequenceId: z.int().min(0).optional(),
});
export type CanAdvanceRequest = z.infer<typeof CanAdvanceRequest>;

/** status, blockers: everything given must hold. */
export const StatusRequest = z.strictObject({
  projectCode: z.string().optional(),
  processLoad: z.string().optional(),
  processingDate: Day.optional(),
  executionId: z.string().optional(),
  workflowId: z.int().optional(),
  sequenceId: z.int().optional(),
  taskId: z.int().optional(),
  attempt: z.int().optional(),
  /** One row a process and day instead of one a task. */
  summaryMode: z.boolean().optional(),
  /** Every attempt, not only the newest of each task. */
  allAttempts: z.boolean().optional(),
  limit: z.int().min(1).max(10_000).optional(),
});
export type StatusRequest = z.infer<typeof StatusRequest>;
