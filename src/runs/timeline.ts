/** One run on a time axis: stages with their tasks and attempts, how long each should take, and when it should be whole. Pure. */

import type { Step } from "../model/step.ts";
import type { RunStageView, RunTaskView, TaskState } from "../model/view-runs.ts";
import type { DayMark } from "../store/runs.ts";
import { utc } from "../util/clock.ts";
import { blockReason, type Stage, stagesOf } from "./stage.ts";
import { taskKey } from "./transition/steps.ts";

/** How long tasks took in former runs. Milliseconds. */
export type Usual = ReadonlyMap<string, { medianMs: number; runs: number }>;

/** The middle value; of an even number the lower one. */
export function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 2) - 1];
}

/** The median of what each task took where it was done. @param besides the day that is looked at: it is no former one */
export function usualOf(marks: readonly DayMark[], besides: string): Usual {
  const taken = new Map<string, number[]>();
  for (const mark of marks) {
    if (mark.processingDate === besides || mark.status !== "DONE" || mark.startMs === null || mark.endMs === null)
      continue;
    const key = taskKey(mark);
    taken.set(key, [...(taken.get(key) ?? []), mark.endMs - mark.startMs]);
  }
  return new Map([...taken].map(([key, all]) => [key, { medianMs: medianOf(all) ?? 0, runs: all.length }]));
}

/** State of an attempt. */
export function stateOf(step: Pick<Step, "status" | "phase" | "logCode">): TaskState {
  if (step.status === "FAIL")
    return step.logCode === "LOST" ? "lost" : step.logCode === "CANCELLED" ? "cancelled" : "failed";
  if (step.phase === "SKIPPED") return "skipped";
  if (step.status === "DONE") return "done";
  return step.phase === "RUNNING" ? "running" : "waiting";
}

function expected(step: Step, usual: Usual): { expectedMs: number | null; expectedOf: number } {
  if (step.expectedSeconds !== null) return { expectedMs: step.expectedSeconds * 1_000, expectedOf: 0 };
  const former = usual.get(taskKey(step));
  return former ? { expectedMs: former.medianMs, expectedOf: former.runs } : { expectedMs: null, expectedOf: 0 };
}

/** Where the stages before have come to. */
interface Front {
  /** Milliseconds since 1970 UTC; undefined where something stands still. */
  at: number | undefined;
  unknown: number;
}

/** From when to when a task that is open should run. */
function forecastOf(step: Step, expectedMs: number | null, front: Front, now: number) {
  if (step.phase === "RUNNING" && step.startTime !== null) {
    const end = Math.max(now, Date.parse(step.startTime) + (expectedMs ?? 0));
    return { from: now, to: end };
  }
  if (step.phase !== "QUEUED" || step.status === "FAIL" || front.at === undefined) return undefined;
  const from = Math.max(now, front.at);
  return { from, to: from + (expectedMs ?? 0) };
}

function taskOf(step: Step, attempts: readonly Step[], usual: Usual, front: Front, now: number): RunTaskView {
  const { expectedMs, expectedOf } = expected(step, usual);
  const forecast = forecastOf(step, expectedMs, front, now);
  return {
    workflowId: step.workflowId,
    taskId: step.taskId,
    name: step.taskName ?? `Task ${taskKey(step)}`,
    mandatory: step.taskMandatory,
    state: stateOf(step),
    expectedMs,
    expectedOf,
    forecast: forecast === undefined ? null : { from: utc(forecast.from), to: utc(forecast.to) },
    attempts: attempts.map((one) => ({
      attempt: one.attempt,
      state: stateOf(one),
      queuedAt: one.queuedAt,
      startedAt: one.startTime,
      endedAt: one.endTime,
      message: one.logMessage,
      code: one.logCode,
      sourceRunId: one.sourceRunId,
      url: one.sourceUrl,
      clusterId: one.clusterId,
      startInferred: one.startInferred,
    })),
    metrics: step.metrics ?? attempts.findLast((one) => one.metrics !== null)?.metrics ?? null,
    sourceType: step.sourceType,
    sourceIdentifier: step.sourceIdentifier,
    watermark: step.sourceSystemCode,
    file: step.fullFileName,
  };
}

/** Stages by what they are called: `Load transactions`. */
export type StageNames = ReadonlyMap<number, string>;

const nameOf = (stage: Stage, names: StageNames): string =>
  names.get(stage.sequenceId) ?? stage.sequenceCode ?? `Stage ${stage.sequenceId}`;

/** What {@link timelineOf} finds. */
export interface Timeline {
  stages: RunStageView[];
  /** UTC texts. */
  startedAt: string | null;
  endedAt: string | null;
  readyAt: string | null;
  /** Mandatory tasks that are open, of which nobody knows how long they take. */
  unknown: number;
}

/**
 * The lanes of a run, and its forecast: a stage begins when every mandatory task before it has ended, and each task takes
 * as long as it is expected to.
 * @param now milliseconds since 1970 UTC
 */
export function timelineOf(steps: readonly Step[], usual: Usual, names: StageNames, now: number): Timeline {
  const attempts = new Map<string, Step[]>();
  for (const step of [...steps].sort((a, b) => a.attempt - b.attempt))
    attempts.set(taskKey(step), [...(attempts.get(taskKey(step)) ?? []), step]);
  let front: Front = { at: now, unknown: 0 };
  const stages = stagesOf(steps).map((stage): RunStageView => {
    const before = front;
    const tasks = stage.tasks.map((step) => taskOf(step, attempts.get(taskKey(step)) ?? [step], usual, before, now));
    front = after(stage, tasks, before);
    return { workflowId: stage.workflowId, sequenceId: stage.sequenceId, name: nameOf(stage, names), tasks };
  });
  const latest = stages.flatMap((stage) => stage.tasks);
  const all = latest.flatMap((task) => task.attempts);
  const started = all.flatMap((one) => one.startedAt ?? []).sort();
  const ended = all.flatMap((one) => one.endedAt ?? []).sort();
  const open = latest.some((task) => task.state === "running" || task.state === "waiting");
  return {
    stages,
    startedAt: started[0] ?? null,
    endedAt: open ? null : (ended.at(-1) ?? null),
    readyAt: open && front.at !== undefined ? utc(front.at) : null,
    unknown: front.unknown,
  };
}

/** True where nobody knows when an open task ends: how long it takes is unknown, or it has taken longer already. */
function isGuess(task: RunTaskView): boolean {
  if (task.forecast === null || !task.mandatory) return false;
  return task.expectedMs === null || (task.state === "running" && task.forecast.from === task.forecast.to);
}

/** Where a stage leads to: the end of its last mandatory task, or nowhere once one of them stands still. */
function after(stage: Stage, tasks: readonly RunTaskView[], before: Front): Front {
  const { at } = before;
  const unknown = before.unknown + tasks.filter(isGuess).length;
  const stands = stage.tasks.some((step) => {
    const reason = step.taskMandatory ? blockReason(step) : undefined;
    return reason === "FAILED" || reason === "LOST";
  });
  if (at === undefined || stands) return { at: undefined, unknown };
  const ends = tasks
    .filter((task) => task.mandatory)
    .flatMap((task) => (task.forecast ? [Date.parse(task.forecast.to)] : []));
  return { at: Math.max(at, ...ends), unknown };
}
