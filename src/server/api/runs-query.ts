/** Queries of the runs room: the requests of the model with numbers and flags as text. */
import * as z from "zod";
import { Day, ProcessRef } from "../../model/run-ref.ts";

const number = z.coerce.number().int().min(0).max(2_147_483_647).optional();
const flag = z.stringbool().optional();
const code = z.string().min(1).max(128).optional();
const rows = z.coerce.number().int().min(1).max(10_000).optional();

const Run = ProcessRef.extend({ executionId: z.string().min(1).max(128), processingDate: Day.optional() });

/** GET /runs/pending. */
export const PendingQuery = Run.extend({ workflowId: number, sequenceId: number, all: flag });

/** GET /runs/can-advance. */
export const CanAdvanceQuery = Run.extend({ workflowId: number, sequenceId: number });

/** GET /runs/status and /runs/blockers: everything given must hold. */
export const StatusQuery = z.strictObject({
  projectCode: code,
  processLoad: code,
  processingDate: Day.optional(),
  executionId: code,
  workflowId: number,
  sequenceId: number,
  taskId: number,
  attempt: number,
  summaryMode: flag,
  allAttempts: flag,
  limit: rows,
});

/** GET /runs/watermark. */
export const ParameterQuery = ProcessRef.extend({ parameterName: z.string().min(1).max(128) });

/** GET /runs/watermark/history. */
export const WatermarkHistoryQuery = ProcessRef.extend({ parameterName: code, limit: rows });

/** GET /runs/processes. */
export const ProcessesQuery = z.strictObject({
  projectCode: code,
  processLoad: code,
  processingDate: Day.optional(),
  /** The headgate project that declared them. */
  project: code,
});

/** GET /runs/views/{view}. */
export const ViewQuery = z.strictObject({
  project: code,
  projectCode: code,
  processLoad: code,
  processingDate: Day.optional(),
  /** Both ends included. */
  from: Day.optional(),
  to: Day.optional(),
  executionId: code,
  workflowId: number,
  taskId: number,
  attempt: number,
  limit: rows,
});

/** GET /runs/logs. */
export const LogsQuery = ViewQuery.extend({
  /** Text that a line holds. */
  contains: z.string().max(500).optional(),
});
