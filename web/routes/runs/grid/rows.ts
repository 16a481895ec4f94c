/** The grid as a list of rows: a line of words for each process, below it its tasks or one row of the worst of each day. Pure. */
import type { GridProcess, RunsGridTasksView } from "../../../../src/model/view-runs.ts";
import { keyOf } from "../place.ts";

/** Days of a process or task. */
export interface DaysRow {
  kind: "days";
  key: string;
  process: GridProcess;
  /** Null for the row of the worst task. */
  task: RunsGridTasksView["tasks"][number] | null;
  label: string;
  states: string;
  /** Attempts by place of the day, where there were several. */
  attempts: ReadonlyMap<number, number>;
}

/** A row of the grid. */
export type GridRow =
  | { kind: "process"; key: string; process: GridProcess; open: boolean; runs: boolean }
  | DaysRow
  | { kind: "wait"; key: string; process: GridProcess };

/** Pairs of place and attempts as the API sends them. */
function byPlace(pairs: readonly number[]): Map<number, number> {
  const found = new Map<number, number>();
  for (let at = 0; at + 1 < pairs.length; at += 2) found.set(pairs[at] ?? 0, pairs[at + 1] ?? 1);
  return found;
}

/** Rows drawn for tasks that are on their way. */
const WAITING = 8;

/** Rows in their order. @param tasks of unfolded processes by {@link keyOf}; undefined while they are on their way */
export function rowsOf(
  processes: readonly GridProcess[],
  unfolded: ReadonlySet<string>,
  tasks: ReadonlyMap<string, RunsGridTasksView["tasks"] | undefined>,
): GridRow[] {
  const rows: GridRow[] = [];
  for (const process of processes) {
    const key = keyOf(process);
    const runs = /[^.]/.test(process.states);
    const open = unfolded.has(key) && runs;
    rows.push({ kind: "process", key, process, open, runs });
    if (!runs) continue;
    const found = tasks.get(key);
    if (open && found === undefined) {
      for (let at = 0; at < Math.min(WAITING, Math.max(1, process.tasks)); at += 1)
        rows.push({ kind: "wait", key: `${key}/wait${at}`, process });
      continue;
    }
    if (open && found)
      for (const task of found)
        rows.push({
          kind: "days",
          key: `${key}/${task.workflowId}/${task.taskId}`,
          process,
          task,
          label: task.name,
          states: task.states,
          attempts: byPlace(task.attempts),
        });
    else
      rows.push({
        kind: "days",
        key: `${key}/*`,
        process,
        task: null,
        label: process.tasks === 1 ? "1 task" : `${process.tasks} tasks, worst shown`,
        states: process.states,
        attempts: byPlace(process.attempts),
      });
  }
  return rows;
}

/** What is selected: a row, and on rows of days a day. */
export interface Selection {
  key: string;
  day: string | null;
}

/** As it stands in the URL: `FINANCE/GL_DAILY/1/3@2026-11-20`. */
export function selectionOf(text: string | null): Selection | null {
  if (text === null) return null;
  const at = text.lastIndexOf("@");
  return at === -1 ? { key: text, day: null } : { key: text.slice(0, at), day: text.slice(at + 1) };
}

export const selectionText = ({ key, day }: Selection): string => (day === null ? key : `${key}@${day}`);
