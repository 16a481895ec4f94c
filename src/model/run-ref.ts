/** What a call about runs speaks of: a process, a run of it, a task of that run. */
import * as z from "zod";

const code = z.string().min(1).max(128);

/** A calendar day (`2026-11-21`). */
export const Day = z.iso.date();

/** A process. */
export const ProcessRef = z.strictObject({ projectCode: code, processLoad: code });
export type ProcessRef = z.infer<typeof ProcessRef>;

/** A run of a process. Without a date: the process's historic date, else today in its time zone. */
export const RunRef = ProcessRef.extend({ executionId: code, processingDate: Day.optional() });
export type RunRef = z.infer<typeof RunRef>;

/** A task of a run. `attempt` is the open (newest) one when absent; `sequenceId` follows from the task and is only compared. */
export const TaskRef = RunRef.extend({
  workflowId: z.int().min(0),
  taskId: z.int().min(0),
  sequenceId: z.int().min(0).optional(),
  attempt: z.int().min(0).optional(),
});
export type TaskRef = z.infer<typeof TaskRef>;

/** The main load: the pass that is meant where a stage is named without one. */
const FIRST_PASS = 1;

/** A stage as it was named; a sequence alone is one of the main load. */
export function stageOf(workflowId: number | undefined, sequenceId: number | undefined) {
  return { workflowId: workflowId ?? (sequenceId === undefined ? undefined : FIRST_PASS), sequenceId };
}
