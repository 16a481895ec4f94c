/** Which run of a process, and of which day, a platform's run belongs to. Pure. */
import type { Process } from "../model/process.ts";
import type { Run } from "../model/run.ts";
import type { StoredStep } from "../model/step.ts";
import { wallTime, zoneOf } from "../util/zone.ts";
import type { MatchedProcess } from "./match.ts";

/** A run of a process. */
export interface ExecutionOf {
  processingDate: string;
  executionId: string;
  /** Somebody else told of it: it was generated, or the platform's run was given its id. */
  told: boolean;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const EXECUTION_NAMES = ["execution_id", "executionId", "ExecutionID"];
const DATE_NAMES = ["processing_date", "processingDate", "ProcessingDate"];

/** The day of a moment in a process's time zone; in UTC where the zone is none. */
export function dayOf(process: Pick<Process, "timezone">, time: string): string {
  const zone = zoneOf(process.timezone) ?? zoneOf("UTC");
  const instant = Date.parse(time);
  return new Date(zone ? wallTime(zone, instant) : instant).toISOString().slice(0, 10);
}

/** A declared value with the references that a run answers by itself filled in; undefined where one remains. */
function filled(value: string, run: Run, taskRunId: string): string | undefined {
  const known: Record<string, string | undefined> = {
    "job.run_id": run.runId,
    "job.id": run.jobId,
    "task.run_id": taskRunId,
    "job.start_time.iso_date": run.startedAt?.slice(0, 10),
  };
  let whole = true;
  const text = value.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_all, name: string) => {
    const found = known[name] ?? run.parameters?.[name.replace(/^job\.parameters\./, "")];
    whole &&= found !== undefined;
    return found ?? "";
  });
  return whole && text !== "" ? text : undefined;
}

/** The first value that the run's parameters, or those of the tasks in question, have by one of some names. */
function told(names: readonly string[], run: Run, matched: MatchedProcess): string | undefined {
  const keys = new Set(matched.tasks.map(({ taskKey }) => taskKey));
  const tasks = run.tasks.filter(({ taskKey }) => keys.has(taskKey));
  const places = [
    { values: run.parameters ?? {}, runId: run.runId },
    ...tasks.map(({ work, runId }) => ({ values: work?.parameters ?? {}, runId })),
  ];
  for (const { values, runId } of places) {
    for (const name of names) {
      const value = values[name];
      const found = value === undefined ? undefined : filled(value, run, runId);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Ids of runs that a collector makes up, told apart from all others by how they begin. */
export function isCollected(executionId: string): boolean {
  return /^(dbx|adf)-/.test(executionId);
}

/** A run of a process that is made of several runs of a platform in a day: none of them knows the others' tasks. */
export function isOfWholeDay({ executionId, processingDate }: Pick<ExecutionOf, "executionId" | "processingDate">) {
  return isCollected(executionId) && executionId.endsWith(`-${processingDate}`);
}

/**
 * Which execution a run belongs to:
 *
 * 1. the one that its parameters name (`execution_id`);
 * 2. the one with a step that says it is this run (`sourceRunId`);
 * 3. the newest that was generated for this day before the run began;
 * 4. its own, `dbx-<run id>` – or, where a run of the process is made of several runs of the platform, `dbx-<day>`.
 *
 * It depends on the run and on what others told, never on what was observed before: runs may be read in any order.
 *
 * @param steps the process's steps of the day
 */
export function executionOf(
  matched: MatchedProcess,
  run: Run,
  prefix: string,
  steps: readonly StoredStep[],
): ExecutionOf {
  const date = told(DATE_NAMES, run, matched);
  const begun = run.startedAt ?? "";
  const processingDate = date !== undefined && DATE.test(date) ? date : dayOf(matched.process, begun);
  const named = told(EXECUTION_NAMES, run, matched);
  if (named !== undefined && named.length <= 128) return { processingDate, executionId: named, told: true };

  const others = steps.filter(({ executionId }) => !isCollected(executionId));
  const ids = new Set([run.runId, ...run.tasks.map(({ runId }) => runId)]);
  const said = others.find(({ sourceRunId }) => sourceRunId !== null && ids.has(sourceRunId));
  const keys = new Set(matched.tasks.map(({ workflowId, taskId }) => `${workflowId}/${taskId}`));
  const waiting = others
    .filter((step) => keys.has(`${step.workflowId}/${step.taskId}`) && (step.queuedAt ?? "~") <= begun)
    .sort((a, b) => b.runNumber - a.runNumber);
  const found = said ?? waiting[0];
  if (found !== undefined) return { processingDate: found.processingDate, executionId: found.executionId, told: true };
  const own = matched.severalJobs ? processingDate : run.runId;
  return { processingDate, executionId: `${prefix}-${own}`, told: false };
}
