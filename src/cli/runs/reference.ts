/** What a verb speaks of: the process or task as it is written on the command line, its day, its run. */
import { HeadgateError } from "../../errors.ts";
import type { ProcessRef, TaskRef } from "../../model/run-ref.ts";
import { isDay, parseProcessPath, parseTaskPath, type TaskPath } from "../../util/task-path.ts";
import type { CliContext } from "../context.ts";
import type { AnyRuns } from "./open-runs.ts";

/** Flags of a run. */
export interface RunFlags {
  date?: string;
  execution?: string;
}

/** Flags of a task. */
export interface StepFlags extends RunFlags {
  attempt?: number;
  key?: string;
}

/** `CORP/HR_DAILY`. @throws HeadgateError `usage` */
export function processPath(input: string): ProcessRef {
  const found = parseProcessPath(input);
  if (found !== undefined) return found;
  const hint =
    parseTaskPath(input) === undefined
      ? "write PROJECT/LOAD, like CORP/HR_DAILY; a / within a code is %2F"
      : "this verb is about a whole process: leave workflow and task out";
  throw new HeadgateError("usage", `"${input}" is no process`, { hint });
}

/** `CORP/HR_DAILY/1/7`. @throws HeadgateError `usage` */
export function taskPath(input: string): TaskPath {
  const found = parseTaskPath(input);
  if (found !== undefined) return found;
  const hint =
    parseProcessPath(input) === undefined
      ? "write PROJECT/LOAD/WORKFLOW/TASK, like CORP/HR_DAILY/1/7; a / within a code is %2F"
      : "workflow and task are missing: write PROJECT/LOAD/WORKFLOW/TASK, like CORP/HR_DAILY/1/7";
  throw new HeadgateError("usage", `"${input}" is no task`, { hint });
}

/** A process, or a task of it. @throws HeadgateError `usage` */
export function anyPath(input: string): ProcessRef | TaskPath {
  return parseProcessPath(input) ?? taskPath(input);
}

/** A calendar day. @throws HeadgateError `usage` */
export function day(input: string): string {
  if (isDay(input)) return input;
  throw new HeadgateError("usage", `"${input}" is no date`, { hint: "write it like 2026-11-21" });
}

/** The run that was named by flag or HEADGATE_EXECUTION. */
export function namedExecution(context: CliContext, flags: RunFlags): string | undefined {
  return flags.execution ?? (context.env.HEADGATE_EXECUTION || undefined);
}

/**
 * The run a verb is about: the one that was named, else the newest of the day.
 * @throws HeadgateError `not_found` where the day has none
 */
export async function runOf(
  context: CliContext,
  runs: AnyRuns,
  process: ProcessRef,
  flags: RunFlags,
): Promise<ProcessRef & { executionId: string; processingDate: string | undefined }> {
  const { projectCode, processLoad } = process;
  const named = namedExecution(context, flags);
  if (named !== undefined) return { projectCode, processLoad, executionId: named, processingDate: flags.date };
  const [found] = await runs.processes({ projectCode, processLoad, processingDate: flags.date });
  if (found?.executionId) {
    return { projectCode, processLoad, executionId: found.executionId, processingDate: found.processingDate };
  }
  const name = `${encodeURIComponent(projectCode)}/${encodeURIComponent(processLoad)}`;
  // An unknown process is told as such, with the nearest name.
  if (found === undefined) await runs.getMode({ projectCode, processLoad });
  throw new HeadgateError("not_found", `${name} has no run on ${found?.processingDate ?? flags.date ?? "this day"}`, {
    hint: `make one with headgate runs generate ${name}, or name one with --execution or HEADGATE_EXECUTION`,
    permanent: true,
  });
}

/** The task a verb is about, in its run. */
export async function stepOf(context: CliContext, runs: AnyRuns, task: TaskPath, flags: StepFlags): Promise<TaskRef> {
  const { workflowId, taskId } = task;
  return { ...(await runOf(context, runs, task, flags)), workflowId, taskId, attempt: flags.attempt };
}

/** The key of a repeat, where one was given. */
export const repeatOf = (flags: StepFlags) => ({ idempotencyKey: flags.key });
