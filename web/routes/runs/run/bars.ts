/** What is drawn of a task on the axis: what ran, what went over, what is expected. Pure. */
import type { AttemptView, RunTaskView } from "../../../../src/model/view-runs.ts";

/** A piece of a task's line; times in milliseconds since 1970 UTC. */
export interface Bar {
  kind: "ok" | "over" | "run" | "fail" | "lost" | "skip" | "forecast" | "ghost";
  from: number;
  to: number;
}

/** Longer than expected by this share counts as over. */
const TOLERANCE = 1.1;

const KINDS: Partial<Record<AttemptView["state"], Bar["kind"]>> = {
  failed: "fail",
  lost: "lost",
  cancelled: "skip",
  done: "ok",
};

/** The pieces, in the order in which they are drawn. @param now milliseconds */
export function barsOf(task: RunTaskView, now: number): Bar[] {
  const bars: Bar[] = [];
  const latest = task.attempts.at(-1);
  const started = latest?.startedAt ? Date.parse(latest.startedAt) : undefined;
  if (started !== undefined && task.expectedMs !== null)
    bars.push({ kind: "ghost", from: started, to: started + task.expectedMs });
  for (const attempt of task.attempts) {
    if (attempt.startedAt === null) continue;
    const from = Date.parse(attempt.startedAt);
    const to = attempt.endedAt === null ? now : Date.parse(attempt.endedAt);
    const due = task.expectedMs === null ? undefined : from + task.expectedMs;
    const over = due !== undefined && to - from > (due - from) * TOLERANCE;
    if (attempt.state === "running") {
      bars.push({ kind: "run", from, to: Math.max(from, to) });
    } else if (attempt.state === "done" && over && due !== undefined) {
      bars.push({ kind: "ok", from, to: due }, { kind: "over", from: due, to });
    } else {
      bars.push({ kind: KINDS[attempt.state] ?? "skip", from, to });
    }
  }
  if (task.forecast)
    bars.push({ kind: "forecast", from: Date.parse(task.forecast.from), to: Date.parse(task.forecast.to) });
  return bars;
}

/** How long its newest attempt took or has taken; undefined where it has not begun. */
export function lengthOf(task: RunTaskView, now: number): number | undefined {
  const latest = task.attempts.at(-1);
  if (!latest?.startedAt) return undefined;
  return Math.max(0, (latest.endedAt === null ? now : Date.parse(latest.endedAt)) - Date.parse(latest.startedAt));
}

/** By how much a done task took longer than it should; 0 where it did not. */
export function overBy(task: RunTaskView, now: number): number {
  const length = lengthOf(task, now);
  if (length === undefined || task.expectedMs === null || task.state === "waiting") return 0;
  return length > task.expectedMs * TOLERANCE ? length - task.expectedMs : 0;
}
