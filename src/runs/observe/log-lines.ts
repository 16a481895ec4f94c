/** Lines of ETLsysLogs that a platform's run amounts to: what began and what ended, of the run and of its tasks. Pure. */
import type { Run, RunState, TaskRun } from "../../model/run.ts";
import type { SysLogLine } from "../../store/runs.ts";
import { formatDuration } from "../../util/duration.ts";
import type { MatchedProcess } from "../match.ts";
import type { ExecutionOf } from "../match-execution.ts";
import { factId } from "./observations.ts";

/** Levels of the original: 0 DEBUG, 1 INFO, 2 WARN, 3 ERROR. */
const LEVELS: Partial<Record<RunState, number>> = { failed: 3, cancelled: 2, skipped: 2 };

const WORDS: Partial<Record<RunState, string>> = { done: "done", failed: "failed", cancelled: "cancelled" };

/** What of a run or task run a line needs. */
type Part = Pick<TaskRun, "runId" | "state" | "startedAt" | "endedAt" | "message" | "code" | "result" | "url">;

/**
 * The lines that hold for good: each fact has the same key and text in every later reading of the run, so that reading
 * it again adds only what is new.
 */
export function logLinesOf(
  run: Run,
  matched: MatchedProcess,
  { processingDate, executionId }: ExecutionOf,
  sourceType: string,
): SysLogLine[] {
  const { projectCode, processLoad } = matched.process;
  const lineOf = (
    runId: string,
    activityName: string | null,
    level: number,
    logTime: string,
    message: string,
  ): SysLogLine => {
    const line: Omit<SysLogLine, "key"> = {
      processingDate,
      projectCode,
      processLoad,
      sourceType,
      runId,
      executionId,
      correlationId: run.runId,
      pipelineName: run.name,
      activityName,
      operationName: activityName === null ? "PipelineRun" : "ActivityRun",
      level,
      logTime,
      message,
    };
    return { key: `${sourceType}:${factId(line)}`, ...line };
  };
  const linesOf = (part: Part, activityName: string | null, name: string, how: string): SysLogLine[] => {
    const lines: SysLogLine[] = [];
    const { state, startedAt, endedAt } = part;
    const reason = part.message === undefined ? "" : `: ${part.message}`;
    if (state === "skipped") {
      const level = part.result === "EXCLUDED" || part.result === "DISABLED" ? 1 : (LEVELS.skipped ?? 1);
      const why = part.result ?? part.code;
      lines.push(
        lineOf(
          part.runId,
          activityName,
          level,
          endedAt ?? startedAt ?? run.startedAt ?? "",
          `${name} did not run${why === undefined ? "" : ` (${why})`}${reason}`,
        ),
      );
      return lines;
    }
    const began = state === "running" || WORDS[state] !== undefined;
    if (began && startedAt !== undefined) {
      lines.push(lineOf(part.runId, activityName, 1, startedAt, `${name} started${how}`));
    }
    if (WORDS[state] !== undefined && endedAt !== undefined) {
      const took =
        startedAt === undefined ? "" : ` after ${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}`;
      const why = state === "done" ? "" : `${part.code === undefined ? "" : ` (${part.code})`}${reason}`;
      lines.push(lineOf(part.runId, activityName, LEVELS[state] ?? 1, endedAt, `${name} ${WORDS[state]}${took}${why}`));
    }
    return lines;
  };
  const how = run.trigger === undefined ? "" : ` (${run.trigger})`;
  const own: Part = { ...run, result: undefined };
  return [
    ...linesOf(own, null, run.name, how),
    ...run.tasks.flatMap((task) => {
      const again = task.attempt > 0 ? `, attempt ${task.attempt}` : "";
      return linesOf(task, task.taskKey, `${task.taskKey}${again}`, "");
    }),
  ];
}
