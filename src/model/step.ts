/** A step: one task of a process in one run and attempt, and what is done to it. */
import type { Json, JsonObject } from "../util/json.ts";

/** The four codes of the original framework. */
export type StepStatus = "NQUE" | "RQUE" | "DONE" | "FAIL";

/** What the status does not say: whether it runs. DONE and FAIL are always `ENDED`. */
export type StepPhase = "QUEUED" | "RUNNING" | "ENDED" | "SKIPPED";

/** A run of a process. */
export interface RunKey {
  projectCode: string;
  processLoad: string;
  /** `2026-11-21`. */
  processingDate: string;
  executionId: string;
}

/** A task in a run, over all its attempts. */
export interface StepKey extends RunKey {
  workflowId: number;
  taskId: number;
}

/** What a task looked like when the step was made: later changes of the catalogue do not touch it. */
export interface TaskSnapshot {
  sequenceId: number;
  /** Order of the sequence among all. */
  sortOrder: number;
  sequenceCode: string | null;
  taskName: string | null;
  taskMandatory: boolean;
  sourceSystemCode: string | null;
  expectedSeconds: number | null;
  sourceType: string | null;
  sourceIdentifier: string | null;
  loadFrequency: string | null;
  taskOwner: string | null;
  catalogueVersion: number | null;
  fullFileName: string | null;
  inFilePath: string | null;
  outFilePath: string | null;
}

/** A step as it stands. Times are UTC texts with milliseconds. */
export interface Step extends StepKey, TaskSnapshot {
  /** 0 = first. */
  attempt: number;
  status: StepStatus;
  phase: StepPhase;
  forceSkip: boolean;
  queuedAt: string | null;
  startTime: string | null;
  endTime: string | null;
  durationMs: number | null;
  /** At most 2,000 code points; the whole text is in the event. */
  logMessage: string | null;
  logType: string | null;
  logCode: string | null;
  sourceRunId: string | null;
  sourceUrl: string | null;
  clusterId: string | null;
  /** It ended without a start: the start time is a guess, and no watermark follows from it. */
  startInferred: boolean;
  recoveredFromLost: boolean;
  /** What the task told of itself (`rowsWritten`, …). */
  metrics: JsonObject | null;
}

/** A step as the store holds it. */
export interface StoredStep extends Step {
  /** 1, 2, … among the runs of its process and date, by the order they were first heard of. */
  runNumber: number;
  lastUpdatedOn: string;
  lastUpdatedBy: string;
  /** Grows with each change. */
  version: number;
}

/** The initiation row stands for the run as a whole. */
export const INITIATION = { workflowId: 0, taskId: 0, sequenceId: 0 } as const;

/** Something that is asked of a step, a run or a process. */
export interface Command {
  /** Idempotency key: a repeat is answered with the first answer. */
  eventId: string;
  /** The headgate project it came through. */
  project: string;
  projectCode: string;
  processLoad: string;
  /** Null for what concerns the process as a whole (mode, watermark by hand). */
  processingDate: string | null;
  executionId: string | null;
  /** Null for what concerns the run as a whole (generate, cancel). */
  workflowId: number | null;
  taskId: number | null;
  /** Null = the open one. */
  attempt: number | null;
  /** `GENERATE`, `START`, `HEARTBEAT`, `PROGRESS`, `END`, `FAIL`, `LOST`, `SKIP`, `UNSKIP`, `RESET`, `CANCEL`, `AMEND`, `WATERMARK`, `MODE`, `CONFIG`, … */
  type: string;
  /** The client's time. */
  occurredAt: string;
  actor: string;
  sourceRunId: string | null;
  sourceUrl: string | null;
  /** It waited at the client while we were away: accepted however late. */
  spooled: boolean;
  payload: JsonObject;
}

/** How a command was judged. `replayed`: nothing was left to do. */
export type Verdict = "accepted" | "replayed" | "refused";

/** A command as it is kept. */
export interface RecordedCommand extends Command {
  /** Place in the log, in commit order. */
  seq: number;
  /** The server's time. */
  recordedAt: string;
  verdict: Verdict;
  /** Code of a refusal. */
  code: string | null;
  answer: Json;
}
