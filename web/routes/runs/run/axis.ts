/** The time axis of a run: from when to when, where its marks are, where a time lies on it. Pure. */
import type { RunTimelineView } from "../../../../src/model/view-runs.ts";

const MINUTE = 60_000;
/** Distances of marks. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080].map((minutes) => minutes * MINUTE);
const MOST_MARKS = 8;

/** An axis; all times in milliseconds since 1970 UTC. */
export interface Axis {
  from: number;
  to: number;
  marks: number[];
}

/** The axis of everything that happened, is expected, or is due not far from it. @param now milliseconds */
export function axisOf(run: RunTimelineView, now: number): Axis {
  const times: number[] = [];
  const add = (text: string | null) => {
    if (text !== null) times.push(Date.parse(text));
  };
  for (const stage of run.stages)
    for (const task of stage.tasks) {
      for (const attempt of task.attempts) {
        add(attempt.startedAt);
        add(attempt.endedAt);
      }
      add(task.forecast?.from ?? null);
      add(task.forecast?.to ?? null);
    }
  const open = run.stages.some((stage) => stage.tasks.some(({ state }) => state === "running"));
  if (open || times.length === 0) times.push(now);
  const first = Math.min(...times);
  let last = Math.max(...times, first + 10 * MINUTE);
  // A deadline far away would squeeze everything else.
  const due = run.deadlineAt === null ? undefined : Date.parse(run.deadlineAt);
  if (due !== undefined && due > last && due - last < (last - first) / 2) last = due;
  const span = last - first;
  const from = first - span * 0.01;
  // The words of the last lines stand right of them.
  const to = last + span * 0.16;
  const step = STEPS.find((one) => (to - from) / one <= MOST_MARKS) ?? (STEPS.at(-1) as number);
  const marks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) marks.push(at);
  return { from, to, marks };
}

/** Where a time lies, in per cent of the axis. */
export function placeOf(axis: Axis, time: number): number {
  const place = ((time - axis.from) / (axis.to - axis.from)) * 100;
  return Math.round(Math.max(0, Math.min(100, place)) * 100) / 100;
}
