/** The catalogue: processes, their tasks and parameters, and the stages that order them. */
import type { JsonObject } from "../util/json.ts";

/** A stage; tasks of one stage run in parallel. Numbers below 10 are built in. */
export interface Sequence {
  sequenceId: number;
  sequenceCode: string;
  name: string | null;
  description: string | null;
  sortOrder: number;
  isActive: boolean;
}

/** A business load that expects runs. */
export interface Process {
  projectCode: string;
  processLoad: string;
  name: string | null;
  description: string | null;
  owner: string | null;
  /** D W M Y A. */
  loadFrequency: string;
  /** IANA name; dates of the process are days there. */
  timezone: string;
  /** `{ by: "06:30", days: "business" }`. */
  deadline: JsonObject | null;
  isActive: boolean;
}

/** A task that a run of a process is expected to do. */
export interface ProcessTask {
  projectCode: string;
  processLoad: string;
  workflowId: number;
  taskId: number;
  sequenceId: number;
  name: string;
  description: string | null;
  sourceType: string | null;
  sourceIdentifier: string | null;
  /** Name of the parameter that is its watermark; null = full load. */
  sourceSystemCode: string | null;
  loadFrequency: string;
  mandatory: boolean;
  expectedSeconds: number | null;
  owner: string | null;
  /** `{ rowsWritten: ">= 1" }`. */
  expect: JsonObject | null;
  fileNameMask: string | null;
  fileExtension: string | null;
  inFilePath: string | null;
  outFilePath: string | null;
  isActive: boolean;
  /** True for one that was only ever seen running, never declared. */
  discovered: boolean;
}

/** Kinds of parameter. */
export type ParameterType = "DELTA_DATE" | "DELTA_ID" | "FLAG" | "SYSTEM";

/** A parameter's declaration, and the value it starts with (never overwritten by declaring it again). */
export interface Parameter {
  projectCode: string;
  processLoad: string;
  name: string;
  type: ParameterType;
  description: string | null;
  /** Subtracted when the watermark is read. */
  lookbackSeconds: number;
  /** UTC text for DELTA_DATE and SYSTEM, decimal digits for DELTA_ID, `true` or `false` for FLAG; null = bulk, live. */
  value: string | null;
}

/** A change of a watermark. */
export interface WatermarkChange {
  name: string;
  value: string | null;
  cause: "auto" | "manual" | "mode" | "reset" | "rollback" | "import";
  reason: string | null;
}

/** A change as it is kept, for ever. */
export interface WatermarkEvent extends WatermarkChange {
  seq: number;
  projectCode: string;
  processLoad: string;
  before: string | null;
  processingDate: string | null;
  executionId: string | null;
  workflowId: number | null;
  taskId: number | null;
  actor: string;
  at: string;
}

/** What a process is run for: what is new, a past date, or everything. */
export interface ProcessMode {
  mode: "live" | "historic" | "bulk";
  /** Processing date while historic. */
  historicDate: string | null;
  since: string;
  /** Null = until changed. */
  until: string | null;
  actor: string;
  /** Watermarks before bulk mode cleared them, by name. */
  saved: Record<string, string | null> | null;
}
