/** The steps of a run in memory, sorted by workflow, task, attempt: found by halving, so that a run may have thousands. */
import type { StoredStep } from "../../../model/step.ts";

/** What tells attempts of one run apart. */
export type AttemptKey = Pick<StoredStep, "workflowId" | "taskId" | "attempt">;

/** Steps in their order. */
export type RunRows = StoredStep[];

/** Order of steps. */
function compare(a: AttemptKey, b: AttemptKey): number {
  return a.workflowId - b.workflowId || a.taskId - b.taskId || a.attempt - b.attempt;
}

/** Place of the first step that is not before the key. */
function placeOf(rows: RunRows, key: AttemptKey): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(rows[middle] as StoredStep, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The step with this key. */
export function findRow(rows: RunRows, key: AttemptKey): StoredStep | undefined {
  const found = rows[placeOf(rows, key)];
  return found && compare(found, key) === 0 ? found : undefined;
}

/** Puts a step in its place. @returns the one that was there */
export function putRow(rows: RunRows, step: StoredStep): StoredStep | undefined {
  const place = placeOf(rows, step);
  const before = rows[place];
  if (before !== undefined && compare(before, step) === 0) {
    rows[place] = step;
    return before;
  }
  if (place === rows.length) rows.push(step);
  else rows.splice(place, 0, step);
  return undefined;
}

/** Takes a step out. */
export function dropRow(rows: RunRows, key: AttemptKey): void {
  const place = placeOf(rows, key);
  const found = rows[place];
  if (found && compare(found, key) === 0) rows.splice(place, 1);
}

/** All attempts of a task, oldest first. */
export function rowsOfTask(rows: RunRows, workflowId: number, taskId: number): StoredStep[] {
  const from = placeOf(rows, { workflowId, taskId, attempt: Number.NEGATIVE_INFINITY });
  return rows.slice(from, placeOf(rows, { workflowId, taskId, attempt: Number.POSITIVE_INFINITY }));
}
