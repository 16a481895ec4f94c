/** Declaring processes, tasks and parameters by calls, and what that did. */
import * as z from "zod";
import { ProcessRef } from "./run-ref.ts";

const text = z.string().min(1).max(2_000);

/** How often something is due: daily, weekly, monthly, yearly, only when asked for. */
export const LoadFrequency = z.enum(["D", "W", "M", "Y", "A"]);
export type LoadFrequency = z.infer<typeof LoadFrequency>;

/** Until when a process is to be complete, in its time zone. */
export const Deadline = z.strictObject({
  by: z.string().regex(/^([01]?\d|2[0-3]):[0-5]\d$/, { error: "expected a time of day, as in 06:30" }),
  /** `business`: Monday to Friday. */
  days: z.enum(["all", "business"]).default("all"),
});
export type Deadline = z.infer<typeof Deadline>;

/** What of a process is declared. */
export const ProcessDetails = z.strictObject({
  name: text.optional(),
  description: text.optional(),
  owner: text.optional(),
  loadFrequency: LoadFrequency.optional(),
  /** IANA name; the project's when absent. */
  timezone: z.string().optional(),
  deadline: Deadline.optional(),
  isActive: z.boolean().optional(),
});
export type ProcessDetails = z.input<typeof ProcessDetails>;

/** What of a task is declared. */
export const TaskDetails = z.strictObject({
  workflowId: z.int().min(0).max(2_147_483_647),
  taskId: z.int().min(0).max(2_147_483_647),
  sequenceId: z.int().min(0).max(2_147_483_647),
  name: text,
  description: text.optional(),
  /** `ADF_PIPELINE`, `DBX_JOB`, `DBX_NOTEBOOK`, `DATAFLOW`, … */
  sourceType: text.optional(),
  /** Pipeline name, job id, notebook path. */
  sourceIdentifier: text.optional(),
  /** Name of the parameter that is its watermark; a full load when absent. */
  sourceSystemCode: text.optional(),
  loadFrequency: LoadFrequency.optional(),
  /** A stage does not advance while it is not done. Default true. */
  mandatory: z.boolean().optional(),
  expectedSeconds: z.number().nonnegative().optional(),
  owner: text.optional(),
  /** `{ rowsWritten: ">= 1" }` */
  expect: z.record(z.string(), text).optional(),
  fileNameMask: text.optional(),
  fileExtension: text.optional(),
  inFilePath: text.optional(),
  outFilePath: text.optional(),
  isActive: z.boolean().optional(),
});
export type TaskDetails = z.infer<typeof TaskDetails>;

/** What of a parameter is declared. Its value counts only the first time: later it is moved, not declared. */
export const ParameterDetails = z.strictObject({
  name: z.string().min(1).max(128),
  type: z.enum(["DELTA_DATE", "DELTA_ID", "FLAG", "SYSTEM"]),
  description: text.optional(),
  /** Subtracted when the watermark is read. */
  lookbackSeconds: z.number().nonnegative().optional(),
  /** A time, digits, `true`/`false`. */
  value: z.string().max(100).nullable().optional(),
});
export type ParameterDetails = z.infer<typeof ParameterDetails>;

/** What of a stage is declared; numbers below 10 are built in. */
export const SequenceDetails = z.strictObject({
  sequenceId: z.int().min(0).max(2_147_483_647),
  sequenceCode: text,
  name: text.optional(),
  description: text.optional(),
  sortOrder: z.int().optional(),
  isActive: z.boolean().optional(),
});
export type SequenceDetails = z.infer<typeof SequenceDetails>;

const insertOnly = z.boolean().optional();

/** POST /runs/processes */
export const RegisterProcessRequest = ProcessRef.extend({ ...ProcessDetails.shape, insertOnly });
export type RegisterProcessRequest = z.input<typeof RegisterProcessRequest>;

/** POST /runs/tasks */
export const RegisterTaskRequest = ProcessRef.extend({ ...TaskDetails.shape, insertOnly });
export type RegisterTaskRequest = z.infer<typeof RegisterTaskRequest>;

/** POST /runs/parameters */
export const RegisterParameterRequest = ProcessRef.extend({ ...ParameterDetails.shape, insertOnly });
export type RegisterParameterRequest = z.infer<typeof RegisterParameterRequest>;

/** What declaring one thing did. */
export const DeclaredItem = z.object({
  /** `CORP/HR_DAILY`, `CORP/HR_DAILY/1/7`, `CORP/HR_DAILY/LoadEmployees`, or the number of a sequence. */
  key: z.string(),
  outcome: z.enum(["created", "updated", "unchanged"]),
  changes: z.array(z.object({ field: z.string(), before: z.json(), after: z.json() })),
});
export type DeclaredItem = z.infer<typeof DeclaredItem>;

/** A process with its tasks and parameters, as a file declares it. */
export interface DeclaredProcess {
  projectCode: string;
  processLoad: string;
  details: ProcessDetails;
  tasks: TaskDetails[];
  parameters: ParameterDetails[];
}
