/** Watermarks as the page shows them: how far behind, how far usually, and what a rollback would read again. Pure. */
import type { Parameter, ProcessTask } from "../model/process.ts";
import type { WatermarkAnswer, WatermarkHistoryItem } from "../model/run-answer.ts";
import type { RollbackView, WatermarkView } from "../model/view-runs.ts";
import { medianOf } from "./timeline.ts";
import { activeWatermark } from "./watermark.ts";

/** Tasks that read from a watermark and move it. */
function tasksOf(name: string, tasks: readonly ProcessTask[]) {
  return tasks
    .filter((task) => task.sourceSystemCode === name)
    .map(({ workflowId, taskId, name: taskName }) => ({ workflowId, taskId, name: taskName }));
}

/**
 * A watermark with its history.
 * @param history of this watermark, newest first
 * @param now milliseconds since 1970 UTC
 */
export function watermarkView(
  parameter: Parameter,
  tasks: readonly ProcessTask[],
  history: WatermarkHistoryItem[],
  timezone: string,
  now: number,
): WatermarkView {
  const { name, type, description, value, lookbackSeconds } = parameter;
  const isTime = type === "DELTA_DATE";
  // How far behind it was at the moment when a run moved it.
  const lags = history.flatMap(({ cause, at, before }) =>
    isTime && cause === "auto" && before !== null ? [Date.parse(at) - Date.parse(before)] : [],
  );
  return {
    name,
    type,
    description,
    value,
    activeValue: activeWatermark(parameter, timezone, now).activeValue,
    lookbackSeconds,
    lagMs: isTime && value !== null ? now - Date.parse(value) : null,
    usualLagMs: medianOf(lags) ?? null,
    tasks: tasksOf(name, tasks),
    history,
  };
}

/** What a rollback would do. @param history of this watermark, newest first */
export function rollbackView(
  parameter: Pick<Parameter, "name" | "type">,
  answer: WatermarkAnswer,
  beforeSeq: number,
  tasks: readonly ProcessTask[],
  history: readonly WatermarkHistoryItem[],
): RollbackView {
  const { name, before, after, moved, sentence } = answer;
  const span = parameter.type === "DELTA_DATE" && before !== null && after !== null;
  return {
    name,
    before,
    after,
    moved,
    sentence,
    againMs: span ? Date.parse(before) - Date.parse(after) : null,
    undone: history.filter((change) => change.seq >= beforeSeq),
    tasks: tasksOf(name, tasks).map((task) => task.name),
  };
}
