/** Flags and arguments that several verbs of runs share. */
import { choice, text, time, wholeNumber } from "../values.ts";
import { anyPath, day, processPath, taskPath } from "./reference.ts";
import { metric, seconds } from "./step-flags.ts";

const optional = { kind: "parsed", parse: text, optional: true } as const;
const number = { kind: "parsed", parse: wholeNumber(0), optional: true, placeholder: "N" } as const;

/** Switches that are off unless they are given. */
export const onOff = { kind: "boolean", default: false, withNegated: false } as const;

export const date = {
  kind: "parsed",
  parse: day,
  optional: true,
  placeholder: "DATE",
  brief: "processing date (default: that of the run, else the process's own)",
} as const;
export const execution = {
  ...optional,
  placeholder: "ID",
  brief: "run (default: HEADGATE_EXECUTION, else the newest of the day)",
} as const;
export const attempt = { ...number, brief: "attempt (default: the newest)" } as const;
export const key = { ...optional, placeholder: "KEY", brief: "a repeat with the same key does nothing more" } as const;
export const reason = { kind: "parsed", parse: text, placeholder: "TEXT", brief: "why; kept in the log" } as const;
export const maybeReason = { ...optional, placeholder: "TEXT", brief: "why; kept in the log" } as const;
export const message = {
  ...optional,
  placeholder: "TEXT",
  brief: "message; the first 2,000 characters are shown",
} as const;
export const logCode = { ...optional, placeholder: "CODE", brief: "code of the outcome (TIMEOUT, …)" } as const;
export const runId = { ...optional, placeholder: "ID", brief: "run id of the platform that does the work" } as const;
export const lease = {
  kind: "parsed",
  parse: seconds,
  optional: true,
  placeholder: "DURATION",
  brief: "lost when nothing is heard for so long (default: runs.lease, 5m)",
} as const;
export const metrics = {
  kind: "parsed",
  parse: metric,
  optional: true,
  variadic: true,
  placeholder: "NAME=VALUE",
  brief: "what the task tells of itself, like rowsWritten=42 (repeatable)",
} as const;
export const workflow = { ...number, brief: "only this workflow" } as const;
export const sequence = { ...number, brief: "only this stage, by its number" } as const;
export const until = { kind: "parsed", parse: time, optional: true, placeholder: "T", brief: "ends then" } as const;
export const exitCode = { ...onOff, brief: "end with 2 when there are blockers" } as const;
export const limit = {
  kind: "parsed",
  parse: wholeNumber(1),
  default: "100",
  placeholder: "N",
  brief: "at most so many",
} as const;

/** Flags of a verb about a run. */
export const RUN = { date, execution } as const;
/** Flags of a verb about a task. */
export const STEP = { date, execution, attempt, key } as const;

const process = { brief: "process, like CORP/HR_DAILY", placeholder: "PROJECT/LOAD", parse: processPath } as const;

/** The argument of a verb about a process. */
export const ofProcess = { kind: "tuple", parameters: [process] } as const;
/** The same, where it may be left out. */
export const maybeProcess = { kind: "tuple", parameters: [{ ...process, optional: true }] } as const;
/** The argument of a verb about a task. */
export const ofTask = {
  kind: "tuple",
  parameters: [{ brief: "task, like CORP/HR_DAILY/1/7", placeholder: "PROJECT/LOAD/WORKFLOW/TASK", parse: taskPath }],
} as const;
const any = { brief: "process, or task of it", placeholder: "PROJECT/LOAD[/WORKFLOW/TASK]", parse: anyPath } as const;
/** A process or a task. */
export const ofAny = { kind: "tuple", parameters: [any] } as const;
/** The same, where it may be left out. */
export const maybeAny = { kind: "tuple", parameters: [{ ...any, optional: true }] } as const;

const parameter = { brief: "name of the parameter", placeholder: "NAME", parse: text } as const;
/** A watermark of a process. */
export const ofWatermark = { kind: "tuple", parameters: [process, parameter] } as const;
/** Watermarks of a process, one of them where it is named. */
export const maybeWatermark = { kind: "tuple", parameters: [process, { ...parameter, optional: true }] } as const;
/** A watermark and a value. */
export const watermarkValue = {
  kind: "tuple",
  parameters: [process, parameter, { brief: "a time, digits, or true and false", placeholder: "VALUE", parse: text }],
} as const;
/** The same, where the value may be left out. */
export const watermarkMaybeValue = {
  kind: "tuple",
  parameters: [
    process,
    parameter,
    { brief: "a time, digits, or true and false", placeholder: "VALUE", parse: text, optional: true },
  ],
} as const;

const MODES = ["live", "historic", "bulk"] as const;
/** A process and what it is to be run for. */
export const processAndMode = {
  kind: "tuple",
  parameters: [
    process,
    { brief: "live, historic or bulk (default: show it)", placeholder: "MODE", parse: choice(MODES), optional: true },
  ],
} as const;

const ENDS = ["DONE", "FAIL"] as const;
/** A task and its other end. */
export const taskAndEnd = {
  kind: "tuple",
  parameters: [...ofTask.parameters, { brief: "DONE or FAIL", placeholder: "STATUS", parse: choice(ENDS) }],
} as const;
